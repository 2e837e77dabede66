import { ServiceError } from '../../src/core/errors.ts';
import type { Inventory } from '../../src/ports/inventory.ts';
import type { OwnInventory } from '../../src/ports/own-inventory.ts';
import type { Store } from '../../src/ports/store.ts';

const outage = async (): Promise<never> => {
  throw new ServiceError('unavailable', 'the database could not answer', { cause: new Error('secret of the driver') });
};

/** A store that cannot be reached. */
export const BrokenStore: Store = { find: outage, look: outage, list: outage, apply: outage, check: outage };

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
};

const fault = async (): Promise<never> => {
  throw new TypeError('secret of the program');
};

/** An inventory with a fault of the program's own. */
export const faultyInventory: Inventory = { find: fault, findAll: fault, list: fault, refresh: fault, check: fault };
