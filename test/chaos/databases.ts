import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import * as v from 'valibot';
import { openDataFolder } from '../../src/adapters/store/data-folder.ts';
import { startPostgres } from '../support/postgres.ts';
import type { Query } from './rows.ts';

/** A database under the service. */
export type Database = {
  readonly name: string;
  readonly settings: Readonly<Record<string, string>>;
  /** The same for a service that is there all the time; a database within the service's own process has none. */
  readonly bystander?: Readonly<Record<string, string>>;
  /** Stops it hard, and starts it again; a database within the service's own process has none. */
  readonly crash?: () => Promise<void>;
  readonly restart?: () => Promise<void>;
  /** Waits until nothing that a killed service began goes on. */
  quiet(): Promise<void>;
  /** Lets one ask it past the service; only while that does not run, where the database cannot be shared. */
  open(): Promise<{ readonly query: Query; close(): Promise<void> }>;
  remove(): Promise<void>;
};

const BYSTANDER = 'bystander';

const sessions = v.array(v.object({ pid: v.number() }));

/** A PostgreSQL server of its own. */
export async function postgresDatabase(): Promise<Database> {
  const postgres = await startPostgres();
  const url = await postgres.createDatabase();
  async function open(): Promise<{ query: Query; close(): Promise<void> }> {
    const client = new pg.Client(url);
    client.on('error', () => {});
    await client.connect();
    return { query: (text) => client.query(text), close: () => client.end() };
  }
  return {
    name: 'PostgreSQL',
    settings: { DATABASE_URL: url },
    bystander: { DATABASE_URL: `${url}?application_name=${BYSTANDER}` },
    async crash() {
      // Without the sessions' own end, each would go on with its statement, and answer, after the server is gone.
      const { query, close } = await open();
      const { rows } = await query('select pid from pg_stat_activity where client_port is not null');
      for (const { pid } of v.parse(sessions, rows)) endSession(pid);
      await postgres.crash();
      await close().catch(() => {});
    },
    restart: postgres.restart,
    async quiet() {
      const { query, close } = await open();
      const others = `select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and application_name <> '${BYSTANDER}'`;
      while ((await query(others)).rows.length > 0) await sleep(20);
      await close();
    },
    open,
    remove: postgres.stop,
  };
}

function endSession(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // It may have ended by itself: the service is killed at the same time.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** PGlite in a folder. */
export async function pgliteDatabase(): Promise<Database> {
  const folder = await mkdtemp(join(tmpdir(), 'bss-chaos-'));
  const data = join(folder, 'data');
  return {
    name: 'PGlite',
    settings: { BSS_DATA_DIR: data },
    async quiet() {},
    async open() {
      const client = await openDataFolder(data);
      return { query: (text) => client.query(text), close: () => client.close() };
    },
    remove: () => rm(folder, { recursive: true }),
  };
}
