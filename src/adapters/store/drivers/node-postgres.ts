import { drizzle } from 'drizzle-orm/node-postgres';
import type { Pool, PoolClient, QueryConfig } from 'pg';
import { type Driver, NothingDone } from '../driver.ts';
import { runInOrder } from './run-in-order.ts';

/** Milliseconds that the server gives a statement, a wait for a lock, and a transaction that nobody goes on with. */
const LIMITS =
  'set local statement_timeout = 8000; set local lock_timeout = 6000; set local idle_in_transaction_session_timeout = 4000';

/** PostgreSQL by TCP, over a pool of connections. */
export function nodePostgresDriver(pool: Pool): Driver {
  return {
    db: drizzle({ client: pool }),
    async batch(build, claim) {
      let isEnding = false;
      try {
        const client = await pool.connect();
        return await runTransaction(client, { text: beginWith(LIMITS) }, async () => {
          const answers = await runInOrder(build(drizzle({ client })), claim);
          isEnding = true;
          await client.query('commit');
          return answers;
        });
      } catch (cause) {
        throw isEnding ? cause : new NothingDone('the batch was not ended', { cause });
      }
    },
    close: () => pool.end(),
  };
}

/** Begins a transaction, with limits that end with it. */
export function beginWith(limits: string): string {
  return `begin isolation level read committed; ${limits}`;
}

/** Begins a transaction on a connection of a pool, has it run and committed, and gives the connection back. */
export async function runTransaction<Answers>(
  client: PoolClient,
  begin: QueryConfig,
  run: () => Promise<Answers>,
): Promise<Answers> {
  try {
    await client.query(begin);
    const answers = await run();
    client.release();
    return answers;
  } catch (error) {
    // Nobody knows what state the connection is in: it is closed, which ends its transaction, and never used again.
    client.release(true);
    throw error;
  }
}
