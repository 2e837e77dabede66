import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';

/** What a validated object says: without the members that are null, empty or left out. It came as JSON, and still is. */
export function givenMembers(output: Readonly<Record<string, unknown>>): JsonObject {
  const said: JsonObject = {};
  for (const [key, value] of Object.entries(output))
    if (isJson(value) && value !== null && value !== '') said[key] = value;
  return said;
}

function isJson(value: unknown): value is Json {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return true;
  if (Array.isArray(value)) return value.every(isJson);
  return isJsonObject(value) && Object.values(value).every((member) => member === undefined || isJson(member));
}
