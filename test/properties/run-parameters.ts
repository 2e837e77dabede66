import type { Parameters } from 'fast-check';

/** Milliseconds after which fast-check stops, so that what it found so far is told before the test is cut off. */
const LIMIT = 90_000;

/** For the test that runs a property: longer than the property itself may take, and without end when more was asked for. */
export const TEST_TIMEOUT = process.env.PROPERTY_RUNS === undefined ? LIMIT + 30_000 : 0;

/**
 * How fast-check runs. A failure is printed with its seed and path: `PROPERTY_SEED` and `PROPERTY_PATH` repeat it, and
 * `PROPERTY_RUNS` asks for more runs than usual.
 */
export function runParameters(numRuns: number): Parameters<unknown> {
  const { PROPERTY_SEED: seed, PROPERTY_PATH: path, PROPERTY_RUNS: runs } = process.env;
  return {
    ...(runs === undefined
      ? { numRuns, interruptAfterTimeLimit: LIMIT, markInterruptAsFailure: true }
      : { numRuns: Number(runs) }),
    ...(seed !== undefined && { seed: Number(seed) }),
    ...(path !== undefined && { path }),
  };
}
