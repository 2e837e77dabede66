import type { Access, AccessEndpoint, AccessHistory, AccessTable, NotedAccess } from '../../ports/access-history.ts';
import { nextRun } from '../next-run.ts';

/** So many names wait for a database that is away, for each endpoint; who came first goes first. */
const CAPACITY = 100_000;

/** So many names of an endpoint are written at a time, while more come. */
const SOME = 2000;

const ENDPOINTS = ['bootscript', 'user-data'] as const;

/** A history whose accesses wait in memory until somebody writes them. */
export type QueuedHistory = AccessHistory & {
  /** Writes what waits, as one statement. What could not be written goes on waiting; then this throws `unavailable`. */
  flush(): Promise<void>;
  /** The same for some of it, those who wait longest: so that a whole site that boots keeps no database busy with this. */
  flushSome(): Promise<void>;
  /** How many accesses wait. */
  waiting(): number;
};

/**
 * Keeps accesses in memory, the newest of each name and endpoint, until they are written. They are let go only after
 * that, and a write may be done twice: so no request has to wait for another one's, which a Worker's cannot. With
 * `sharing` they do, so that a slow database is never asked twice at once.
 */
export function queuedHistory(table: AccessTable, sharing: boolean): QueuedHistory {
  const waiting: Record<AccessEndpoint, Map<string, NotedAccess>> = { bootscript: new Map(), 'user-data': new Map() };
  const run = (most: number) => (sharing ? nextRun(() => write(most)) : () => write(most));
  const flush = run(Number.POSITIVE_INFINITY);

  async function write(most: number): Promise<void> {
    const written = ENDPOINTS.flatMap((endpoint) => firstOf(waiting[endpoint], endpoint, most));
    if (written.length === 0) return;
    await table.write(written);
    for (const { name, endpoint, epoch } of written) {
      const access = waiting[endpoint].get(name);
      if (access?.epoch === epoch) letGo(access);
    }
  }

  function letGo(access: NotedAccess): void {
    waiting[access.endpoint].delete(access.name);
    access.epoch = undefined;
  }

  return {
    note(access, epoch) {
      const { name, endpoint } = access;
      const names = waiting[endpoint];
      // Somebody else may have kept one of the same name.
      const waits = access.epoch === undefined ? names.get(name) : access;
      if (waits !== undefined) {
        waits.epoch = epoch;
        return;
      }
      access.epoch = epoch;
      names.set(name, access);
      if (names.size <= CAPACITY) return;
      const [first] = names.values();
      if (first !== undefined) letGo(first);
    },
    flush,
    flushSome: run(SOME),
    waiting: () => ENDPOINTS.reduce((sum, endpoint) => sum + waiting[endpoint].size, 0),
    async list(filter) {
      await flush();
      return table.read(filter);
    },
  };
}

function firstOf(names: ReadonlyMap<string, NotedAccess>, endpoint: AccessEndpoint, most: number): Access[] {
  const first: Access[] = [];
  for (const [name, { epoch }] of names) {
    if (first.length >= most) break;
    if (epoch !== undefined) first.push({ name, endpoint, epoch });
  }
  return first;
}
