import type { Context } from 'hono';
import { ServiceError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { Runtime } from './client.ts';

/** Bytes of a request's body. */
const MAX_BYTES = 8 * 1024 * 1024;
/** Levels of nested JSON. */
const MAX_DEPTH = 64;

/** The body of a request as JSON whatever its Content-Type; `undefined` when there is none. */
export async function readJson(c: Context, { body }: Pick<Runtime, 'body'>): Promise<Json | undefined> {
  // What says that it is too large need not come first.
  if (Number(c.req.header('content-length') ?? 0) > MAX_BYTES) throw tooLarge();
  const text = decode(await readBytes(body(c)));
  if (text.trim() === '') return undefined;
  let value: Json;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ServiceError('invalid', 'body: no valid JSON');
  }
  checkValue(value, 'body', MAX_DEPTH);
  return value;
}

async function readBytes(body: ReadableStream<Uint8Array> | null): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body ?? []) {
      size += chunk.byteLength;
      if (size > MAX_BYTES) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    throw new ServiceError('invalid', 'body: broke off', { cause: error });
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

function tooLarge(): ServiceError {
  return new ServiceError('too_large', `body: more than ${MAX_BYTES} bytes`);
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ServiceError('invalid', 'body: no valid UTF-8');
  }
}

/** Refuses what the database or a script could not hold: NUL, lone surrogates, numbers beyond a double, deep nesting. */
function checkValue(value: Json, path: string, depth: number): void {
  if (typeof value === 'string') checkText(value, path);
  else if (typeof value === 'number' && !Number.isFinite(value))
    throw new ServiceError('invalid', `${path}: a number out of range`);
  if (typeof value !== 'object' || value === null) return;
  if (depth === 0) throw new ServiceError('invalid', `body: nested more than ${MAX_DEPTH} levels deep`);
  if (Array.isArray(value)) {
    value.forEach((item, at) => {
      checkValue(item, `${path}[${at}]`, depth - 1);
    });
    return;
  }
  for (const [key, member] of Object.entries(value)) {
    checkText(key, path);
    checkValue(member, `${path}.${key.slice(0, 64)}`, depth - 1);
  }
}

function checkText(text: string, path: string): void {
  if (text.includes('\0')) throw new ServiceError('invalid', `${path}: a NUL at offset ${text.indexOf('\0')}`);
  if (!text.isWellFormed()) throw new ServiceError('invalid', `${path}: a lone surrogate`);
}
