import { AsyncLocalStorage } from 'node:async_hooks';
import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import type { Driver } from '../driver.ts';
import { beginWith, runTransaction } from './node-postgres.ts';
import type { RequestScope } from './request-scope.ts';

/** Milliseconds that a query or a batch may take: a node has to hear of an outage before a gateway cuts it off. */
const TIMEOUT = 8000;
/** Of these, so many for a connection, and for the answer to what begins a transaction. */
const CONNECT = 6000;
const BEGIN = 1500;

/**
 * PostgreSQL by TCP through Hyperdrive, for requests that must not share a connection: what runs in a scope goes over the
 * scope's one, made when it is first needed. Outside of scopes the driver has none.
 */
export function hyperdriveDriver(connectionString: string): Driver & { openScope(): RequestScope } {
  const pools = new AsyncLocalStorage<pg.Pool>();

  function current(): pg.Pool {
    const pool = pools.getStore();
    if (pool === undefined) throw new Error('the database was asked outside of a request');
    return pool;
  }

  // Drizzle takes it for a pool, but only has it query; it never connects by itself.
  const queries = Object.assign(new pg.Pool(), {
    query: (config: pg.QueryConfig, values: unknown[]) => inTime(current().query(config, values)),
  });

  return {
    db: drizzle({ client: queries }),
    async batch(build, claim) {
      const start = Date.now();
      const client = await current().connect();
      const left = TIMEOUT - (Date.now() - start);
      const cut = setTimeout(() => client.end().catch(() => {}), left);
      const begin = { text: beginWith(limits(left - BEGIN)), query_timeout: BEGIN };
      try {
        return await runTransaction(client, begin, build, claim);
      } finally {
        clearTimeout(cut);
      }
    },
    close: async () => {},
    openScope() {
      const pool = openPool(connectionString);
      return { run: (work) => pools.run(pool, work), close: () => pool.end() };
    },
  };
}

function openPool(connectionString: string): pg.Pool {
  const limits = { max: 1, connectionTimeoutMillis: CONNECT, query_timeout: TIMEOUT, idleTimeoutMillis: 0 };
  const pool = new pg.Pool({ connectionString, ...limits });
  // A connection that breaks fails the query at hand, too; without listeners its event would fail the request.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/** Ends a transaction at the database before its client is told that it failed. Only PostgreSQL 17 can limit all of it. */
function limits(milliseconds: number): string {
  const names = ['transaction_timeout', 'idle_in_transaction_session_timeout', 'statement_timeout', 'lock_timeout'];
  const list = names.map((name) => `'${name}'`).join(', ');
  return `select set_config(name, '${Math.max(milliseconds, 1)}', true) from pg_settings where name in (${list})`;
}

/** Fails when it takes too long, though the connection still waits. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('the database did not answer in time')), TIMEOUT);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
