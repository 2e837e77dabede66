import type { Inventory } from '../ports/inventory.ts';
import type { AppDeps } from './deps.ts';

/** What a request works with, and what its answer has to say of the age of that. */
export type Watched = {
  readonly deps: AppDeps;
  /** The header of an answer from knowledge that is older than allowed. */
  ageHeader(): Record<string, string>;
};

/** Watches how old what the inventory and the store answer during one request is. */
export function watchAge(deps: AppDeps): Watched {
  const { inventory, store } = deps;
  let oldest: number | undefined;
  const note = (seen: { readonly age?: number | undefined } | undefined): void => {
    if (seen?.age !== undefined) oldest = Math.max(oldest ?? 0, seen.age);
  };
  const watched = inventory && watchInventory(inventory, note);
  return {
    deps: {
      ...deps,
      inventory: watched,
      store: {
        ...store,
        async look(wanted) {
          const found = await store.look(wanted);
          note(found);
          return found;
        },
      },
    },
    ageHeader: () => (oldest === undefined ? {} : { 'X-BSS-Age': String(oldest) }),
  };
}

function watchInventory(
  inventory: Inventory,
  note: (seen: { readonly age?: number | undefined } | undefined) => void,
): Inventory {
  return {
    ...inventory,
    async find(key) {
      const sighting = await inventory.find(key);
      note(sighting);
      return sighting;
    },
    async findAll(keys) {
      const sightings = await inventory.findAll(keys);
      sightings.forEach(note);
      return sightings;
    },
    async list() {
      const listing = await inventory.list();
      note(listing);
      return listing;
    },
  };
}
