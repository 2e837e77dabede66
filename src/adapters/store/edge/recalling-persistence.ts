import { isUnavailable } from '../../../core/errors.ts';
import type { Soon } from '../../../core/soon.ts';
import type { Log } from '../../../ports/log.ts';
import type { Found } from '../../../ports/store.ts';
import { checkedReadiness } from '../../checked-readiness.ts';
import { inTime } from '../../deadline.ts';
import { createCircuit } from '../../inventory/circuit.ts';
import { seldomWarning } from '../../log/seldom-warning.ts';
import type { Persistence } from '../persistence.ts';
import type { KeptParts } from './kept-parts.ts';
import type { Looked } from './parts.ts';

/**
 * Milliseconds that the database has to answer who may be answered without it, as long as it is not known to be away, and
 * then. The first is for one that sleeps, too: Neon's take some hundred milliseconds to wake.
 */
const [PATIENCE, LITTLE_PATIENCE] = [1500, 500];

/**
 * A database whose answers to those who look are kept. As long as it answers it is asked each time, so that a write counts
 * at once; while it is away or late, what was found last counts, with its age, and one look-up a second tries whether it is
 * back. What is not known is `unavailable`, as it is without this. No request waits for another one's promise.
 */
export function recallingPersistence(
  { store, own, accesses, ...rest }: Persistence,
  kept: KeptParts,
  log: Log,
): Persistence {
  const circuit = createCircuit();
  let isAway = false;
  const warn = seldomWarning(log, 'the database does not answer: nodes get what was known of them');

  function isBack(): void {
    isAway = false;
    circuit.succeeded();
  }

  /** Whoever is answered, also behind a node's back, shows that the database is there: unless that took too long to wait for. */
  async function heard<Answer>(work: Soon<Answer>): Promise<Answer> {
    const start = performance.now();
    const answer = await work;
    if (performance.now() - start < PATIENCE) isBack();
    return answer;
  }

  /** The next script must see what was written, however long that took. */
  async function applied(work: Promise<boolean>): Promise<boolean> {
    const answer = await work;
    isBack();
    return answer;
  }

  async function ask(wanted: Looked): Promise<Found> {
    const at = Date.now();
    const found = await heard(store.look(wanted));
    kept.keep(wanted, found, at);
    return found;
  }

  async function look(wanted: Looked): Promise<Found> {
    if (!circuit.mayAsk()) {
      const known = await kept.recall(wanted);
      if (known !== undefined) return known;
    }
    const asking = ask(wanted);
    // Who has been answered without it does not see what becomes of it.
    asking.catch(() => {});
    const found = await foundInTime(asking, isAway ? LITTLE_PATIENCE : PATIENCE);
    if (found !== undefined) return found;
    isAway = true;
    circuit.failed();
    const known = await kept.recall(wanted);
    if (known === undefined) return asking;
    warn({ age: known.age });
    return known;
  }

  return {
    ...rest,
    store: {
      look,
      find: (wanted) => heard(store.find(wanted)),
      list: () => heard(store.list()),
      apply: (change) => applied(store.apply(change)),
      check: () => heard(store.check()),
      // What is kept is of single nodes, and nobody can tell of whom: while the database is away, this is not ready.
      readiness: checkedReadiness(() => heard(store.check())),
    },
    own: {
      read: (filters) => heard(own.read(filters)),
      apply: (change) => applied(own.apply(change)),
      components: () => heard(own.components()),
    },
    accesses: {
      write: (some) => heard(accesses.write(some)),
      read: (filter) => heard(accesses.read(filter)),
    },
  };
}

/** What was found; `undefined` when that takes too long, or the store is away. */
async function foundInTime(asking: Promise<Found>, ms: number): Promise<Found | undefined> {
  try {
    return await inTime(asking, ms);
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return undefined;
  }
}
