import { turnedAway } from '../../core/errors.ts';
import type { Found, Store, Wanted } from '../../ports/store.ts';
import { inTime } from '../deadline.ts';

/** Queries of batches under way at once. */
const LANES = 2;
/** What so many requests want goes into one query at most. */
const LARGEST = 100;
/** Milliseconds that somebody may have to wait, as far as that can be told before, and at most. */
const PATIENCE = 4000;
const LONGEST = 6000;

type Waiting = {
  readonly wanted: Wanted;
  readonly resolve: (found: Found) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * A store that answers those who only look, and come while it is busy, by one query for all of them: to plan and send a
 * query is most of its cost. Each is answered by one that began after it had asked. Who would have to wait too long is turned
 * away at once.
 */
export function batchingStore(store: Store): Store {
  const waiting: Waiting[] = [];
  /** When the queries under way began. */
  const underWay = new Set<{ readonly since: number }>();
  /** Milliseconds that the last queries took. */
  let usual = 0;

  const look = async (batch: readonly Waiting[]): Promise<Found> =>
    store.look(unionOf(batch.map(({ wanted }) => wanted)));

  function next(): void {
    while (underWay.size < LANES && waiting.length > 0) {
      const batch = waiting.splice(0, LARGEST);
      const query = { since: performance.now() };
      underWay.add(query);
      look(batch)
        .then(
          (found) => batch.map(({ resolve }) => resolve(found)),
          (error) => batch.map(({ reject }) => reject(error)),
        )
        .finally(() => {
          underWay.delete(query);
          const took = performance.now() - query.since;
          usual = took < usual ? took : usual + (took - usual) / 4;
          next();
        });
    }
  }

  /** Milliseconds until somebody who comes now is answered, as far as that can be told. */
  function expectedWait(): number {
    const [oldest] = underWay;
    const each = Math.max(usual, oldest === undefined ? 0 : performance.now() - oldest.since);
    return each * (1 + Math.ceil(waiting.length / LARGEST / LANES));
  }

  return {
    ...store,
    async look(wanted) {
      const wait = waiting.length === 0 ? 0 : expectedWait();
      if (wait > PATIENCE) throw turnedAway(wait / 1000);
      const answer = new Promise<Found>((resolve, reject) => {
        waiting.push({ wanted, resolve, reject });
        next();
      });
      return inTime(answer, LONGEST);
    },
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
