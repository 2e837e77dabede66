import type { Bound } from './bounds.ts';
import type { Measured } from './load.ts';
import { median } from './percentile.ts';
import type { SmdOrder } from './smd-process.ts';
import type { StrangerCounts } from './strangers-process.ts';

/** A way to be asked for scripts: with an inventory in a file, or with an SMD that is in some `mode`. */
export type Phase = { readonly name: string; readonly mode?: SmdOrder['mode']; readonly strangers: boolean };

/** One run of a phase; `seen` is what SMD saw during it. */
export type Run = {
  readonly known: Measured;
  readonly strangers: StrangerCounts | undefined;
  readonly seen: { readonly rate: number; readonly most: number } | undefined;
};

/** A phase and its runs, one in each turn. */
export type Result = { readonly phase: Phase; readonly runs: Run[] };

/** What SMD may see, whatever its state: requests per second, and waiting at once. */
const SMD_BOUND = { rate: 50, most: 32 };
/** How far the states of SMD may be from one another, and all from the file inventory. */
const [ALIKE, LEAST] = [0.8, 0.5];

/** The heads of what `row` gives, but for the first. */
export const HEAD =
  'scripts/s  of file  of file+s  p99 ms  of file  of file+s  no script  wait scripts  503  other  p99 ms  longest  SMD req/s  at once'.split(
    '  ',
  );

export const LEGEND = `Medians; of ratios within a turn too. Counts are of all runs, and SMD's figures those of its worst. file+s: file, strangers.
No script: what known nodes got that is not theirs, or not in time. From wait scripts on: what strangers got.`;

/** A line of the table. `file` and `crowded` are with the inventory in a file, without and with strangers. */
export function row(result: Result, file: Result, crowded: Result): string[] {
  const { phase, runs } = result;
  const middle = (key: 'rate' | 'p99'): number => median(runs.map(({ known }) => known[key]));
  const ratios = (key: 'rate' | 'p99'): string[] =>
    [file, crowded].map((other) => median(shares(result, other, key)).toFixed(2));
  const strangers = runs.flatMap((run) => run.strangers ?? []);
  const seen = runs.flatMap((run) => run.seen ?? []);
  return [
    phase.name,
    middle('rate').toFixed(0),
    ...ratios('rate'),
    middle('p99').toFixed(1),
    ...ratios('p99'),
    String(notScripts([result])),
    ...(strangers.length === 0
      ? ['', '', '', '', '']
      : [
          String(sum(strangers.map(({ wait }) => wait))),
          String(sum(strangers.map(({ unavailable }) => unavailable))),
          String(notForStrangers([result])),
          median(strangers.map(({ p99 }) => p99 ?? Number.NaN)).toFixed(0),
          Math.max(...strangers.map(({ longest }) => longest ?? Number.NaN)).toFixed(0),
        ]),
    ...(seen.length === 0
      ? ['', '']
      : [Math.max(...seen.map(({ rate }) => rate)).toFixed(1), String(Math.max(...seen.map(({ most }) => most)))]),
  ];
}

/** What the gate promises. */
export function gateBounds(results: readonly Result[], crowded: Result): Bound[] {
  const states = results.filter(({ phase }) => phase.mode !== undefined);
  const seen = states.flatMap(({ runs }) => runs.flatMap((run) => run.seen ?? []));
  const rate = Math.max(...seen.map((one) => one.rate));
  const most = Math.max(...seen.map((one) => one.most));
  const [wrong, other] = [notScripts(results), notForStrangers(results)];
  const broken = sum(results.flatMap(({ runs }) => runs.map(({ strangers }) => strangers?.broken ?? 0)));
  // Of any two states the median of what they show in the same turn. The extremes of single runs would be those of chance: two
  // runs of one and the same state differ by more than may be.
  const alike = (key: 'rate' | 'p99', what: string): Bound => {
    const share = Math.min(...states.flatMap((state) => states.map((other) => median(shares(state, other, key)))));
    return {
      holds: share >= ALIKE,
      text: `${what} in the states of SMD: the lowest is ${share.toFixed(2)} of the highest, at least ${ALIKE}`,
    };
  };
  const rates = Math.min(...states.map((state) => median(shares(state, crowded, 'rate'))));
  const p99s = Math.max(...states.map((state) => median(shares(state, crowded, 'p99'))));
  return [
    { holds: wrong === 0, text: `a known node gets its script and nothing else (${wrong} other answers)` },
    {
      holds: other === 0,
      text: `a stranger gets a wait script or a 503 with Retry-After (${other} do not, ${broken} of them for a broken connection)`,
    },
    alike('rate', 'scripts/s'),
    alike('p99', 'p99'),
    {
      holds: rates >= LEAST,
      text: `scripts/s with SMD: ${rates.toFixed(2)} of those with a file and strangers, at least ${LEAST}`,
    },
    {
      holds: p99s <= 1 / LEAST,
      text: `p99 with SMD: ${p99s.toFixed(2)} times that with a file and strangers, at most ${1 / LEAST}`,
    },
    { holds: rate <= SMD_BOUND.rate, text: `SMD sees ${rate.toFixed(1)} requests/s, at most ${SMD_BOUND.rate}` },
    { holds: most <= SMD_BOUND.most, text: `${most} requests wait for SMD at once, at most ${SMD_BOUND.most}` },
  ];
}

/** In each turn, how many times the other's figure. */
function shares(result: Result, other: Result, key: 'rate' | 'p99'): number[] {
  return result.runs.map(({ known }, turn) => known[key] / (other.runs[turn]?.known[key] ?? Number.NaN));
}

function notScripts(results: readonly Result[]): number {
  return sum(results.flatMap(({ runs }) => runs.map(({ known }) => known.wrong)));
}

function notForStrangers(results: readonly Result[]): number {
  return sum(
    results.flatMap(({ runs }) => runs.map(({ strangers }) => (strangers?.other ?? 0) + (strangers?.broken ?? 0))),
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
