import { ServiceError } from '../core/errors.ts';
import { isJsonObject, type Json } from '../core/json.ts';

/** So many identifiers a request may name, of all kinds together, in its query and its body. */
export const MAX_IDENTIFIERS = 100_000;

const LISTS = ['hosts', 'macs', 'nids'] as const;

/**
 * Refuses a body that names too many, before any of them is looked at; `inQuery` more are named in the query. Answers how
 * many there are.
 */
export function limitIdentifiers(body: Json | undefined, inQuery = 0): number {
  const counts = LISTS.map((list): [string, number] => [list, lengthOf(isJsonObject(body) ? body[list] : undefined)]);
  const count = counts.reduce((sum, [, length]) => sum + length, inQuery);
  if (count <= MAX_IDENTIFIERS) return count;
  const fields = counts.flatMap(([list, length]) => (length > 0 ? list : [])).join(', ');
  throw new ServiceError('invalid', `${fields || 'name, mac, nid'}: must hold at most ${MAX_IDENTIFIERS} together`);
}

function lengthOf(value: Json | undefined): number {
  return Array.isArray(value) ? value.length : 0;
}
