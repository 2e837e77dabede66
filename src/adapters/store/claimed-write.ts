import * as v from 'valibot';
import { isUnavailable } from '../../core/errors.ts';
import { inTime } from '../deadline.ts';
import { type Batch, type Database, type Driver, NothingDone } from './driver.ts';
import { hasMet, orUnavailable } from './outage.ts';
import { revisionOrNever } from './recent-writes.ts';

/** The place of the claim's answer among the answers of a batch; the claim answers a row when the write goes ahead. */
export const CLAIM = 1;

const claim = v.array(v.object({ revision: v.number() }));

/**
 * Milliseconds from its beginning after which nobody looks any more what became of a write, unless that was hardly looked
 * for: its client has to be answered before a gateway cuts it off at 10 s.
 */
const PATIENCE = 8000;
const AT_LEAST = 1500;
/** Milliseconds that one look may take, and between two. */
const LOOK = 3000;
const PAUSE = 100;

/**
 * Runs the statements of one write as one batch. They all know its id, which is made anew for each write. Answers the
 * revision that it made; `undefined` when another write came in between, and nothing was done. When it throws, nothing was
 * done, nor will be; but where the answer was lost and the database does not come back in time, nobody can tell.
 */
export async function runWrite(
  { db, batch }: Pick<Driver, 'db' | 'batch'>,
  writeId: string,
  build: (db: Database) => Batch,
): Promise<number | undefined> {
  const began = performance.now();
  let isInDoubt = true;
  async function run(): Promise<readonly unknown[]> {
    try {
      return await batch(build, CLAIM);
    } catch (error) {
      if (!(error instanceof NothingDone)) throw error;
      isInDoubt = false;
      throw error.cause;
    }
  }
  try {
    const answers = await orUnavailable(run);
    return v.parse(claim, answers[CLAIM])[0]?.revision;
  } catch (error) {
    if (hasMet(error)) return undefined;
    const end = Math.max(began + PATIENCE, performance.now() + AT_LEAST);
    const revision = isUnavailable(error) && isInDoubt ? await fateOf(writeId, db, end) : undefined;
    if (revision !== undefined) return revision;
    throw error;
  }
}

/** The revision that a write whose answer was lost has made; `undefined` when it never will, or when that cannot be told in time. */
async function fateOf(writeId: string, db: Database, end: number): Promise<number | undefined> {
  for (let left = end - performance.now(); left > 0; left = end - performance.now()) {
    try {
      return await inTime(revisionOrNever(db, writeId), Math.min(left, LOOK));
    } catch {
      // The database may be back in time.
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
  return undefined;
}
