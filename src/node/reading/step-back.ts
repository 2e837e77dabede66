import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';

/** About a third of what other threads get where all processors are busy. */
const NICE = 5;

/** Lets other threads go first where the system has priorities for threads, as Linux has: nobody waits for this one. */
export function stepBack(): void {
  if (process.platform !== 'linux') return;
  try {
    const id = readlinkSync('/proc/thread-self').split('/').at(-1);
    setPriority(Number(id), NICE);
  } catch {
    // Then it takes its turn like all others.
  }
}
