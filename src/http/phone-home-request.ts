import type { Context } from 'hono';
import * as v from 'valibot';
import { ServiceError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import { PHONE_HOME_FIELDS, type PhoneHome } from '../core/phone-home.ts';
import { type BodyRuntime, checkValue, parseJson, readText } from './body.ts';
import { jsonObject } from './json-object.ts';
import { validate } from './validate.ts';

/** Bytes of a report: a few keys and names. It is kept for each node, and anybody may send one. */
const MAX_BYTES = 64 * 1024;
/** Parts of a form. Node takes seconds to read one of many thousands. */
const MAX_PARTS = 100;

const FIELDS = [...PHONE_HOME_FIELDS, 'pub_key_ed25519'] as const;

/** What a node reports: JSON, or the form that cloud-init sends. Members that are not known are ignored. */
export const phoneHomeSchema = jsonObject(v.entriesFromList(FIELDS, v.nullish(v.string('must be a text'))));

/** Reads a report. Throws `invalid` for a body that says nothing of what a node reports. */
export async function readPhoneHome(c: Context, runtime: BodyRuntime): Promise<Partial<PhoneHome>> {
  const body = await readBody(c, runtime);
  const said = Object.entries(validate(phoneHomeSchema, body)).filter(([, value]) => typeof value === 'string');
  if (said.length === 0) throw new ServiceError('invalid', `body: says nothing of ${FIELDS.join(', ')}`);
  return Object.fromEntries(said);
}

async function readBody(c: Context, runtime: BodyRuntime): Promise<Json> {
  const text = await readText(c, runtime, MAX_BYTES);
  if (/^\s*[[{"]/.test(text)) return parseJson(text);
  if (text.split('&', MAX_PARTS + 1).length > MAX_PARTS) {
    throw new ServiceError('invalid', `body: a form of more than ${MAX_PARTS} parts`);
  }
  const type = c.req.header('content-type') ?? '';
  const form = type.startsWith('multipart/form-data') ? await parts(text, type) : new URLSearchParams(text);
  const said: Json = {};
  for (const [key, value] of form) if (typeof value === 'string') said[key] = value;
  checkValue(said, 'body');
  return said;
}

async function parts(text: string, type: string): Promise<FormData> {
  try {
    return await new Response(text, { headers: { 'Content-Type': type } }).formData();
  } catch (error) {
    throw new ServiceError('invalid', 'body: no valid form', { cause: error });
  }
}
