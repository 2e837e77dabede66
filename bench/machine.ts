import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

/** What this runs on. */
export function machine(): string {
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${availableParallelism()} CPUs (${cpus()[0]?.model}), ${memory} GiB, Node ${process.version}, ${process.platform} ${process.arch}`;
}

/** Prints what this ran on and how long, at the end of a benchmark that `watchRun` saw begin. */
export type EndOfRun = (circumstances: string) => void;

/** Called before anything is started. When others use this machine too, what is measured is theirs as well: then the end says so. */
export function watchRun(): EndOfRun {
  const began = performance.now();
  const load = loadavg()[0] ?? 0;
  return (circumstances) => {
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    console.log(`${circumstances}. ${machine()}. ${seconds} s in all.`);
    if (load > 0.5)
      console.log(
        `The load average was ${load.toFixed(1)} before the start: others used this machine, and the figures are theirs too.`,
      );
  };
}
