import type { Driver } from '../../src/adapters/store/driver.ts';

/** A driver that counts the round trips it would cost: a query or a batch is one each. */
export type CountingDriver = Driver & {
  counts(): { readonly queries: number; readonly batches: number };
  reset(): void;
};

export function counting(driver: Driver): CountingDriver {
  let queries = 0;
  let batches = 0;
  const db: Driver['db'] = new Proxy(driver.db, {
    get(target, property, receiver) {
      // Every query of the store begins with `with`.
      if (property === 'with') queries += 1;
      return Reflect.get(target, property, receiver);
    },
  });
  return {
    db,
    batch(build) {
      batches += 1;
      return driver.batch(build);
    },
    close: () => driver.close(),
    counts: () => ({ queries, batches }),
    reset() {
      queries = 0;
      batches = 0;
    },
  };
}
