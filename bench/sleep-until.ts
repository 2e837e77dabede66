import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for a moment of the performance clock, in milliseconds; not at all if it is over. */
export async function sleepUntil(moment: number): Promise<void> {
  await sleep(Math.max(0, moment - performance.now()));
}
