import type { Access, AccessHistory, AccessTable } from '../../ports/access-history.ts';
import { nextRun } from '../next-run.ts';

/** So many accesses wait for a database that is away; the oldest go first. */
const CAPACITY = 200_000;

/** A history whose accesses wait in memory until somebody writes them. */
export type QueuedHistory = AccessHistory & {
  /** Writes what waits, as one statement. What could not be written goes on waiting; then this throws `unavailable`. */
  flush(): Promise<void>;
  /** How many accesses wait. */
  waiting(): number;
};

/**
 * Keeps accesses in memory, the newest of each name and endpoint, until they are written. They are let go only after
 * that, and a write may be done twice: so no request has to wait for another one's, which a Worker's cannot. With
 * `sharing` they do, so that a slow database is never asked twice at once.
 */
export function queuedHistory(table: AccessTable, sharing: boolean): QueuedHistory {
  const waiting = new Map<string, Access>();
  const flush = sharing ? nextRun(write) : write;

  async function write(): Promise<void> {
    const written = [...waiting];
    if (written.length === 0) return;
    await table.write(written.map(([, access]) => access));
    for (const [key, access] of written) if (waiting.get(key) === access) waiting.delete(key);
  }

  return {
    note(access) {
      const key = `${access.endpoint} ${access.name}`;
      // Taken out first, so that it goes to the end of the line.
      waiting.delete(key);
      waiting.set(key, access);
      if (waiting.size <= CAPACITY) return;
      const [oldest] = waiting.keys();
      if (oldest !== undefined) waiting.delete(oldest);
    },
    flush,
    waiting: () => waiting.size,
    async list(filter) {
      await flush();
      return table.read(filter);
    },
  };
}
