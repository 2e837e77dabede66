import type { Inventory } from '../../../ports/inventory.ts';
import { createMemory } from '../memory.ts';
import { rememberingInventory } from '../remembering.ts';
import type { SmdClient } from './client.ts';
import { createRoster } from './roster.ts';
import { targetedInventory } from './targeted.ts';

/** SMD as an inventory. `sharing` says whether requests may wait for one another's look-ups. */
export function smdInventory(
  smd: SmdClient,
  { maxAgeMs, sharing }: { readonly maxAgeMs: number; readonly sharing: boolean },
): Inventory {
  const memory = createMemory(maxAgeMs);
  return rememberingInventory(targetedInventory(smd, createRoster(smd, memory, sharing), memory), memory);
}
