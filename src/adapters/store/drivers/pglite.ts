import { setImmediate } from 'node:timers/promises';
import type { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import type { Driver } from '../driver.ts';
import { runInOrder } from './run-in-order.ts';

/** A database inside this process; its one connection runs one transaction after the other. */
export function pgliteDriver(client: PGlite): Driver {
  const db = drizzle({ client });
  return {
    db,
    batch: (build, claim) => db.transaction((tx) => runInOrder(build(tx), claim, letOthersIn)),
    close: () => client.close(),
  };
}

/** A statement stops all else in this process: what has come meanwhile is done before the next one. */
async function letOthersIn(): Promise<void> {
  await setImmediate();
}
