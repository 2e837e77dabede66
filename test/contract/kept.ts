import type { Driver } from '../../src/adapters/store/driver.ts';
import { createOwnInventory } from '../../src/adapters/store/own-inventory.ts';
import { createStore } from '../../src/adapters/store/record-store.ts';
import type { OwnInventory } from '../../src/ports/own-inventory.ts';
import type { Store } from '../../src/ports/store.ts';

/** What a service works with of its database. */
export type Kept = { readonly store: Store; readonly own: OwnInventory };

/** What goes wrong with every batch: the connection is cut before it, or between it and its answer. */
export type Fault = 'not done' | 'answer lost';

/** What is kept, over a driver. */
export function keptOver(driver: Driver, fault?: Fault): Kept {
  const over = fault === undefined ? driver : failing(driver, fault);
  return { store: createStore(over), own: createOwnInventory(over) };
}

function failing(driver: Driver, fault: Fault): Driver {
  return {
    ...driver,
    async batch(build, claim) {
      if (fault === 'answer lost') await driver.batch(build, claim);
      throw Object.assign(new Error('cut'), { code: '08006' });
    },
  };
}
