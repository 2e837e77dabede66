import type { AddressInfo } from 'node:net';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { queuedHistory } from '../../src/adapters/history/queued-history.ts';
import { pgliteDriver } from '../../src/adapters/store/drivers/pglite.ts';
import { migratePglite } from '../../src/adapters/store/migrate.ts';
import { mirroredAlone } from '../../src/adapters/store/mirror/mirrored-persistence.ts';
import type { Persistence } from '../../src/adapters/store/persistence.ts';
import { depsFromSettings } from '../../src/compose/app-from-settings.ts';
import { readSettings } from '../../src/config.ts';
import { packagedDocument } from '../../src/node/document.ts';
import { openNodeInventory } from '../../src/node/inventory.ts';
import { createNodeServer, nodeRuntime } from '../../src/node/server.ts';
import { openStore } from '../../src/node/store.ts';
import { silentLog } from '../support/silent-log.ts';
import { startWorkerService } from '../support/worker-service.ts';

/** A service that answers HTTP, and what a test needs besides. */
export type Service = {
  readonly origin: string;
  query(text: string): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
};

/** Starts a service with a database of its own, or with somebody else's on PostgreSQL. */
export type StartService = (settings: Record<string, string>, databaseUrl?: string) => Promise<Service>;

/** Both entries, and the roads of Workers to a database: what a database may do to a service is tried on each. */
export const services = {
  /** The Node entry's server, in this process: over PGlite, or over the database that it is given. */
  async Node(environment, databaseUrl?: string) {
    const { persistence, query, close } = databaseUrl === undefined ? await embedded() : await pooled(databaseUrl);
    const { settings } = readSettings(environment);
    const { store, accesses, copy, own } = persistence;
    const inventory = openNodeInventory(settings, silentLog);
    inventory?.start(copy);
    const server = createNodeServer(
      depsFromSettings(settings, {
        store,
        history: queuedHistory(accesses, true),
        inventory: inventory?.inventory,
        own,
        log: silentLog,
        scriptLog: () => {},
        runtime: nodeRuntime,
        document: packagedDocument,
        sharing: true,
      }),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return {
      origin: `http://127.0.0.1:${port}`,
      query,
      async stop() {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
        await inventory?.stop();
        await close();
      },
    };
  },
  /** The Worker in workerd, over PostgreSQL behind Neon's protocol. */
  Workers: (environment, databaseUrl?: string) => startWorker({ ...environment, BSS_STORE: 'neon' }, databaseUrl),
  /** The same over a Hyperdrive binding. */
  'Workers, Hyperdrive': (environment, databaseUrl?: string) =>
    startWorker({ ...environment, BSS_STORE: 'hyperdrive' }, databaseUrl),
} satisfies Record<string, StartService>;

async function startWorker(environment: Record<string, string>, databaseUrl: string | undefined): Promise<Service> {
  const worker = await startWorkerService(environment, databaseUrl === undefined ? {} : { databaseUrl });
  const pool = new pg.Pool({ connectionString: worker.databaseUrl });
  outliveCuts(pool);
  return {
    origin: worker.url,
    query: async (text) => (await pool.query(text)).rows,
    async stop() {
      await worker.stop();
      await pool.end();
    },
  };
}

type Opened = {
  readonly persistence: Persistence;
  readonly query: Service['query'];
  close(): Promise<void>;
};

async function embedded(): Promise<Opened> {
  const client = new PGlite();
  await migratePglite(client);
  const { persistence, read } = mirroredAlone(pgliteDriver(client));
  await read();
  return {
    persistence,
    async query(text) {
      const { rows } = await client.query<Record<string, unknown>>(text);
      // The service does not expect others to write.
      if (!/^select/i.test(text)) await read();
      return rows;
    },
    close: () => client.close(),
  };
}

async function pooled(databaseUrl: string): Promise<Opened> {
  const store = openStore(readSettings({ DATABASE_URL: databaseUrl }).settings, silentLog);
  await store.ready;
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  outliveCuts(pool);
  return {
    persistence: store,
    query: async (text) => (await pool.query(text)).rows,
    async close() {
      await store.close();
      await pool.end();
    },
  };
}

/** A connection that is cut fails the query at hand; its event would end the process. */
function outliveCuts(pool: pg.Pool): void {
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
}
