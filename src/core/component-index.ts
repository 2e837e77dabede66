import { type AddressKey, type Component, identifiersOf, type NodeKey } from './component.ts';
import { keysOf } from './target.ts';

/** Components by every identifier that they may be asked for by. */
export type ComponentIndex = {
  readonly all: readonly Component[];
  find(key: NodeKey | AddressKey): Component | undefined;
};

/** Indexes components in memory. Of two that claim one identifier the first counts. */
export function indexComponents(components: readonly Component[]): ComponentIndex {
  const byIdentifier = new Map<string | number, Component>();
  // Apart, since an address is a host name too by its looks.
  const byHostname = new Map<string, Component>();
  const add = <Key>(index: Map<Key, Component>, key: Key | undefined, component: Component): void => {
    if (key !== undefined && !index.has(key)) index.set(key, component);
  };
  for (const component of components) {
    add(byIdentifier, component.xname, component);
    add(byIdentifier, component.nid, component);
    for (const mac of component.macs) add(byIdentifier, mac, component);
    for (const address of component.addresses) add(byIdentifier, address, component);
    add(byHostname, component.fqdn, component);
    add(byHostname, component.fqdn?.split('.')[0], component);
  }
  return {
    all: components,
    find(key) {
      switch (key.kind) {
        case 'mac':
          return byIdentifier.get(key.mac);
        case 'xname':
          return byIdentifier.get(key.xname);
        case 'nid':
          return byIdentifier.get(key.nid);
        case 'address':
          return byIdentifier.get(key.address);
        case 'hostname':
          return byHostname.get(key.hostname);
      }
    },
  };
}

/** Whether a component is known by this identifier or address. */
export function isKnownBy(component: Component, key: NodeKey | AddressKey): boolean {
  return indexComponents([component]).find(key) !== undefined;
}

/**
 * Components, and behind them those of another source that are none of them: that have no identifier in common with
 * any.
 */
export function joinComponents(first: readonly Component[], others: readonly Component[]): Component[] {
  const known = indexComponents(first);
  const isKnown = (key: NodeKey): boolean => known.find(key) !== undefined;
  return [...first, ...others.filter((other) => !keysOf(identifiersOf(other)).some(isKnown))];
}
