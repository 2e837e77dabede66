import { drizzle } from 'drizzle-orm/node-postgres';
import type { Pool } from 'pg';
import type { Driver } from '../driver.ts';
import { runInOrder } from './run-in-order.ts';

/** PostgreSQL by TCP, over a pool of connections. */
export function nodePostgresDriver(pool: Pool): Driver {
  const db = drizzle({ client: pool });
  return {
    db,
    batch: (build) => db.transaction((tx) => runInOrder(build(tx)), { isolationLevel: 'read committed' }),
    close: () => pool.end(),
  };
}
