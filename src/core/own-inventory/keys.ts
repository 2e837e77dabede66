import { parseAddress } from '../identifiers/address.ts';
import { parseHostname } from '../identifiers/hostname.ts';
import { parseInventoryMac } from '../identifiers/mac.ts';
import { nidOf } from '../identifiers/nid.ts';
import { parseTag, roleTags } from '../identifiers/tag.ts';
import { parseXname, type Xname } from '../identifiers/xname.ts';
import type { JsonObject } from '../json.ts';
import type { Entry, EntryKeys, EntryKind } from './entry.ts';
import { objectOf, objectsOf, textOf, textsOf } from './members.ts';

const NO_KEYS: EntryKeys = { xnames: [], macs: [], addresses: [], nids: [], hostnames: [], names: [] };

/** An entry with the keys that its document speaks of. */
export function entryOf(kind: EntryKind, id: string, document: JsonObject): Entry {
  return { kind, id, document, keys: { ...NO_KEYS, ...keysOf(kind, document) } };
}

function keysOf(kind: EntryKind, document: JsonObject): Partial<EntryKeys> {
  switch (kind) {
    case 'component':
      return { xnames: nodesOf([textOf(document, 'ID')]), ...componentKeys(document) };
    case 'interface':
      return {
        xnames: nodesOf([textOf(document, 'ComponentID')]),
        macs: macsOf([textOf(document, 'MACAddress')]),
        addresses: distinct(objectsOf(document, 'IPAddresses'), (one) => parseAddress(textOf(one, 'IPAddress') ?? '')),
      };
    case 'component endpoint':
      return { xnames: nodesOf([textOf(document, 'ID')]), ...endpointKeys(document) };
    case 'group':
      return {
        xnames: nodesOf(textsOf(objectOf(document, 'members'), 'ids')),
        names: distinct([textOf(document, 'label')], (label) => parseTag(label ?? '')),
      };
    case 'redfish endpoint':
      return {};
  }
}

function componentKeys(document: JsonObject): Pick<EntryKeys, 'nids' | 'names'> {
  const { NID } = document;
  const [role, subRole] = [textOf(document, 'Role'), textOf(document, 'SubRole')];
  return {
    // 0 stands for none.
    nids: distinct([NID], (nid) => (typeof nid === 'number' ? nidOf(nid) : undefined) || undefined),
    names: [...new Set([...roleTags(role, subRole), ...distinct([subRole ?? ''], parseTag)])],
  };
}

function endpointKeys(document: JsonObject): Pick<EntryKeys, 'macs' | 'hostnames'> {
  const nics = objectsOf(objectOf(document, 'RedfishSystemInfo'), 'EthernetNICInfo');
  const hostname = textOf(document, 'FQDN');
  return {
    macs: macsOf([...nics.map((nic) => textOf(nic, 'MACAddress')), textOf(document, 'MACAddr')]),
    hostnames: distinct(hostname === undefined ? [] : [hostname, hostname.split('.')[0] ?? ''], parseHostname),
  };
}

function nodesOf(ids: readonly (string | undefined)[]): Xname[] {
  return distinct(ids, (id) => parseXname(id ?? ''));
}

function macsOf(texts: readonly (string | undefined)[]): EntryKeys['macs'] {
  return distinct(texts, (text) => parseInventoryMac(text ?? ''));
}

function distinct<Raw, T>(raw: readonly Raw[], parse: (one: Raw) => T | undefined): T[] {
  return [...new Set(raw.flatMap((one) => parse(one) ?? []))];
}
