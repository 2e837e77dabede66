import { isJsonObject, type Json, type JsonObject } from '../json.ts';

/*
 * Members of documents, whose other members may be anything. What is of another type than it should be is as good as
 * missing.
 */

/** A text that is not empty. */
export function textOf(document: JsonObject, key: string): string | undefined {
  const value = document[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The objects of a list. */
export function objectsOf(document: JsonObject, key: string): JsonObject[] {
  return listOf(document[key]).filter(isJsonObject);
}

/** The texts of a list. */
export function textsOf(document: JsonObject, key: string): string[] {
  return listOf(document[key]).filter((value) => typeof value === 'string');
}

/** An object; empty when there is none. */
export function objectOf(document: JsonObject, key: string): JsonObject {
  const value = document[key];
  return isJsonObject(value) ? value : {};
}

/** The members that are not null, nor left out. */
export function saidOf(members: { readonly [key: string]: Json | undefined }): JsonObject {
  const said: JsonObject = {};
  for (const [key, value] of Object.entries(members)) if (value !== undefined && value !== null) said[key] = value;
  return said;
}

function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}
