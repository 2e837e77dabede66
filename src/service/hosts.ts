import { type Component, literalIdentifiers, type NodeKey } from '../core/component.ts';
import { ownComponent } from '../core/own-component.ts';
import type { Inventory } from '../ports/inventory.ts';
import type { Store } from '../ports/store.ts';

export type HostsContext = {
  readonly store: Store;
  /** `undefined` when the service is its own inventory. */
  readonly inventory: Inventory | undefined;
};

/** Every component that the service knows. */
export async function listHosts({ store, inventory }: HostsContext): Promise<readonly Component[]> {
  return inventory === undefined
    ? (await store.list()).nodes.flatMap((node) => ownComponent(node) ?? [])
    : inventory.list();
}

/** The components that any of some keys names, each once. */
export async function findHosts(keys: readonly NodeKey[], { store, inventory }: HostsContext): Promise<Component[]> {
  if (inventory !== undefined) {
    const sightings = await inventory.findAll(keys);
    const byName = new Map(sightings.map((sighting) => [sighting?.component.xname, sighting?.component]));
    return [...byName.values()].filter((component) => component !== undefined);
  }
  const literal = keys.map(literalIdentifiers);
  const { nodes } = await store.find({
    nodes: {
      xnames: literal.flatMap(({ xnames }) => xnames),
      macs: literal.flatMap(({ macs }) => macs),
      nids: literal.flatMap(({ nids }) => nids),
    },
  });
  return nodes.flatMap((node) => ownComponent(node) ?? []);
}
