import { PGlite } from '@electric-sql/pglite';
import { neonConfig } from '@neondatabase/serverless';
import pg from 'pg';
import type { Driver } from '../../src/adapters/store/driver.ts';
import { neonHttpDriver } from '../../src/adapters/store/drivers/neon-http.ts';
import { nodePostgresDriver } from '../../src/adapters/store/drivers/node-postgres.ts';
import { pgliteDriver } from '../../src/adapters/store/drivers/pglite.ts';
import { migrateDatabase, migratePglite } from '../../src/adapters/store/migrate.ts';
import { startNeonEndpoint } from '../support/neon-endpoint.ts';
import { freshDatabase } from '../support/postgres.ts';
import type { StoreUnderTest } from './store-contract.ts';

/** A driver over a migrated, empty database, and a way to look at the tables behind its back. */
export type DriverUnderTest = Pick<StoreUnderTest, 'query' | 'roundTrips' | 'close'> & { readonly driver: Driver };

/** The ways to a database that a test in this process runs against; each call makes a new, migrated, empty one. */
export const stores: Readonly<Record<string, (postgresUrl: string) => Promise<DriverUnderTest>>> = {
  async PGlite() {
    const client = new PGlite();
    await migratePglite(client);
    const driver = pgliteDriver(client);
    // `exec` for the test's own looks at the tables: only the store's ways in are counted.
    const query = async (text: string) => (await client.exec(text))[0]?.rows ?? [];
    return { driver, query, roundTrips: countCalls(client, ['query', 'transaction']), close: driver.close };
  },
  async 'node-postgres'(postgresUrl) {
    const { url, behind } = await migratedDatabase(postgresUrl);
    const pool = new pg.Pool({ connectionString: url });
    const driver = nodePostgresDriver(pool);
    // The pool's own queries take a connection with a callback, a transaction takes one without.
    const queries = countCalls(pool, ['query']);
    const transactions = countCalls(pool, ['connect'], (args) => args.length === 0);
    return {
      driver,
      query: async (text) => (await behind.query(text)).rows,
      roundTrips: () => queries() + transactions(),
      async close() {
        await driver.close();
        await behind.end();
      },
    };
  },
  async 'Neon over HTTP'(postgresUrl) {
    const { url, behind } = await migratedDatabase(postgresUrl);
    const endpoint = await startNeonEndpoint(url);
    neonConfig.fetchEndpoint = endpoint.url;
    return {
      driver: neonHttpDriver('postgresql://user:password@database.neon.example/bss'),
      query: async (text) => (await behind.query(text)).rows,
      roundTrips: endpoint.requests,
      async close() {
        await behind.end();
        await endpoint.close();
      },
    };
  },
};

async function migratedDatabase(postgresUrl: string): Promise<{ url: string; behind: pg.Pool }> {
  const url = await freshDatabase(postgresUrl);
  await migrateDatabase(url);
  return { url, behind: new pg.Pool({ connectionString: url }) };
}

/** Counts calls of an object's methods from now on. */
function countCalls(
  target: object,
  methods: readonly string[],
  counts: (args: unknown[]) => boolean = () => true,
): () => number {
  let calls = 0;
  for (const method of methods) {
    const original: unknown = Reflect.get(target, method);
    if (typeof original !== 'function') throw new Error(`there is no ${method} to count`);
    Reflect.set(target, method, (...args: unknown[]) => {
      if (counts(args)) calls += 1;
      return Reflect.apply(original, target, args);
    });
  }
  return () => calls;
}
