import { ServiceError } from '../../src/core/errors.ts';
import type { Inventory } from '../../src/ports/inventory.ts';
import type { OwnInventory } from '../../src/ports/own-inventory.ts';
import type { Readiness } from '../../src/ports/readiness.ts';
import type { Store } from '../../src/ports/store.ts';

const outage = async (): Promise<never> => {
  throw new ServiceError('unavailable', 'the database could not answer', { cause: new Error('secret of the driver') });
};

const notReady = async (): Promise<Readiness> => ({ isReady: false, reason: 'the database could not answer' });

/** A store that cannot be reached. */
export const BrokenStore: Store = {
  find: outage,
  look: outage,
  list: outage,
  apply: outage,
  check: outage,
  readiness: notReady,
};

/** An inventory of our own that cannot be reached. */
export const BrokenOwnInventory: OwnInventory = { read: outage, apply: outage, components: outage };

/** A store that loses its connection between reading and writing. */
export const breakingStore = (store: Store): Store => ({ ...store, apply: outage });

/** An inventory that cannot be asked. */
export const BrokenInventory: Inventory = {
  find: outage,
  findAll: outage,
  list: outage,
  refresh: outage,
  check: outage,
  readiness: notReady,
};

const fault = async (): Promise<never> => {
  throw new TypeError('secret of the program');
};

/** An inventory with a fault of the program's own. */
export const faultyInventory: Inventory = {
  find: fault,
  findAll: fault,
  list: fault,
  refresh: fault,
  check: fault,
  readiness: fault,
};
