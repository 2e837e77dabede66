import type { Component } from '../../core/component.ts';
import { indexComponents } from '../../core/component-index.ts';
import type { Inventory, Sighting } from '../../ports/inventory.ts';

/** An inventory of components that are all known beforehand. */
export function fixedInventory(components: readonly Component[]): Inventory {
  const index = indexComponents(components);
  return {
    find: (key) => sighted(index.find(key)),
    findAll: async (keys) => keys.map((key) => sighted(index.find(key))),
    list: async () => ({ components }),
    refresh: async () => {},
    check: async () => {},
    readiness: async () => ({ isReady: true, age: 0 }),
  };
}

function sighted(component: Component | undefined): Sighting | undefined {
  return component && { component };
}
