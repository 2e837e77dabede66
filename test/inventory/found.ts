import { expect } from 'vitest';
import type { AddressKey, Component, NodeKey } from '../../src/core/component.ts';
import type { Inventory } from '../../src/ports/inventory.ts';

/** The component alone of what an inventory finds. */
export async function found(
  inventory: Inventory | undefined,
  key: NodeKey | AddressKey,
): Promise<Component | undefined> {
  return (await thatIs(inventory).find(key))?.component;
}

/** The same for many keys. */
export async function foundAll(
  inventory: Inventory | undefined,
  keys: readonly NodeKey[],
): Promise<(Component | undefined)[]> {
  return (await thatIs(inventory).findAll(keys)).map((sighting) => sighting?.component);
}

function thatIs(inventory: Inventory | undefined): Inventory {
  return inventory ?? expect.fail('there is no inventory');
}
