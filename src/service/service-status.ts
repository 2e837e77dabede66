import type { Inventory } from '../ports/inventory.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';

export type PartStatus = 'connected' | 'error';

/** Milliseconds that a part has to answer: those who probe give up soon. */
const PATIENCE = 3000;

/** Whether the inventory answers sense; a service that is its own inventory is always connected to it. */
export function inventoryStatus(inventory: Inventory | undefined, log: Log): Promise<PartStatus> {
  return statusOf('inventory', async () => inventory?.check(), log);
}

/** Whether the database answers. */
export function storeStatus(store: Store, log: Log): Promise<PartStatus> {
  return statusOf('database', () => store.check(), log);
}

async function statusOf(part: string, check: () => Promise<void>, log: Log): Promise<PartStatus> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${PATIENCE} ms`)), PATIENCE);
  });
  try {
    await Promise.race([check(), late]);
    return 'connected';
  } catch (error) {
    log.warn({ part, reason: error instanceof Error ? error.message : String(error) }, 'a part does not answer');
    return 'error';
  } finally {
    clearTimeout(timer);
  }
}
