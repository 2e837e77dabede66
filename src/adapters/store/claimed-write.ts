import * as v from 'valibot';
import { isUnavailable } from '../../core/errors.ts';
import { inTime } from '../deadline.ts';
import type { Batch, Database, Driver } from './driver.ts';
import { hasMet, orUnavailable } from './outage.ts';
import { storeRevision } from './schema.ts';

/** The place of the claim's answer among the answers of a batch; the claim answers a row when the write goes ahead. */
export const CLAIM = 1;

const claim = v.array(v.object({ revision: v.number() }));

/** Milliseconds that the fate of a write is looked for, and between two looks. */
const PATIENCE = 1500;
const PAUSE = 100;

/**
 * Runs the statements of one write as one batch. They all know its id, which is made anew for each write. Answers the
 * revision that it made; `undefined` when another write came in between, and nothing was done.
 */
export async function runWrite(
  { db, batch }: Pick<Driver, 'db' | 'batch'>,
  writeId: string,
  build: (db: Database) => Batch,
): Promise<number | undefined> {
  try {
    const answers = await orUnavailable(() => batch(build, CLAIM));
    return v.parse(claim, answers[CLAIM])[0]?.revision;
  } catch (error) {
    if (hasMet(error)) return undefined;
    // The answer may have been lost, and not the write.
    const revision = isUnavailable(error) ? await revisionOf(db, writeId) : undefined;
    if (revision !== undefined) return revision;
    throw error;
  }
}

/**
 * The revision that a write whose answer was lost has made, if it is the newest one in the store; `undefined` when that
 * cannot be told soon. The lock waits for the end of the write's own transaction, in case that is still under way.
 */
async function revisionOf(db: Database, writeId: string): Promise<number | undefined> {
  const { revision, writeId: newestWrite } = storeRevision;
  const end = performance.now() + PATIENCE;
  for (let left = PATIENCE; left > 0; left = end - performance.now()) {
    try {
      const look = db.select({ revision, writeId: newestWrite }).from(storeRevision).for('update').execute();
      const [newest] = await inTime(look, left);
      return newest?.writeId === writeId ? newest.revision : undefined;
    } catch {
      // The database may be back in time.
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
  return undefined;
}
