import type { SmdRequest } from '../test/support/smd-simulator.ts';

/** How many of these requests one after the other a script has waited for: each chained to one that ended before it began. */
export function smdSteps(requests: readonly SmdRequest[]): number {
  let [steps, free] = [0, Number.NEGATIVE_INFINITY];
  // Who ends first leaves the most time for a next one.
  for (const { start, end } of requests
    .toSorted((a, b) => endOf(a) - endOf(b))
    .map((one) => ({ ...one, end: endOf(one) }))) {
    if (start >= free) [steps, free] = [steps + 1, end];
  }
  return steps;
}

function endOf({ end }: SmdRequest): number {
  return end ?? Number.POSITIVE_INFINITY;
}
