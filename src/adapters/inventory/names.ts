import { type AddressKey, type Component, identifiersOf, type NodeKey } from '../../core/component.ts';
import { parseHostname } from '../../core/identifiers/hostname.ts';
import { keysOf } from '../../core/target.ts';

/** All that a component may be asked for by. */
export function everyKeyOf(component: Component): (NodeKey | AddressKey)[] {
  const { fqdn, addresses } = component;
  const label = parseHostname(fqdn?.split('.')[0] ?? '');
  return [
    ...keysOf(identifiersOf(component)),
    ...addresses.map((address): AddressKey => ({ kind: 'address', address })),
    ...[fqdn, label].flatMap((hostname): NodeKey[] => (hostname === undefined ? [] : [{ kind: 'hostname', hostname }])),
  ];
}

/** One text for each identifier or address. It may stand in the path of a URL. */
export function nameOf(key: NodeKey | AddressKey): string {
  const value = Object.entries(key).find(([member]) => member !== 'kind')?.[1];
  return `${key.kind}/${encodeURIComponent(String(value))}`;
}
