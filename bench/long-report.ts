import type { Bound } from './bounds.ts';
import type { PacedCounts } from './paced-process.ts';
import { median } from './percentile.ts';

/** Resident memory in MiB at a moment, in seconds after the beginning. */
export type MemorySample = { readonly at: number; readonly resident: number };

/** A long run: its memory, cut into so many seconds each, what nodes were answered, and what went on beside that. */
export type LongRun = {
  readonly samples: readonly MemorySample[];
  /** Seconds; a minute, unless the run is very short. */
  readonly minute: number;
  readonly clients: PacedCounts;
  readonly writes: { readonly done: number; readonly failed: number };
  /** Whole lists of SMD that the service has read. */
  readonly lists: number;
};

/** Minutes after which the heap has its size, and how many times the memory of the next one the last one's may be. */
const [SETTLED, GROWTH] = [2, 1.02];

export const HEAD = ['minute', 'RSS MiB, median', 'least', 'most'];

/** A line of the table for each minute. */
export function rows({ samples, minute }: LongRun): string[][] {
  return minutesOf(samples, minute).map((values, at) => [
    String(at + 1),
    ...[median(values), Math.min(...values), Math.max(...values)].map((value) => value.toFixed(1)),
  ]);
}

/** What the table does not say. */
export function summary(run: LongRun): string {
  const { samples, minute, clients, writes, lists } = run;
  const first = samples.find(({ at }) => at >= minute) ?? samples.at(-1);
  const later = samples.filter(({ at }) => at >= minute);
  return [
    `RSS ${first?.resident.toFixed(1)} MiB after the first minute, ${samples.at(-1)?.resident.toFixed(1)} MiB at the end;`,
    `from the first minute on it grows by ${(slope(later) * 3600).toFixed(1)} MiB an hour (least squares).`,
    `${clients.right} scripts, ${clients.rate.toFixed(0)} a second; p50 ${clients.p50.toFixed(1)} ms, p99 ${clients.p99.toFixed(1)} ms,`,
    `longest ${clients.longest.toFixed(0)} ms, from the moment at which each was due; the clients are busy for ${(clients.client * 100).toFixed(0)} % of their time.`,
    `Beside that ${writes.done} writes, and ${lists} whole lists read from SMD.`,
  ].join('\n');
}

/** What must hold. */
export function longBounds({ samples, minute, clients, writes }: LongRun): Bound[] {
  const minutes = minutesOf(samples, minute);
  const growth = median(minutes.at(-1) ?? []) / median(minutes[SETTLED] ?? []);
  const { wrong, broken, examples } = clients;
  return [
    {
      holds: growth <= GROWTH,
      text: `RSS of the last minute is ${growth.toFixed(3)} times the third minute's, at most ${GROWTH}`,
    },
    {
      holds: wrong + broken === 0,
      text: `each answer is a right script (${[`${wrong} are not, ${broken} are missing`, ...examples].join('; ')})`,
    },
    { holds: writes.failed === 0, text: `each write is done (${writes.failed} are not)` },
  ];
}

/** Without the seconds at the end that make no whole minute. */
function minutesOf(samples: readonly MemorySample[], minute: number): number[][] {
  const last = samples.at(-1)?.at ?? 0;
  // The last sample is a little early or late.
  const count = Math.floor((last + 2) / minute);
  return Array.from({ length: count }, (_, at) =>
    samples.filter((sample) => Math.floor(sample.at / minute) === at).map(({ resident }) => resident),
  );
}

/** MiB a second, by least squares. */
function slope(samples: readonly MemorySample[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [at, resident] = [mean(samples.map((one) => one.at)), mean(samples.map((one) => one.resident))];
  const moved = samples.map((one) => [one.at - at, one.resident - resident] as const);
  const [both, square] = [mean(moved.map(([x, y]) => x * y)), mean(moved.map(([x]) => x * x))];
  return both / square;
}
