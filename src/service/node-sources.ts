import type { AddressKey, Component, NodeKey } from '../core/component.ts';
import { indexComponents } from '../core/component-index.ts';
import type { Inventory } from '../ports/inventory.ts';
import type { OwnInventory } from '../ports/own-inventory.ts';
import type { Found, Wanted } from '../ports/store.ts';

/** Where it is known from who is a node. */
export type NodeSources = {
  /** `undefined` when the service is its own inventory. */
  readonly inventory: Inventory | undefined;
  /** What was added by hand; `undefined` where that does not count. */
  readonly own: Pick<OwnInventory, 'components'> | undefined;
};

type Keys = readonly (NodeKey | AddressKey)[];
type Components = readonly (Component | undefined)[];

/** Of some keys those to look for among what was added by hand: whom the inventory does not know. `components` are who it knows, in order. */
export function soughtByHand(
  keys: Keys,
  components: Components,
  { own }: NodeSources,
): Pick<Wanted, 'own'> | undefined {
  const unknown = keys.filter((_, at) => components[at] === undefined);
  return own === undefined || unknown.length === 0 ? undefined : { own: unknown };
}

/** Who each of some keys is: as the inventory knows it, else as it was added by hand. */
export function identify(keys: Keys, components: Components, found: Pick<Found, 'components'>): Components {
  if (found.components === undefined || found.components.length === 0) return components;
  const byHand = indexComponents(found.components);
  return keys.map((key, at) => components[at] ?? byHand.find(key));
}
