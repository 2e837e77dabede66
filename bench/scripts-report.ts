import type { Bound } from './bounds.ts';
import type { Measured } from './load.ts';
import { median } from './percentile.ts';

/** A service and the bare server beside it, measured in turns: as many runs of each. */
export type Pair = {
  readonly store: string;
  readonly inventory: string;
  readonly nodes: number;
  readonly service: readonly Measured[];
  readonly bare: readonly Measured[];
  /** Of both, what there was to see while each node asked for the first time. */
  readonly first: readonly Measured[];
  /** Resident memory after the load, in MiB. */
  readonly resident: number;
  /** Milliseconds from the service's start, over existing data, to its first answer and to its first script that boots. */
  readonly start: { readonly status: number; readonly script: number };
};

/** The least share of bare Hono's rate, and how far the smallest fleet and the largest may be from one another. */
const [RATE, ALIKE] = [0.7, 0.1];
/** The most times that p99 may be bare Hono's. */
const P99 = 2;
/** MiB of resident memory. */
const MEMORY = 250;
/** Milliseconds to the first script. */
const START = 3000;
/** Beyond this share of its time the load generator limits what it measures. */
const TOO_BUSY = 0.9;

/** So many nodes ask for long enough to say how many do in a second. */
const MANY = 5000;

/** The heads of what `row` gives. */
export const HEAD =
  'service  scripts/s  bare Hono  ratio  first scripts/s  ratio  p50 ms  ratio  p99 ms  bare Hono  ratio  client busy  RSS MiB  first answer ms  first script ms'.split(
    '  ',
  );

export const LEGEND = `Medians; a ratio is the median of the ratios to bare Hono in the same turn. First scripts: before that, while each node asked for
the first time, once; with fewer than ${MANY} nodes that is over too soon. Client busy: how busy the load generator was with
the service, and with bare Hono; near 100 % it is the load generator that limits the rate. RSS after the load. First answer and first script: from the start of a
process over existing data.`;

/** A line of the table. */
export function row(pair: Pair): string[] {
  const { service, bare, resident, start } = pair;
  const percent = (runs: readonly Measured[]): string => `${(middle(runs, 'client') * 100).toFixed(0)} %`;
  return [
    nameOf(pair),
    middle(service, 'rate').toFixed(0),
    middle(bare, 'rate').toFixed(0),
    ratio(pair, 'rate').toFixed(2),
    ...firstScripts(pair),
    middle(service, 'p50').toFixed(1),
    ratio(pair, 'p50').toFixed(2),
    middle(service, 'p99').toFixed(1),
    middle(bare, 'p99').toFixed(1),
    ratio(pair, 'p99').toFixed(2),
    `${percent(service)}, ${percent(bare)}`,
    resident.toFixed(0),
    start.status.toFixed(0),
    start.script.toFixed(0),
  ];
}

function firstScripts({ first: [service, bare], nodes }: Pair): string[] {
  if (service === undefined || bare === undefined || nodes < MANY) return ['', ''];
  return [service.rate.toFixed(0), (service.rate / bare.rate).toFixed(2)];
}

/** What is promised with PostgreSQL and the inventory in a file, of the smallest fleet and the largest. */
export function scriptBounds(pairs: readonly Pair[]): Bound[] {
  const wrong = pairs.flatMap(({ service, bare }) => [...service, ...bare]).reduce((sum, run) => sum + run.wrong, 0);
  const promised = pairs
    .filter(({ store, inventory }) => store === 'PostgreSQL' && inventory === 'file')
    .sort((one, other) => one.nodes - other.nodes);
  const [smallest, largest] = [promised[0], promised.at(-1)];
  if (smallest === undefined || largest === undefined) return [];
  const ends = smallest === largest ? [smallest] : [smallest, largest];
  const [first, last] = [ratio(smallest, 'rate'), ratio(largest, 'rate')];
  const apart = Math.abs(last / first - 1);
  const busiest = Math.max(
    ...pairs.flatMap(({ service, bare }) => [middle(service, 'client'), middle(bare, 'client')]),
  );
  return [
    { holds: wrong === 0, text: `each answer is the node's own script (${wrong} are not)` },
    ...ends.map((pair) => ({
      holds: ratio(pair, 'rate') >= RATE,
      text: `${nameOf(pair)}: ${ratio(pair, 'rate').toFixed(2)} of bare Hono's rate, at least ${RATE.toFixed(2)}`,
    })),
    ...ends.map((pair) => ({
      holds: ratio(pair, 'p99') <= P99,
      text: `${nameOf(pair)}: p99 is ${ratio(pair, 'p99').toFixed(2)} times bare Hono's, at most ${P99}`,
    })),
    {
      holds: apart <= ALIKE,
      text: `these shares of the rate are ${(apart * 100).toFixed(0)} % apart, at most ${ALIKE * 100} %`,
    },
    {
      holds: largest.resident <= MEMORY,
      text: `${nameOf(largest)}: ${largest.resident.toFixed(0)} MiB after the load, at most ${MEMORY}`,
    },
    {
      holds: largest.start.script <= START,
      text: `${nameOf(largest)}: the first script ${(largest.start.script / 1000).toFixed(1)} s after the start, at most ${START / 1000} s`,
    },
    {
      holds: busiest <= TOO_BUSY,
      text: `the load generator is busy for ${(busiest * 100).toFixed(0)} % of its time, at most ${TOO_BUSY * 100} %: it does not limit the rate`,
    },
  ];
}

function nameOf({ store, inventory, nodes }: Pair): string {
  return `${nodes.toLocaleString('en')} nodes, ${store}, ${inventory}`;
}

function middle(runs: readonly Measured[], key: 'rate' | 'p50' | 'p99' | 'client'): number {
  return median(runs.map((run) => run[key]));
}

function ratio({ service, bare }: Pair, key: 'rate' | 'p50' | 'p99'): number {
  return median(service.map((run, turn) => run[key] / (bare[turn]?.[key] ?? Number.NaN)));
}
