import { ServiceError } from '../core/errors.ts';
import type { Readiness } from '../ports/readiness.ts';
import { inTime } from './deadline.ts';

/** Milliseconds in which a check is begun at most once. */
const FRESH = 1000;
/** Milliseconds that a check may take: those who probe give up soon. */
const PATIENCE = 2000;

/**
 * The readiness of who has to ask its source, which tells the newest there is. However many want to know, a check is begun
 * at most once a second: the others get what the last one came to. Only the first ones each ask, for those of a Worker
 * cannot wait for one another.
 */
export function checkedReadiness(check: () => Promise<void>): () => Promise<Readiness> {
  let last: Readiness | undefined;
  let begunAt = Number.NEGATIVE_INFINITY;

  return async () => {
    if (last !== undefined && performance.now() - begunAt < FRESH) return last;
    begunAt = performance.now();
    try {
      await inTime(check(), PATIENCE);
      last = { isReady: true, age: 0 };
    } catch (error) {
      last = { isReady: false, reason: error instanceof ServiceError ? error.message : 'it cannot be asked' };
    }
    return last;
  };
}
