import type { Component } from '../../core/component.ts';
import type { Inventory } from '../../ports/inventory.ts';
import { indexComponents } from './indexed.ts';

/** An inventory of components that are all known beforehand. */
export function fixedInventory(components: readonly Component[]): Inventory {
  const index = indexComponents(components);
  return {
    find: async (key) => index.find(key),
    findAll: async (keys) => keys.map((key) => index.find(key)),
  };
}
