import type { AccessTable } from '../../ports/access-history.ts';
import type { InventoryCopy } from '../../ports/inventory-copy.ts';
import type { OwnInventory } from '../../ports/own-inventory.ts';
import type { Store } from '../../ports/store.ts';
import { createAccessTable } from './access-table.ts';
import type { Driver } from './driver.ts';
import { createInventoryCopy } from './inventory-copy.ts';
import { createOwnInventory } from './own-inventory.ts';
import { createStore } from './record-store.ts';
import type { OnWritten } from './written.ts';

/** All that is kept in one database. */
export type Persistence = {
  readonly store: Store;
  readonly own: OwnInventory;
  readonly accesses: AccessTable;
  readonly copy: InventoryCopy;
};

/** What is kept, over a driver; what is written behind answers over one of its own where it must not be in their way. */
export function createPersistence(driver: Driver, behind = driver, onWritten?: OnWritten): Persistence {
  return {
    store: createStore(driver, onWritten),
    own: createOwnInventory(driver),
    accesses: createAccessTable(behind),
    copy: createInventoryCopy(behind),
  };
}
