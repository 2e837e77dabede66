import type { Write } from './write.ts';

/** A write with when it was sent and when it was answered; one without a certain answer has no end. */
export type Timed = {
  readonly write: Write;
  readonly began: number;
  ended: number;
  /** It was acknowledged. */
  isDone: boolean;
  /** It was neither refused nor unsent. */
  mayBeDone: boolean;
  /** It was answered 503: it may only be done by mistake. */
  isPutOff: boolean;
};

/** Two writes of which the first came first, as what they left shows. */
export type Before = readonly [Timed, Timed];

/**
 * Whether writes can have been done one after the other: as what they left shows, and none before one that was answered
 * before it was sent. A write that was done by half, or forgotten by half, comes both before and after another.
 */
export function haveAnOrder(writes: readonly Timed[], shown: readonly Before[]): boolean {
  const told = writes.flatMap((one) =>
    writes.filter(({ began }) => one.ended < began).map((other): Before => [one, other]),
  );
  let before: readonly Before[] = [...told, ...shown];
  for (let left = new Set(writes); left.size > 0; ) {
    const later = new Set(before.map(([, other]) => other));
    const firsts = [...left].filter((write) => !later.has(write));
    if (firsts.length === 0) return false;
    for (const first of firsts) left.delete(first);
    before = before.filter(([one]) => left.has(one));
  }
  return true;
}
