import { ServiceError } from '../core/errors.ts';

/** Milliseconds that a write may try; each round at least one writer is done. A gateway would cut it off at 10 s. */
const PATIENCE = 8000;
/** Milliseconds between two tries at most. */
const LONGEST_PAUSE = 1000;

/**
 * Tries a write anew as long as another one has come in between, which it says by `undefined`. `inTurn` has it wait for
 * those that it would meet, where it may. Throws `unavailable` when that takes too long.
 */
export async function tryUntilApplied<Result>(
  tryOnce: () => Promise<Result | undefined>,
  inTurn: (write: () => Promise<Result>) => Promise<Result>,
): Promise<Result> {
  const end = performance.now() + PATIENCE;
  return await inTurn(async () => {
    for (let attempt = 0; performance.now() < end; attempt++) {
      const began = performance.now();
      const result = await tryOnce();
      if (result !== undefined) return result;
      // The more writers there are, the longer a try takes: so many of them step back for so long.
      const pause = Math.random() * (performance.now() - began) * Math.min(attempt / 2, 2);
      await new Promise((resolve) => setTimeout(resolve, Math.min(pause, LONGEST_PAUSE)));
    }
    throw new ServiceError('unavailable', 'too many writes to the same at once');
  });
}
