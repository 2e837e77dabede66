import { availableParallelism, cpus, totalmem } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds for which it is watched what others do, and the share of one processor up to which that is nothing. */
const [WATCHED, STILL] = [1000, 0.3];

/** What this runs on. */
export function machine(): string {
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${availableParallelism()} CPUs (${cpus()[0]?.model}), ${memory} GiB, Node ${process.version}, ${process.platform} ${process.arch}`;
}

/** Prints under what circumstances a benchmark ran, on what, and how long. */
export type EndOfRun = (circumstances: string) => void;

/** Called before anything is started. When others use this machine too, what is measured is theirs as well: then the end says so. */
export async function watchRun(): Promise<EndOfRun> {
  const began = performance.now();
  const before = processorTime();
  await sleep(WATCHED);
  const others = (processorTime() - before) / WATCHED;
  return (circumstances) => {
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    console.log(`${circumstances}. ${machine()}. ${seconds} s in all.`);
    if (others > STILL)
      console.log(
        `\n${others.toFixed(1)} processors were busy before the start: others used this machine, and the figures are theirs too.`,
      );
  };
}

/** Milliseconds for which all processors together have worked so far. */
function processorTime(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
}
