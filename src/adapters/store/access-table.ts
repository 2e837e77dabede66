import { and, eq, sql } from 'drizzle-orm';
import * as v from 'valibot';
import type { Access, AccessTable } from '../../ports/access-history.ts';
import type { Driver } from './driver.ts';
import { rowsOf } from './json-rows.ts';
import { orUnavailable } from './outage.ts';
import { endpointAccess } from './schema.ts';

const rows = v.array(
  v.object({ name: v.string(), endpoint: v.picklist(['bootscript', 'user-data']), epoch: v.number() }),
);

/** The table of accesses over a driver. It needs none of the locks of records: the newest wins, whoever comes first. */
export function createAccessTable({ db }: Pick<Driver, 'db'>): AccessTable {
  return {
    async write(accesses) {
      if (accesses.length === 0) return;
      const noted = rowsOf(accesses, sql`name text, endpoint text, epoch bigint`);
      await orUnavailable(() =>
        db
          .insert(endpointAccess)
          .select(
            db
              .select({
                name: sql<string>`r.name`.as('name'),
                endpoint: sql<string>`r.endpoint`.as('endpoint'),
                lastEpoch: sql<number>`r.epoch`.as('last_epoch'),
              })
              .from(noted)
              // Replicas that write the same rows at once must take them in one order.
              .orderBy(sql`r.name`, sql`r.endpoint`),
          )
          .onConflictDoUpdate({
            target: [endpointAccess.name, endpointAccess.endpoint],
            set: { lastEpoch: sql`greatest(${endpointAccess.lastEpoch}, excluded.last_epoch)` },
          })
          .execute(),
      );
    },
    async read({ name, endpoint }): Promise<Access[]> {
      // PostgreSQL keeps no NUL, and takes none to compare with.
      if ([name, endpoint].some((text) => text?.includes('\0'))) return [];
      const answer = await orUnavailable(() =>
        db
          .select({ name: endpointAccess.name, endpoint: endpointAccess.endpoint, epoch: endpointAccess.lastEpoch })
          .from(endpointAccess)
          .where(
            and(
              name === undefined ? undefined : eq(endpointAccess.name, name),
              endpoint === undefined ? undefined : eq(endpointAccess.endpoint, endpoint),
            ),
          )
          .orderBy(endpointAccess.name, endpointAccess.endpoint)
          .execute(),
      );
      return v.parse(rows, answer);
    },
  };
}
