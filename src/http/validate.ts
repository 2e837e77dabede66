import * as v from 'valibot';
import { ServiceError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';

/** So much of a path is said in a problem. */
const MAX_PATH = 128;

/** Parses a body by its schema; the problem names the field and the reason and does not repeat the input. */
export function validate<Schema extends v.GenericSchema>(
  schema: Schema,
  body: Json | undefined,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, body, { abortEarly: true, abortPipeEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new ServiceError('invalid', `${pathOf(issue.path)}: ${issue.message}`);
}

function pathOf(path: readonly { readonly key?: unknown }[] | undefined): string {
  if (path === undefined) return 'body';
  const text = path.map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return text.replace(/^\./, '').slice(0, MAX_PATH);
}
