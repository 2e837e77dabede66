import type { Bound } from './bounds.ts';
import type { Sample } from './gentle.ts';
import { percentile } from './percentile.ts';

/** A refresh that was forced: what had changed in SMD before, and the answer. */
export type Refresh = { readonly touch: string; readonly status: number; readonly milliseconds: number };

/** What the gentle client saw, alone or beside others. */
export type Phase = {
  readonly name: string;
  /** While a refresh went on. */
  readonly inside: readonly Sample[];
  readonly outside: readonly Sample[];
  readonly refreshes: readonly Refresh[];
  /** Whole lists that SMD was asked for. */
  readonly whole: number;
  /** The most resident memory, in MB. */
  readonly memory: number;
  /** Scripts per second of the others. */
  readonly rate: number | undefined;
};

/** Milliseconds that a script may wait for a refresh. */
const LONGEST_WAIT = 50;
/** MB of resident memory. */
const MEMORY = 400;

/** The heads of what `rows` gives, but for the first. */
export const HEAD = [
  ...['scripts', 'p50 ms', 'p99 ms', 'longest ms', `over ${LONGEST_WAIT} ms`, 'no script'],
  ...['forced refreshes', 'whole lists', 'RSS MB', 'others/s'],
];

/** Two lines of the table. */
export function rows(phase: Phase): string[][] {
  const { refreshes, whole, memory, rate } = phase;
  const took = refreshes.map(({ touch, milliseconds }) => `${touch} ${(milliseconds / 1000).toFixed(1)} s`).join(', ');
  return (['outside', 'inside'] as const).map((where) => {
    const samples = phase[where];
    return [
      `${phase.name}, ${where} refreshes`,
      String(samples.length),
      ...[0.5, 0.99, 1].map((share) => latency(samples, share).toFixed(1)),
      String(late(samples, LONGEST_WAIT).length),
      String(samples.filter(({ isScript }) => !isScript).length),
      ...(where === 'outside' ? ['', '', '', ''] : [took, String(whole), memory.toFixed(0), rate?.toFixed(0) ?? '']),
    ];
  });
}

/** What must hold; `peak` is the most resident memory since the start, in MB. */
export function refreshBounds(phases: readonly Phase[], peak: number): Bound[] {
  const failed = phases.flatMap(({ refreshes }) => refreshes).filter(({ status }) => status !== 204).length;
  const lost = phases.flatMap(({ inside, outside }) => [...inside, ...outside]).filter(({ isScript }) => !isScript);
  const memory = Math.max(peak, ...phases.map((phase) => phase.memory));
  return [
    { holds: failed === 0, text: `each forced refresh is done (${failed} are not)` },
    { holds: lost.length === 0, text: `each answer is a script that boots (${lost.length} are not)` },
    ...phases.map(waitBound),
    { holds: memory <= MEMORY, text: `resident memory is ${memory.toFixed(0)} MB at its height, at most ${MEMORY}` },
  ];
}

/**
 * A script waits for a refresh as long as it takes longer than others do outside of one. One that takes too long is not
 * the refresh's fault while as many do outside: then the machine is busy with something else.
 */
function waitBound({ name, inside, outside }: Phase): Bound {
  const usual = latency(outside, 0.5);
  const wait = latency(inside, 1) - usual;
  const [during, otherwise] = [inside, outside].map(
    (samples) => late(samples, usual + LONGEST_WAIT).length / samples.length,
  );
  const isFault = !(during !== undefined && otherwise !== undefined && during <= otherwise);
  const percent = (share = Number.NaN): string => `${(share * 100).toFixed(2)} %`;
  return {
    holds: wait <= LONGEST_WAIT || !isFault,
    text:
      `${name}, a script waits ${wait.toFixed(1)} ms for a refresh, at most ${LONGEST_WAIT} ` +
      `(longer: ${percent(during)} inside, ${percent(otherwise)} outside)`,
  };
}

function latency(samples: readonly Sample[], share: number): number {
  return percentile(
    samples.map(({ milliseconds }) => milliseconds),
    share,
  );
}

function late(samples: readonly Sample[], limit: number): Sample[] {
  return samples.filter(({ milliseconds }) => milliseconds > limit);
}
