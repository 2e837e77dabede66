import { inTime } from '../../deadline.ts';
import type { OnWritten, Written } from '../written.ts';
import type { Reading } from './reading.ts';
import type { Records } from './records.ts';

/**
 * Records in memory, and how far they are to be relied on: `true` to the store; `behind` it while they are read, be it
 * anew; or cut off from it, as of when they were last known to be true.
 */
export type Mirror = {
  /** What was read last; `undefined` while nothing was. */
  records(): Records | undefined;
  /** Counts up with each change of them. */
  edition(): number;
  state(): 'true' | 'behind' | 'cut off';
  /** Seconds since the records were known to be true. */
  age(): number;
  /** The time by the store's clock, or a little before; `undefined` when it is not known. */
  storeTime(): number | undefined;
  /** Does a write of this process. */
  write<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Takes in a write of this process. */
  onWritten: OnWritten;
  /** Whether the write of this revision is one of this process, and taken in: what is announced may come before the acknowledgement. */
  isOwn(revision: number): Promise<boolean>;
  /** Takes in what others have written. */
  take(written: Written, revision: number): void;
  /** Puts all that is read in place of what was. Answers the revision. */
  replaceBy(read: () => Promise<Reading>): Promise<number>;
  /**
   * Says that the records are those of the store now, which has this revision. Without anybody who tells of changes they are
   * not relied on all the same, but for when the store is away. `storeTime` is what its clock showed before this was known.
   */
  isTrue(revision: number, isFollowed?: boolean, storeTime?: number): void;
  /** Says that nobody tells of changes any more. */
  isCutOff(): void;
};

/** Milliseconds for which the acknowledgement of a write that was announced is waited for: it comes on another connection. */
const PATIENCE = 50;

/** Nothing yet. What is not said to be true again within `leaseMs` is `behind`: the process may have been stopped for a while. */
export function createMirror(leaseMs = Number.POSITIVE_INFINITY): Mirror {
  let records: Records | undefined;
  let state: ReturnType<Mirror['state']> = 'behind';
  let trueAt = performance.now();
  let timeThen: number | undefined;
  /** What this process has written and nobody has told of yet: what is being read may lack it. */
  let untold: [Written, number][] = [];
  let edition = 0;
  const underWay = new Set<Promise<unknown>>();
  /** Those under way that were not what was announced: what others write has waited for them once. */
  const givenUp = new WeakSet<Promise<unknown>>();
  const has = (revision: number): boolean => untold.some(([, own]) => own === revision);

  function take(written: Written, revision: number): void {
    records?.take(written, revision);
    edition += 1;
  }

  return {
    records: () => records,
    edition: () => edition,
    state: () => (state === 'true' && performance.now() - trueAt > leaseMs ? 'behind' : state),
    age: () => Math.max(1, Math.round((performance.now() - trueAt) / 1000)),
    storeTime: () => (timeThen === undefined ? undefined : timeThen + (performance.now() - trueAt) / 1000),
    onWritten(revision, written) {
      take(written, revision);
      untold.push([written, revision]);
    },
    async write(work) {
      const writing = work();
      underWay.add(writing);
      try {
        return await writing;
      } finally {
        underWay.delete(writing);
      }
    },
    async isOwn(revision) {
      if (has(revision)) return true;
      const awaited = [...underWay].filter((write) => !givenUp.has(write));
      if (awaited.length === 0) return false;
      await inTime(Promise.allSettled(awaited), PATIENCE).catch(() => {
        for (const write of awaited) givenUp.add(write);
      });
      return has(revision);
    },
    take,
    async replaceBy(read) {
      state = 'behind';
      const { records: all, revision } = await read();
      for (const [written, since] of untold) all.take(written, since);
      records = all;
      edition += 1;
      return revision;
    },
    isTrue(revision, isFollowed = true, storeTime) {
      state = isFollowed ? 'true' : 'behind';
      trueAt = performance.now();
      timeThen = storeTime;
      untold = untold.filter(([, own]) => own > revision);
      records?.settle(revision);
    },
    isCutOff() {
      state = 'cut off';
    },
  };
}
