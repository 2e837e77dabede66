import type { Driver } from '../../src/adapters/store/driver.ts';
import { createOwnInventory } from '../../src/adapters/store/own-inventory.ts';
import { createStore } from '../../src/adapters/store/record-store.ts';
import type { OwnInventory } from '../../src/ports/own-inventory.ts';
import type { Store } from '../../src/ports/store.ts';

/** What a service works with of its database. */
export type Kept = { readonly store: Store; readonly own: OwnInventory };

/**
 * What goes wrong with every batch: the connection is cut before it, or between it and its answer, where other writes may
 * follow before anybody looks; or it is under way longer than its writer waits, and comes to the database afterwards.
 */
export type Fault = 'not done' | 'answer lost' | 'answer lost and others follow' | 'comes late';

/** What is kept, over a driver. */
export function keptOver(driver: Driver, fault?: Fault): Kept {
  if (fault === undefined) return { store: createStore(driver), own: createOwnInventory(driver) };
  const { failing, endOf } = failingWith(fault, driver);
  const [store, own] = [createStore(failing), createOwnInventory(failing)];
  return {
    store: { ...store, apply: (change) => endOf(store.apply(change)) },
    own: { ...own, apply: (change) => endOf(own.apply(change)) },
  };
}

function failingWith(fault: Fault, driver: Driver) {
  let late = async (): Promise<unknown> => undefined;
  const failing: Driver = {
    ...driver,
    async batch(build, claim) {
      if (fault.startsWith('answer lost')) await driver.batch(build, claim);
      if (fault === 'answer lost and others follow') for (let other = 0; other < 3; other++) await writeNothing(driver);
      if (fault === 'comes late') late = () => driver.batch(build, claim);
      throw Object.assign(new Error('cut'), { code: '08006' });
    },
  };
  async function endOf(write: Promise<boolean>): Promise<boolean> {
    try {
      return await write;
    } finally {
      // The database may refuse it.
      await late().catch(() => {});
    }
  }
  return { failing, endOf };
}

/** A write that leaves everything as it is. */
async function writeNothing(driver: Driver): Promise<void> {
  const own = createOwnInventory(driver);
  const applied = await own.apply({ basis: { filters: [], found: await own.read([]) }, put: [], remove: [] });
  if (!applied) throw new Error('the other write did not go ahead');
}
