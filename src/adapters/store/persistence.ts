import type { AccessTable } from '../../ports/access-history.ts';
import type { Store } from '../../ports/store.ts';
import { createAccessTable } from './access-table.ts';
import type { Driver } from './driver.ts';
import { createStore } from './record-store.ts';

/** All that is kept in one database. */
export type Persistence = { readonly store: Store; readonly accesses: AccessTable };

/** What is kept, over a driver; accesses over one of their own where they must not be in the way of scripts. */
export function createPersistence(driver: Driver, ofAccesses = driver): Persistence {
  return { store: createStore(driver), accesses: createAccessTable(ofAccesses) };
}
