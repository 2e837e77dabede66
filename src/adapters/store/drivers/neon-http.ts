import { neon, neonConfig } from '@neondatabase/serverless';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/neon-http';
import type { Driver } from '../driver.ts';

/** Milliseconds that a request may take: a node has to hear of an outage before a gateway cuts it off. */
const TIMEOUT = 8000;

neonConfig.fetchFunction = (url: string, init: RequestInit): Promise<Response> =>
  fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT) });

/** Ends a batch that is held up on its way to the database before its client is told that it failed. */
const LIMIT = sql`select set_config('idle_in_transaction_session_timeout', '7000', true)`;

/** PostgreSQL by Neon's HTTP: one request for a query, one for a batch. There is nothing to keep open. */
export function neonHttpDriver(databaseUrl: string): Driver {
  const db = drizzle({ client: neon(databaseUrl) });
  return {
    db,
    batch: async (build) => (await db.batch([db.execute(LIMIT), ...build(db)])).slice(1),
    close: async () => {},
  };
}
