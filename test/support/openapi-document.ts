import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { load } from 'js-yaml';
import { isJsonObject } from '../../src/core/json.ts';
import json from '../../src/http/assets/openapi.json' with { type: 'json' };

/** A pointer into the document, of keys that are not escaped. */
export type Pointer = readonly (string | number)[];

const ajv = new Ajv2020({ strict: true, strictTypes: false });
// The parts of the document around its schemas.
ajv.addVocabulary(Object.keys(json));
ajv.addSchema(json, 'document');
const compiled = new Map<string, ValidateFunction>();

/** What stands at a place of the document; `undefined` when there is nothing. */
export function at(pointer: Pointer): unknown {
  let value: unknown = json;
  for (const key of pointer) {
    if (Array.isArray(value)) value = value[Number(key)];
    else value = isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }
  return value;
}

/** The place that a place stands for: itself, or the one that it refers to. */
export function resolve(pointer: Pointer): Pointer {
  const value = at(pointer);
  if (!isJsonObject(value) || typeof value.$ref !== 'string') return pointer;
  return resolve(value.$ref.split('/').slice(1).map(decoded));
}

/** What is wrong with a value by the schema at a place; `undefined` when it fits. */
export function misfit(schema: Pointer, value: unknown): string | undefined {
  const $ref = `document#/${schema.map(encoded).join('/')}`;
  const validate = compiled.get($ref) ?? ajv.compile({ $ref });
  compiled.set($ref, validate);
  return validate(value) ? undefined : ajv.errorsText(validate.errors, { dataVar: 'body' });
}

/** The value that a body of a media type is. */
export function bodyValue(type: string, text: string): unknown {
  if (/[/+]json$/.test(type)) return JSON.parse(text);
  return type === 'text/yaml' ? load(text) : text;
}

function encoded(key: string | number): string {
  return encodeURIComponent(String(key).replaceAll('~', '~0').replaceAll('/', '~1'));
}

function decoded(key: string): string {
  return decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~');
}
