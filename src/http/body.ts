import type { Context } from 'hono';
import { ServiceError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import { checkBounds } from './json-bounds.ts';
import type { Runtime } from './runtime.ts';

/** Bytes of a request's body. */
const MAX_BYTES = 8 * 1024 * 1024;
/** To parse and keep a body from this size on holds others up: such requests take turns. */
const LARGE = 256 * 1024;
/** Bytes of large bodies that may be on their way in at once, over all requests. */
const MAX_LARGE_BYTES = 64 * 1024 * 1024;
let largeBytes = 0;
/** A body up to this size is read to its end all the same: who is still sending may not see an answer. */
const MAX_READ = 2 * MAX_BYTES;

export type BodyRuntime = Pick<Runtime, 'body' | 'turn'>;

/** The body of a request as JSON whatever its Content-Type; `undefined` when there is none. */
export async function readJson(c: Context, runtime: BodyRuntime): Promise<Json | undefined> {
  const text = await readText(c, runtime);
  return text.trim() === '' ? undefined : parseJson(text);
}

/** The body of a request as text. Throws `too_large`, and `invalid` for what is no UTF-8. */
export async function readText(c: Context, { body, turn }: BodyRuntime, maxBytes = MAX_BYTES): Promise<string> {
  // What says that it is far too large need not come first.
  if (Number(c.req.header('content-length') ?? 0) > MAX_READ) throw tooLarge(maxBytes);
  const bytes = await readBytes(body(c), maxBytes);
  // Only now: who sends slowly keeps nobody waiting.
  if (bytes.byteLength > LARGE) await turn(c);
  return decode(bytes);
}

/** A text as JSON that the service can keep. Throws `invalid` for all else. */
export function parseJson(text: string): Json {
  checkBounds(text);
  let value: Json;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ServiceError('invalid', 'body: no valid JSON');
  }
  checkValue(value, 'body');
  return value;
}

async function readBytes(body: ReadableStream<Uint8Array> | null, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let held = 0;
  try {
    for await (const chunk of body ?? []) {
      size += chunk.byteLength;
      if (size > MAX_READ) throw tooLarge(maxBytes);
      if (size > maxBytes) {
        chunks.length = 0;
        continue;
      }
      chunks.push(chunk);
      if (size <= LARGE) continue;
      largeBytes += chunk.byteLength;
      held += chunk.byteLength;
      if (largeBytes > MAX_LARGE_BYTES) throw new ServiceError('unavailable', 'too many large requests at once');
    }
    if (size > maxBytes) throw tooLarge(maxBytes);
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    throw new ServiceError('invalid', 'body: broke off', { cause: error });
  } finally {
    largeBytes -= held;
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

function tooLarge(maxBytes: number): ServiceError {
  return new ServiceError('too_large', `body: more than ${maxBytes} bytes`);
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ServiceError('invalid', 'body: no valid UTF-8');
  }
}

/** Refuses what the database or a script could not hold: NUL, lone surrogates, numbers beyond a double. */
export function checkValue(value: Json, path: string): void {
  if (typeof value === 'string') checkText(value, path);
  else if (typeof value === 'number' && !Number.isFinite(value))
    throw new ServiceError('invalid', `${path}: a number out of range`);
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    value.forEach((item, at) => {
      checkValue(item, `${path}[${at}]`);
    });
    return;
  }
  for (const [key, member] of Object.entries(value)) {
    checkText(key, path);
    checkValue(member, `${path}.${key.slice(0, 64)}`);
  }
}

function checkText(text: string, path: string): void {
  if (text.includes('\0')) throw new ServiceError('invalid', `${path}: a NUL at offset ${text.indexOf('\0')}`);
  if (!text.isWellFormed()) throw new ServiceError('invalid', `${path}: a lone surrogate`);
}
