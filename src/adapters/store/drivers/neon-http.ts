import { neon } from '@neondatabase/serverless';
import { drizzle } from 'drizzle-orm/neon-http';
import type { Driver } from '../driver.ts';

/** PostgreSQL by Neon's HTTP: one request for a query, one for a batch. There is nothing to keep open. */
export function neonHttpDriver(databaseUrl: string): Driver {
  const db = drizzle({ client: neon(databaseUrl) });
  return {
    db,
    batch: (build) => db.batch(build(db)),
    close: async () => {},
  };
}
