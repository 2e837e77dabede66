import type { AddressInfo } from 'node:net';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { pgliteDriver } from '../../src/adapters/store/drivers/pglite.ts';
import { migratePglite } from '../../src/adapters/store/migrate.ts';
import { createStore } from '../../src/adapters/store/record-store.ts';
import { appFromSettings } from '../../src/compose/app-from-settings.ts';
import { inventoryByUrl } from '../../src/compose/inventory-by-url.ts';
import { readSettings } from '../../src/config.ts';
import { createNodeServer, nodeRuntime } from '../../src/node/server.ts';
import { freshDatabase } from '../support/postgres.ts';
import { silentLog } from '../support/silent-log.ts';
import { startWorkerService } from '../support/worker-service.ts';

/** A service that answers HTTP, and what a test needs besides. */
export type Service = {
  readonly origin: string;
  query(text: string): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
};

export type StartService = (settings: Record<string, string>, postgresUrl: string) => Promise<Service>;

/** Both entries: every case of the contract is run against each. */
export const services = {
  /** The Node entry's server over PGlite, in this process. */
  async Node(environment) {
    const { settings } = readSettings(environment);
    const client = new PGlite();
    await migratePglite(client);
    const driver = pgliteDriver(client);
    const server = createNodeServer(
      appFromSettings(settings, {
        store: createStore(driver),
        inventory: inventoryByUrl(settings, true, silentLog),
        log: silentLog,
        scriptLog: () => {},
        runtime: nodeRuntime,
      }),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return {
      origin: `http://127.0.0.1:${port}`,
      query: async (text) => (await client.query<Record<string, unknown>>(text)).rows,
      async stop() {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
        await driver.close();
      },
    };
  },
  /** The Worker in workerd, over PostgreSQL behind Neon's protocol. */
  async Workers(environment, postgresUrl) {
    const databaseUrl = await freshDatabase(postgresUrl);
    const worker = await startWorkerService(environment, { databaseUrl });
    const pool = new pg.Pool({ connectionString: databaseUrl });
    return {
      origin: worker.url,
      query: async (text) => (await pool.query(text)).rows,
      async stop() {
        await worker.stop();
        await pool.end();
      },
    };
  },
} satisfies Record<string, StartService>;
