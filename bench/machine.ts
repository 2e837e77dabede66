import { availableParallelism, cpus, loadavg } from 'node:os';

/** What this runs on, for the last line of a table. */
export function machine(): string {
  return `${availableParallelism()} CPUs (${cpus()[0]?.model}), Node ${process.version}, ${process.platform} ${process.arch}`;
}

/** A warning when others use this machine too: what is measured then is theirs as well. Ask before anything is started. */
export function othersWork(): string | undefined {
  const load = loadavg()[0] ?? 0;
  return load > 0.5
    ? `load average ${load.toFixed(1)} before the start: others use this machine, and the figures are theirs too`
    : undefined;
}
