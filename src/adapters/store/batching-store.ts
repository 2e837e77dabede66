import type { Found, Store, Wanted } from '../../ports/store.ts';

/** Queries of batches under way at once. */
const LANES = 2;
/** What so many requests want goes into one query at most. */
const LARGEST = 100;

type Waiting = {
  readonly wanted: Wanted;
  readonly resolve: (found: Found) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * A store that answers those who only look, and come while it is busy, by one query for all of them: to plan and send a
 * query is most of its cost. Each is answered by one that began after it had asked.
 */
export function batchingStore(store: Store): Store {
  const waiting: Waiting[] = [];
  let underWay = 0;

  function next(): void {
    while (underWay < LANES && waiting.length > 0) {
      const batch = waiting.splice(0, LARGEST);
      underWay += 1;
      look(batch)
        .then(
          (found) => batch.map(({ resolve }) => resolve(found)),
          (error) => batch.map(({ reject }) => reject(error)),
        )
        .finally(() => {
          underWay -= 1;
          next();
        });
    }
  }

  const look = async (batch: readonly Waiting[]): Promise<Found> =>
    store.look(unionOf(batch.map(({ wanted }) => wanted)));

  return {
    ...store,
    look: (wanted) =>
      new Promise((resolve, reject) => {
        waiting.push({ wanted, resolve, reject });
        next();
      }),
  };
}

function unionOf(all: readonly Wanted[]): Wanted {
  const [only, ...others] = all;
  if (only !== undefined && others.length === 0) return only;
  const nodes = all.flatMap((wanted) => wanted.nodes ?? []);
  const own = all.flatMap((wanted) => wanted.own ?? []);
  return {
    nodes: {
      xnames: distinct(nodes.flatMap(({ xnames }) => xnames)),
      macs: distinct(nodes.flatMap(({ macs }) => macs)),
      nids: distinct(nodes.flatMap(({ nids }) => nids)),
    },
    names: distinct(all.flatMap(({ names }) => names ?? [])),
    ...(own.length > 0 && { own }),
  };
}

function distinct<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values)];
}
