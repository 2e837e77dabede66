import type { Inventory } from '../ports/inventory.ts';
import type { Readiness } from '../ports/readiness.ts';
import type { Store } from '../ports/store.ts';

/** The parts that a script needs, each with whether it can serve. */
export type PartsReadiness = { readonly store: Readiness; readonly inventory: Readiness };

/** Whether each part can serve now; a service that is its own inventory has it in its store. Never fails. */
export async function readinessOfParts({
  store,
  inventory,
}: {
  readonly store: Store;
  readonly inventory: Inventory | undefined;
}): Promise<PartsReadiness> {
  const [ofStore, ofInventory] = await Promise.all([store.readiness(), inventory?.readiness()]);
  return { store: ofStore, inventory: ofInventory ?? ofStore };
}
