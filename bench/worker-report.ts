import type { Bound } from './bounds.ts';
import { median } from './percentile.ts';
import type { WorkerBundle } from './worker-bundle.ts';

/** What a script had the Worker ask of others: round trips before its answer, and those behind it too, and SMD. */
export type Trips = {
  readonly database: number;
  readonly withHistory: number;
  readonly smdRequests: number;
  readonly smdSteps: number;
};

/** One way to ask for scripts: single ones, and very many at a time. */
export type Asked = {
  readonly name: string;
  readonly trips: readonly Trips[];
  readonly scripts: number;
  /** Milliseconds of processor time that workerd takes for a script. */
  readonly time: number;
  /** Answers that are no script of the node. */
  readonly wrong: number;
};

/** Database round trips before an answer, SMD's requests one after the other, and KB (1000 bytes). */
const [TRIPS, STEPS, GZIPPED] = [1, 2, 150];

export const HEAD = [
  ...['service', 'database trips', 'with history', 'SMD requests', 'SMD steps', 'most', 'scripts', 'CPU ms'],
];

export const LEGEND = `Medians of single scripts. Database trips: round trips before the answer; with history: and behind it, where the node's access is written.
SMD steps: requests to SMD one after the other; most: the worst script's. CPU: processor time of workerd, user and system, for each of very many scripts, without
what it takes when it is idle. That is more than Cloudflare would count: the Cache API and the network are here simulated by other Workers in the same process.`;

/** A line of the table. */
export function row({ name, trips, scripts, time }: Asked): string[] {
  const middle = (key: keyof Trips): string =>
    trips.length === 0 ? '' : String(median(trips.map((trip) => trip[key])));
  return [
    name,
    ...(['database', 'withHistory', 'smdRequests', 'smdSteps'] as const).map(middle),
    trips.length === 0 ? '' : String(most(trips, 'smdSteps')),
    String(scripts),
    time.toFixed(2),
  ];
}

/** What the table does not say. */
export function bundleSummary({ raw, gzipped, startUp, ...bundle }: WorkerBundle): string {
  return `${nameOf(bundle)} has ${kilobytes(raw)} KB, ${kilobytes(gzipped)} KB gzipped; an isolate takes ${startUp.toFixed(0)} ms of processor time to start (median of wrangler's profiles).`;
}

/** What must hold. */
export function workerBounds(asked: readonly Asked[], bundles: readonly WorkerBundle[]): Bound[] {
  const trips = asked.flatMap((one) => one.trips);
  const wrong = asked.reduce((sum, one) => sum + one.wrong, 0);
  return [
    { holds: wrong === 0, text: `each answer is the node's own script (${wrong} are not)` },
    {
      holds: most(trips, 'database') <= TRIPS,
      text: `a script waits for ${most(trips, 'database')} database round trip, at most ${TRIPS}`,
    },
    {
      holds: most(trips, 'smdSteps') <= STEPS,
      text: `a script waits for ${most(trips, 'smdSteps')} requests to SMD one after the other, at most ${STEPS}`,
    },
    ...bundles.map(({ gzipped, ...bundle }) => ({
      holds: gzipped / 1000 <= GZIPPED,
      text: `${nameOf(bundle)} has ${kilobytes(gzipped)} KB gzipped, at most ${GZIPPED}`,
    })),
  ];
}

function nameOf({ environment }: Pick<WorkerBundle, 'environment'>): string {
  return environment === '' ? 'The bundle' : `The bundle of the environment ${environment}`;
}

function most(trips: readonly Trips[], key: keyof Trips): number {
  return Math.max(...trips.map((trip) => trip[key]));
}

function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(1);
}
