import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { noStoreLookUps, type StoreLookUps } from '../adapters/look-ups.ts';
import { announceNothing } from '../adapters/store/announcement.ts';
import { openDataFolder } from '../adapters/store/data-folder.ts';
import { nodePostgresDriver } from '../adapters/store/drivers/node-postgres.ts';
import { pgliteDriver } from '../adapters/store/drivers/pglite.ts';
import { latePersistence } from '../adapters/store/late-persistence.ts';
import { checkDatabase, migrateDatabase, SchemaError } from '../adapters/store/migrate.ts';
import { type Follower, followPostgres } from '../adapters/store/mirror/follow-postgres.ts';
import { createMirror } from '../adapters/store/mirror/mirror.ts';
import { mirroredAlone, mirroredPersistence } from '../adapters/store/mirror/mirrored-persistence.ts';
import type { Persistence } from '../adapters/store/persistence.ts';
import { clientConfig, type PostgresConnection } from '../adapters/store/postgres-connection.ts';
import { unwatched } from '../adapters/watched-call.ts';
import { databaseConnection, listenConnection } from '../compose/database-connection.ts';
import { SettingError, type Settings } from '../config.ts';
import type { CallWatch } from '../ports/call-watch.ts';
import type { Log } from '../ports/log.ts';

/** A store that is on its way up. */
export type OpenStore = Persistence & {
  /** Done when the store is up; fails with a `SchemaError` when it never will be. */
  readonly ready: Promise<void>;
  /** How often it was looked at for scripts, or ahead of them. */
  lookUps(): Readonly<StoreLookUps>;
  /** The connections to its database, by what they are for; an embedded one has none. */
  readonly pools: Readonly<Record<string, PoolSize>>;
  close(): Promise<void>;
};

/** How many connections there are, how many of them are not in use, and how many queries wait for one. */
export type PoolSize = { readonly totalCount: number; readonly idleCount: number; readonly waitingCount: number };

/**
 * Opens the store that the settings ask for, without waiting for it; the calls of its database are watched. Throws a
 * `SettingError` when they ask for none.
 */
export function openStore(settings: Settings, log: Log, watch: CallWatch = unwatched): OpenStore {
  const database = databaseConnection(settings, readText);
  const kind = settings.BSS_STORE ?? (database !== undefined ? 'postgres' : 'pglite');
  if (kind === 'neon' || kind === 'hyperdrive') {
    throw new SettingError(`BSS_STORE ${kind} is for Workers: on Node set postgres or pglite`);
  }
  if (kind === 'pglite') return openPglite(settings.BSS_DATA_DIR, watch);
  if (database === undefined) throw new SettingError('BSS_STORE postgres needs DATABASE_URL or BSS_DBHOST');
  const prepare = settings.BSS_MIGRATE === 'auto' ? migrateDatabase : checkDatabase;
  return openPostgres(database, listenConnection(settings, readText) ?? database, prepare, log, watch);
}

function readText(path: string): string {
  return readFileSync(path, 'utf8');
}

function openPglite(folder: string, watch: CallWatch): OpenStore {
  const late = latePersistence();
  let lookUps: Readonly<StoreLookUps> = noStoreLookUps();
  const opened = openDataFolder(folder);
  return {
    store: late.store,
    accesses: late.accesses,
    copy: late.copy,
    own: late.own,
    ready: opened.then(async (client) => {
      const mirrored = mirroredAlone(pgliteDriver(client), watch);
      lookUps = mirrored.lookUps;
      late.bringUp(mirrored.persistence);
      await mirrored.read();
    }),
    lookUps: () => lookUps,
    pools: {},
    close: async () => (await opened).close(),
  };
}

/** Connections for what scripts and clients ask. */
const POOL = { max: 10, query_timeout: 8000 };
/** What is written behind answers has one of its own: a table that is slow to write must not use up those of scripts. */
const BEHIND_POOL = { max: 1, query_timeout: 3000 };

/** Milliseconds that what is in memory is taken for true without having been compared with the database. */
const LEASE = 1500;

/** Milliseconds between two tries to bring the database up, and after how many of them that is an error. */
const TRY_PAUSE = 200;
const COMPLAINT = 75;

function openPostgres(
  database: PostgresConnection,
  toListen: PostgresConnection,
  prepare: (database: PostgresConnection) => Promise<void>,
  log: Log,
  watch: CallWatch,
): OpenStore {
  const late = latePersistence();
  const pool = openPool(database, POOL, log);
  const behindPool = openPool(database, BEHIND_POOL, log);
  const mirror = createMirror(LEASE);
  const driver = nodePostgresDriver(pool);
  const behind = nodePostgresDriver(behindPool);
  const { persistence, own, lookUps } = mirroredPersistence(mirror, driver, behind, mirror.onWritten, watch);
  let follower: Follower | undefined;
  const stop = new AbortController();

  async function bringUp(): Promise<void> {
    for (let tries = 0; !stop.signal.aborted; tries++) {
      try {
        await prepare(database);
        late.bringUp(persistence);
        follower ??= followPostgres(
          () => openConnection(toListen),
          () => announceNothing(driver.db),
          mirror,
          own,
          log,
        );
        return;
      } catch (error) {
        if (error instanceof SchemaError) throw error;
        const reason = error instanceof pg.DatabaseError ? `refuses: ${error.message}` : 'cannot be reached yet';
        // What is started together comes up one after the other: that is no error yet.
        if (tries === 0) log.warn({ reason: String(error) }, `the database ${reason}; trying on`);
        else if (tries % COMPLAINT === 0) log.error({}, `the database ${reason}; trying on`, error);
      }
      await sleep(TRY_PAUSE, undefined, { signal: stop.signal }).catch(() => {});
    }
  }

  return {
    store: late.store,
    accesses: late.accesses,
    copy: late.copy,
    own: late.own,
    ready: bringUp(),
    lookUps: () => lookUps,
    pools: { requests: pool, behind: behindPool },
    async close() {
      stop.abort();
      follower?.stop();
      await Promise.all([pool.end(), behindPool.end()]);
    },
  };
}

/** A connection that hears of what others write. */
function openConnection(database: PostgresConnection): { client: pg.Client; cut(): void } {
  const config = clientConfig(database);
  const stream = typeof config.stream === 'function' ? config.stream() : new Socket();
  const limits = { connectionTimeoutMillis: 2000, query_timeout: 8000 };
  const client = new pg.Client({ ...config, keepAlive: true, ...limits, stream: () => stream });
  return { client, cut: () => void stream?.destroy() };
}

function openPool(database: PostgresConnection, limits: { max: number; query_timeout: number }, log: Log): pg.Pool {
  const pool = new pg.Pool({ ...clientConfig(database), keepAlive: true, connectionTimeoutMillis: 3000, ...limits });
  // The pool drops a connection that breaks while idle, and makes a new one when it needs one. One that breaks while in
  // use also fails its query; without a listener its event would end the process.
  pool.on('error', (error) => log.warn({ reason: error.message }, 'a database connection was lost'));
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}
