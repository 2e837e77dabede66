import { ServiceError } from '../../../core/errors.ts';
import type { Log } from '../../../ports/log.ts';
import { nextRun } from '../../next-run.ts';
import { DoubtfulAnswer, type KnownNames, type NodeChange } from './change-teller.ts';
import type { Knowledge } from './knowledge.ts';

/** Where a snapshot comes from. */
export type SnapshotSource = {
  /** Reads all of it, and tells what has changed. Throws when that cannot be had, or a `DoubtfulAnswer`. */
  read(known: () => KnownNames): AsyncIterable<readonly NodeChange[]>;
};

/** Milliseconds after the first of several failures; each further one doubles it, up to the period. */
const FIRST_PAUSE = 1000;
/** Readings come a little sooner than what is known gets too old: they take their time. */
const EARLY = 0.75;
/** The part of a period for which a source that takes long is left alone between two readings. */
const LEAST = 0.25;

type Failure = { readonly isDoubt: boolean; readonly since: number };

export type Refresher = {
  /** Reads the source; who asks together waits together. Throws `unavailable` when it gives nothing to rely on. */
  refresh(): Promise<void>;
  /** Done when the reading that is under way, or the first one, has ended, however. */
  settled(): Promise<void>;
  /** How the last reading failed, and since when, by the performance clock, all have; `undefined` when it did not. */
  failure(): Failure | undefined;
  /** Reads now and then in the background from now on. */
  start(): void;
  stop(): void;
};

/** Keeps knowledge fresh: every `periodMs`, and sooner while that fails, a little apart from other replicas. */
export function createRefresher(
  source: SnapshotSource,
  knowledge: Knowledge,
  { periodMs, log, onRead }: { readonly periodMs: number; readonly log: Log; readonly onRead?: (at: number) => void },
): Refresher {
  let failure: Failure | undefined;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;

  async function read(): Promise<void> {
    const at = performance.now();
    try {
      for await (const changes of source.read(knowledge.before)) knowledge.take(changes, at);
    } catch (error) {
      noteFailure(error);
      if (error instanceof ServiceError) throw error;
      throw new ServiceError('unavailable', 'the inventory gives nothing to rely on', { cause: error });
    }
    knowledge.taken(at);
    onRead?.(at);
    if (failure !== undefined) log.info({}, 'the inventory is read again');
    failure = undefined;
    failures = 0;
  }

  function noteFailure(error: unknown): void {
    const isDoubt = error instanceof DoubtfulAnswer;
    // A reading that the stop itself broke off is no outage.
    if (!isStopped && (failure === undefined || failure.isDoubt !== isDoubt)) {
      const cause = error instanceof ServiceError ? error.cause : error;
      const reason = cause instanceof Error ? cause.message : String(cause);
      log.error({ reason: reason.slice(0, 500) }, 'the inventory cannot be read: what was known before stands');
    }
    failure = { isDoubt, since: failure?.since ?? performance.now() };
    failures += 1;
  }

  let last: Promise<void> = Promise.resolve();
  const readNext = nextRun(read);

  function refresh(): Promise<void> {
    const reading = readNext();
    last = reading.catch(() => {});
    return reading;
  }

  /** Milliseconds until the next reading, after one that was begun at a time. */
  function pauseAfter(begun: number): number {
    const jitter = 0.8 + 0.2 * Math.random();
    if (failure !== undefined && !failure.isDoubt)
      return Math.min(FIRST_PAUSE * 2 ** (failures - 1), periodMs) * jitter;
    // What is known is as old as its reading's begin.
    return Math.max(periodMs * EARLY * jitter - (performance.now() - begun), periodMs * LEAST);
  }

  function goOn(): void {
    const begun = performance.now();
    refresh()
      .catch(() => {})
      .finally(() => {
        if (!isStopped) timer = setTimeout(goOn, pauseAfter(begun));
      });
  }

  return {
    refresh,
    settled: () => last,
    failure: () => failure,
    start: goOn,
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
