import type { NodeKey } from '../core/component.ts';
import { parseHostname } from '../core/identifiers/hostname.ts';
import { parseMac } from '../core/identifiers/mac.ts';
import { parseXname } from '../core/identifiers/xname.ts';
import { queryNid, values } from './query.ts';

/** The nodes that a query names by `name`, `mac` and `nid`; `undefined` when it has none of these. What is malformed names nobody, but a NID must be one. */
export function hostFilter(query: URLSearchParams): NodeKey[] | undefined {
  if (!['name', 'mac', 'nid'].some((key) => query.has(key))) return undefined;
  return [
    ...values(query, 'name').flatMap(keyOfName),
    ...values(query, 'mac').flatMap((text): NodeKey[] => {
      const mac = parseMac(text);
      return mac === undefined ? [] : [{ kind: 'mac', mac }];
    }),
    ...values(query, 'nid').map((text): NodeKey => ({ kind: 'nid', nid: queryNid(text) })),
  ];
}

function keyOfName(name: string): NodeKey[] {
  const xname = parseXname(name);
  if (xname !== undefined) return [{ kind: 'xname', xname }];
  const hostname = parseHostname(name);
  return hostname === undefined ? [] : [{ kind: 'hostname', hostname }];
}
