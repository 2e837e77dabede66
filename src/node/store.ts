import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { openDataFolder } from '../adapters/store/data-folder.ts';
import { nodePostgresDriver } from '../adapters/store/drivers/node-postgres.ts';
import { pgliteDriver } from '../adapters/store/drivers/pglite.ts';
import { lateStore } from '../adapters/store/late-store.ts';
import { checkDatabase, migrateDatabase, SchemaError } from '../adapters/store/migrate.ts';
import { createStore } from '../adapters/store/record-store.ts';
import { databaseUrl } from '../compose/database-url.ts';
import { SettingError, type Settings } from '../config.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';

/** A store that is on its way up. */
export type OpenStore = {
  readonly store: Store;
  /** Done when the store is up; fails with a `SchemaError` when it never will be. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
};

/** Opens the store that the settings ask for, without waiting for it. Throws a `SettingError` when they ask for none. */
export function openStore(settings: Settings, log: Log): OpenStore {
  const url = databaseUrl(settings);
  const kind = settings.BSS_STORE ?? (url !== undefined || settings.BSS_USESQL ? 'postgres' : 'pglite');
  if (kind === 'neon') throw new SettingError('BSS_STORE neon is for Workers: on Node set postgres or pglite');
  if (kind === 'pglite') return openPglite(settings.BSS_DATA_DIR);
  if (url === undefined) throw new SettingError('BSS_STORE postgres needs DATABASE_URL or BSS_DBHOST');
  return openPostgres(url, settings.BSS_MIGRATE === 'auto' ? migrateDatabase : checkDatabase, log);
}

function openPglite(folder: string): OpenStore {
  const late = lateStore();
  const opened = openDataFolder(folder);
  return {
    store: late.store,
    ready: opened.then((client) => late.bringUp(createStore(pgliteDriver(client)))),
    close: async () => (await opened).close(),
  };
}

function openPostgres(url: string, prepare: (url: string) => Promise<void>, log: Log): OpenStore {
  const late = lateStore();
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    keepAlive: true,
    connectionTimeoutMillis: 3000,
    query_timeout: 8000,
  });
  // The pool drops a connection that breaks while idle, and makes a new one when it needs one. One that breaks while in
  // use also fails its query; without a listener its event would end the process.
  pool.on('error', (error) => log.warn({ reason: error.message }, 'a database connection was lost'));
  pool.on('connect', (client) => client.on('error', () => {}));
  const stop = new AbortController();

  async function bringUp(): Promise<void> {
    for (let tries = 0; !stop.signal.aborted; tries++) {
      try {
        await prepare(url);
        return late.bringUp(createStore(nodePostgresDriver(pool)));
      } catch (error) {
        if (error instanceof SchemaError) throw error;
        if (tries % 30 === 0) log.error({}, 'the database cannot be reached yet; trying on', error);
      }
      await sleep(500, undefined, { signal: stop.signal }).catch(() => {});
    }
  }

  return {
    store: late.store,
    ready: bringUp(),
    async close() {
      stop.abort();
      await pool.end();
    },
  };
}
