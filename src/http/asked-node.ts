import type { NodeKey } from '../core/component.ts';
import { ServiceError } from '../core/errors.ts';
import { parseHostname } from '../core/identifiers/hostname.ts';
import { parseTag, type Tag } from '../core/identifiers/tag.ts';
import { parseXname } from '../core/identifiers/xname.ts';
import { firstValue, queryMac, queryNid } from './query.ts';

/** Who asks for a script; `tag` when the name may be one. */
export type AskedNode = { readonly key: NodeKey; readonly tag: Tag | undefined };

/** `mac`, else `name`, else `nid`: the first that is there. */
export function askedNode(query: URLSearchParams): AskedNode {
  const mac = firstValue(query, 'mac');
  if (mac !== undefined) return { key: { kind: 'mac', mac: queryMac(mac) }, tag: undefined };
  const name = firstValue(query, 'name');
  if (name !== undefined) return askedByName(name);
  const nid = firstValue(query, 'nid');
  if (nid !== undefined) return { key: { kind: 'nid', nid: queryNid(nid) }, tag: undefined };
  throw new ServiceError('invalid', 'one of mac, name and nid is needed');
}

function askedByName(name: string): AskedNode {
  const xname = parseXname(name);
  if (xname !== undefined) return { key: { kind: 'xname', xname }, tag: undefined };
  const hostname = parseHostname(name);
  if (hostname === undefined) throw new ServiceError('invalid', 'name: must be an xname or a host name');
  return { key: { kind: 'hostname', hostname }, tag: parseTag(name) };
}

/** The identifier that was asked by, for the log. */
export function describeKey(key: NodeKey): string {
  switch (key.kind) {
    case 'mac':
      return key.mac;
    case 'xname':
      return key.xname;
    case 'hostname':
      return key.hostname;
    case 'nid':
      return `nid ${key.nid}`;
  }
}
