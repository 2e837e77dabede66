import { isUnavailable } from '../../core/errors.ts';
import type { Batch, Database, Driver } from './driver.ts';
import { hasMet, orUnavailable } from './outage.ts';
import { storeRevision } from './schema.ts';

/** The place of the claim's answer among the answers of a batch; the claim answers a row when the write goes ahead. */
export const CLAIM = 1;

/** Milliseconds that the fate of a write is looked for. */
const PATIENCE = 1500;

/**
 * Runs the statements of one write as one batch. They all know its id, which is made anew for each write. Whether it went
 * ahead: `false` when another write came in between, and nothing was done.
 */
export async function runWrite(
  { db, batch }: Pick<Driver, 'db' | 'batch'>,
  writeId: string,
  build: (db: Database) => Batch,
): Promise<boolean> {
  try {
    const answers = await orUnavailable(() => batch(build, CLAIM));
    const claimed = answers[CLAIM];
    return Array.isArray(claimed) && claimed.length > 0;
  } catch (error) {
    if (hasMet(error)) return false;
    // The answer may have been lost, and not the write.
    if (isUnavailable(error) && (await isNewest(db, writeId))) return true;
    throw error;
  }
}

/**
 * Whether a write whose answer was lost is the newest one in the store; false when that cannot be told soon. The lock
 * waits for the end of the write's own transaction, in case that is still under way.
 */
async function isNewest(db: Database, writeId: string): Promise<boolean> {
  const look = db.select({ writeId: storeRevision.writeId }).from(storeRevision).for('update').execute();
  const tooLate = new Promise<[]>((resolve) => setTimeout(() => resolve([]), PATIENCE));
  const [newest] = await Promise.race([look, tooLate]).catch(() => []);
  return newest?.writeId === writeId;
}
