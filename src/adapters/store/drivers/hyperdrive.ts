import { AsyncLocalStorage } from 'node:async_hooks';
import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { inTime } from '../../deadline.ts';
import type { Batch, Database, Driver } from '../driver.ts';
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
    query: (config: pg.QueryConfig, values: unknown[]) => inTime(current().query(config, values), TIMEOUT),
  });

  return {
    db: drizzle({ client: queries }),
    async batch(build) {
      const start = Date.now();
      const client = await current().connect();
      const left = TIMEOUT - (Date.now() - start);
      const cut = setTimeout(() => client.connection.stream.destroy(), left);
      const begin = { text: beginWith(limits(left - BEGIN)), query_timeout: BEGIN };
      try {
        return await runTransaction(client, begin, () => sendAtOnce(client, build));
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
  const limits = { connectionTimeoutMillis: CONNECT, query_timeout: TIMEOUT, idleTimeoutMillis: 0 };
  const pool = new pg.Pool({ connectionString, max: 1, pipeline: true, ...limits });
  // A connection that breaks fails the query at hand, too; without listeners its event would fail the request.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/**
 * Sends the statements of a transaction and its commit without waiting in between: other writes wait while it is open, and
 * the database may be far away. After one that fails, the database refuses all others, and rolls back.
 */
async function sendAtOnce(client: pg.PoolClient, build: (db: Database) => Batch): Promise<unknown[]> {
  let sent = (): void => {};
  const sending = Object.assign(new pg.Pool(), {
    query(config: pg.QueryConfig, values: unknown[]) {
      sent();
      return client.query(config, values);
    },
  });
  const answers: Promise<unknown>[] = [];
  for (const statement of build(drizzle({ client: sending }))) {
    const { promise: isSent, resolve } = Promise.withResolvers<void>();
    sent = resolve;
    const answer = statement.execute();
    answers.push(answer);
    await Promise.race([isSent, answer]);
  }
  return await Promise.all([...answers, client.query('commit')]);
}

/** Ends a transaction at the database before its client is told that it failed. Only PostgreSQL 17 can limit all of it. */
function limits(milliseconds: number): string {
  const names = ['transaction_timeout', 'idle_in_transaction_session_timeout', 'statement_timeout', 'lock_timeout'];
  const list = names.map((name) => `'${name}'`).join(', ');
  return `select set_config(name, '${Math.max(milliseconds, 1)}', true) from pg_settings where name in (${list})`;
}
