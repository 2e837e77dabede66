import type { PGlite } from '@electric-sql/pglite';

/** Milliseconds between two looks. */
const PERIOD = 60_000;
/** Bytes of log after which there is something to do. */
const MUCH = 16 * 1024 * 1024;

const WRITTEN = 'select pg_wal_lsn_diff(pg_current_wal_lsn(), redo_lsn)::float8 as bytes from pg_control_checkpoint()';

/**
 * Does what PostgreSQL's own processes would do, which PGlite has not: once much has been written, dead rows are removed, and
 * a checkpoint is made. Without it the log grows for ever, and so does the time that a start after a kill takes.
 */
export function keepUp(client: PGlite): void {
  const timer = setInterval(() => {
    if (client.closed) clearInterval(timer);
    // What does not work now is tried again; whether the database works at all is seen by those who ask it.
    else void keepUpOnce(client).catch(() => {});
  }, PERIOD);
  timer.unref();
}

/** One look; answers whether there was something to do. */
export async function keepUpOnce(client: PGlite): Promise<boolean> {
  const { rows } = await client.query<{ bytes: number }>(WRITTEN);
  if (!rows.some(({ bytes }) => bytes > MUCH)) return false;
  await client.exec('vacuum (analyze)');
  await client.exec('checkpoint');
  return true;
}
