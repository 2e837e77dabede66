import { PGlite } from '@electric-sql/pglite';
import { neonConfig } from '@neondatabase/serverless';
import pg from 'pg';
import { neonHttpDriver } from '../../src/adapters/store/drivers/neon-http.ts';
import { nodePostgresDriver } from '../../src/adapters/store/drivers/node-postgres.ts';
import { pgliteDriver } from '../../src/adapters/store/drivers/pglite.ts';
import { migrateDatabase, migratePglite } from '../../src/adapters/store/migrate.ts';
import { startNeonEndpoint } from '../support/neon-endpoint.ts';
import { freshDatabase } from '../support/postgres.ts';
import type { StoreUnderTest } from './store-contract.ts';

/** The ways to a database that a test runs against; each call makes a new, migrated, empty one. */
export const stores: Readonly<Record<string, (postgresUrl: string) => Promise<StoreUnderTest>>> = {
  async PGlite() {
    const client = new PGlite();
    await migratePglite(client);
    const driver = pgliteDriver(client);
    return {
      driver,
      query: async (text) => (await client.query<Record<string, unknown>>(text)).rows,
      close: driver.close,
    };
  },
  async 'node-postgres'(postgresUrl) {
    const url = await freshDatabase(postgresUrl);
    await migrateDatabase(url);
    const pool = new pg.Pool({ connectionString: url });
    const driver = nodePostgresDriver(pool);
    return { driver, query: async (text) => (await pool.query(text)).rows, close: driver.close };
  },
  async 'Neon over HTTP'(postgresUrl) {
    const url = await freshDatabase(postgresUrl);
    await migrateDatabase(url);
    const endpoint = await startNeonEndpoint(url);
    neonConfig.fetchEndpoint = endpoint.url;
    const pool = new pg.Pool({ connectionString: url });
    return {
      driver: neonHttpDriver('postgresql://user:password@database.neon.example/bss'),
      query: async (text) => (await pool.query(text)).rows,
      async close() {
        await pool.end();
        await endpoint.close();
      },
    };
  },
};
