import type { Bound } from './bounds.ts';
import { percentile } from './percentile.ts';
import { KINDS, type StormOutcome } from './storm-process.ts';

/** Something that goes on during a storm, in milliseconds after its beginning. */
export type Incident = { readonly name: string; readonly from: number; readonly to: number };

/** A storm and what came of it. */
export type Storm = {
  readonly name: string;
  readonly nodes: number;
  readonly incidents: readonly Incident[];
  readonly outcome: StormOutcome;
  /** Connections that the kernel turned away, since the server's queue of them was full: they come again seconds later. */
  readonly turnedAway: number;
};

/** Seconds within which every node has its script. */
const SERVED = 120;
/** Milliseconds for 99 of 100 scripts, and how many times the quiet storm's while all nodes are written. */
const [P99, BESIDE_WRITES] = [100, 3];
/** Beyond this share of its time the clients' process makes answers late by itself. */
const TOO_BUSY = 0.9;

/** The heads of what `row` gives. */
export const HEAD = [
  ...['storm', ...KINDS.map((kind) => `${kind}s`)],
  ...[
    '50 % s',
    '99 % s',
    '100 % s',
    'booted',
    'lost',
    'p50 ms',
    'p99 ms',
    'p99 in it ms',
    'stale',
    'turned away',
    'clients busy',
  ],
];

export const LEGEND = `Answers by kind: old scripts are right ones with the age of what is known, others are failures. 50 %, 99 %, 100 %: seconds until so many nodes had
their script. Lost: iPXE gave up. p50 and p99: of all scripts, from the request to the end of the answer, with the connection's opening; in it: while the incident
lasted. Stale: scripts with a configuration older than one that was already handed out or acknowledged when they were asked for.
Turned away: how often the kernel had no room for a connection in the queue of those that the service has not accepted yet (of all servers on this machine, on Linux); such a
connection is tried again after one second, then two, and so on.`;

/** A line of the table. */
export function row(storm: Storm): string[] {
  const { name, nodes, outcome } = storm;
  const counts = KINDS.map((kind) => String(outcome.answers.filter((answer) => answer.kind === kind).length));
  const scripts = latencies(storm);
  const beside = latenciesBeside(storm);
  return [
    name,
    ...counts,
    ...[0.5, 0.99, 1].map((share) => servedAfter(storm, share).toFixed(1)),
    `${outcome.booted} of ${nodes}`,
    String(outcome.lost),
    percentile(scripts, 0.5).toFixed(1),
    percentile(scripts, 0.99).toFixed(1),
    beside.length === 0 ? '' : percentile(beside, 0.99).toFixed(1),
    String(outcome.stale),
    String(storm.turnedAway),
    `${(outcome.client * 100).toFixed(0)} %`,
  ];
}

/** What must hold in each storm. */
export function stormBounds(storms: readonly Storm[]): Bound[] {
  const quiet = storms.find(({ incidents }) => incidents.length === 0);
  return storms.flatMap((storm) => [...ownBounds(storm), ...writeBounds(storm, quiet)]);
}

function ownBounds(storm: Storm): Bound[] {
  const { name, outcome } = storm;
  const last = servedAfter(storm, 1);
  const p99 = percentile(latencies(storm), 0.99);
  const wrong = outcome.answers.filter(({ kind }) => kind === 'wrong script').length;
  return [
    {
      holds: last <= SERVED,
      text: `${name}: every node has its script after ${last.toFixed(1)} s, at most ${SERVED}`,
    },
    { holds: outcome.lost === 0, text: `${name}: no node is lost (${outcome.lost} are)` },
    { holds: wrong === 0, text: `${name}: no node gets a wrong script (${[wrong, ...outcome.wrong].join('; ')})` },
    { holds: p99 <= P99, text: `${name}: p99 of scripts is ${p99.toFixed(1)} ms, at most ${P99}` },
    {
      holds: outcome.client <= TOO_BUSY,
      text: `${name}: the clients are busy for ${(outcome.client * 100).toFixed(0)} % of their busiest second, at most ${TOO_BUSY * 100} %`,
    },
  ];
}

function writeBounds(storm: Storm, quiet: Storm | undefined): Bound[] {
  const { name, outcome } = storm;
  const { writes, stale } = outcome;
  if (writes.length === 0) return [];
  const failed = writes.filter((write) => write.outcome !== '200').map((write) => write.outcome);
  const longest = Math.max(...writes.map(({ sent, answered }) => answered - sent));
  const bounds = [
    {
      holds: failed.length === 0,
      text: `${name}: each of ${writes.length} writes is done (${[`${failed.length} are not`, ...failed].join('; ')}), the longest after ${(longest / 1000).toFixed(1)} s`,
    },
    {
      holds: stale === 0,
      text: `${name}: nobody gets an older configuration than somebody had before it asked (${stale} do)`,
    },
  ];
  if (quiet === undefined) return bounds;
  const times = percentile(latenciesBeside(storm), 0.99) / percentile(latencies(quiet), 0.99);
  return [
    ...bounds,
    {
      holds: times <= BESIDE_WRITES,
      text: `${name}: p99 during the writes is ${times.toFixed(2)} times the quiet one, at most ${BESIDE_WRITES}`,
    },
  ];
}

/** Seconds until this share of the nodes had their script; infinity if so many never had. */
function servedAfter({ nodes, outcome }: Storm, share: number): number {
  const moments = Float64Array.from(outcome.served).sort();
  return (moments[Math.ceil(nodes * share) - 1] ?? Number.POSITIVE_INFINITY) / 1000;
}

function latencies({ outcome }: Storm): number[] {
  return outcome.answers
    .filter(({ kind }) => kind === 'script' || kind === 'old script')
    .map(({ milliseconds }) => milliseconds);
}

/** Of the scripts that were waited for while an incident went on. */
function latenciesBeside({ outcome, incidents, ...storm }: Storm): number[] {
  const answers = outcome.answers.filter(({ at, milliseconds }) =>
    incidents.some(({ from, to }) => at >= from && at - milliseconds <= to),
  );
  return latencies({ ...storm, incidents, outcome: { ...outcome, answers } });
}
