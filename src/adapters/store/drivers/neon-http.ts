import { neon, neonConfig } from '@neondatabase/serverless';
import { drizzle } from 'drizzle-orm/neon-http';
import type { Driver } from '../driver.ts';

/** Milliseconds that a request may take: a node has to hear of an outage before a gateway cuts it off. */
const TIMEOUT = 8000;

neonConfig.fetchFunction = (url: string, init: RequestInit): Promise<Response> =>
  fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT) });

/** PostgreSQL by Neon's HTTP: one request for a query, one for a batch. There is nothing to keep open. */
export function neonHttpDriver(databaseUrl: string): Driver {
  const db = drizzle({ client: neon(databaseUrl) });
  return {
    db,
    batch: (build) => db.batch(build(db)),
    close: async () => {},
  };
}
