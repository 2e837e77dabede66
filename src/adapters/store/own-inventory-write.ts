import { and, type SQL, sql } from 'drizzle-orm';
import type { Entry } from '../../core/own-inventory/entry.ts';
import type { EntryChange, EntryFilter } from '../../ports/own-inventory.ts';
import { announce } from './announcement.ts';
import type { Batch, Database, Statement } from './driver.ts';
import { integerArray, rowsOf, textArray } from './json-rows.ts';
import { claimRevision } from './recent-writes.ts';
import { ownInventory, storeRevision } from './schema.ts';
import { CLOCK } from './select.ts';

/** Seconds from reading to writing, as for records. */
const LIFETIME = 8;

const COLUMNS = sql`kind text, id text, xnames text[], macs macaddr[], addresses inet[], nids integer[], hostnames text[], names text[], document jsonb`;

/** The condition on the table for what any of some filters finds; each part can use an index. */
export function matching(filters: readonly EntryFilter[]): SQL {
  if (filters.length === 0) return sql`false`;
  return sql.join(filters.map(conditionFor), sql` or `);
}

function conditionFor({ kind, ids, xnames, addresses, nids }: EntryFilter): SQL {
  const some = [
    ids && sql`${ownInventory.id} = any(${textArray(JSON.stringify(ids))})`,
    xnames && sql`${ownInventory.xnames} && ${textArray(JSON.stringify(xnames))}`,
    addresses && sql`${ownInventory.addresses} && ${textArray(JSON.stringify(addresses))}::inet[]`,
    nids && sql`${ownInventory.nids} && ${integerArray(JSON.stringify(nids))}`,
  ].filter((condition) => condition !== undefined);
  const ofKind = sql`${ownInventory.kind} = ${kind}`;
  return some.length === 0 ? sql`(${ofKind})` : sql`(${ofKind} and (${sql.join(some, sql` or `)}))`;
}

/**
 * The statements of one write, to run as one batch: lock the revision row, count it up if what was read still holds and is
 * not too long ago, and, if it was, remove and put.
 */
export function entryStatements(db: Database, writeId: string, { basis, put, remove }: EntryChange): Batch {
  const goesAhead = sql`exists (select 1 from ${storeRevision} where ${storeRevision.writeId} = ${writeId}::uuid)`;
  return [
    db.select({ revision: storeRevision.revision }).from(storeRevision).for('update'),
    claim(db, writeId, basis),
    ...removal(db, remove, goesAhead),
    ...insertion(db, put, goesAhead),
    announce(db, writeId, [], true),
  ];
}

/** Whether exactly the entries that were found are found now, each at the revision that it had. */
function claim(db: Database, writeId: string, { filters, found: { entries, asOf } }: EntryChange['basis']): Statement {
  const seen = rowsOf(
    entries.map(({ kind, id, revision }) => ({ kind, id, revision })),
    sql`kind text, id text, revision bigint`,
  );
  const meeting = sql`(select count(*) from ${ownInventory} where ${matching(filters)})`;
  const asSeen = sql`(select count(*) from ${ownInventory} join ${seen} on r.kind = ${ownInventory.kind} and r.id = ${ownInventory.id} and r.revision = ${ownInventory.revision})`;
  const holds = and(
    sql`${meeting} = ${entries.length}::integer`,
    sql`${asSeen} = ${entries.length}::integer`,
    sql`${CLOCK} < ${asOf + LIFETIME}::double precision`,
  );
  return claimRevision(db, writeId, holds);
}

function removal(db: Database, entries: EntryChange['remove'], goesAhead: SQL): Statement[] {
  if (entries.length === 0) return [];
  const rows = rowsOf(
    entries.map(({ kind, id }) => ({ kind, id })),
    sql`kind text, id text`,
  );
  const isOne = sql`(${ownInventory.kind}, ${ownInventory.id}) in (select r.kind, r.id from ${rows})`;
  return [db.delete(ownInventory).where(and(isOne, goesAhead))];
}

/** All entries from one JSON parameter. Drizzle's insert-select names every column, in the table's order. */
function insertion(db: Database, entries: readonly Entry[], goesAhead: SQL): Statement[] {
  if (entries.length === 0) return [];
  const rows = entries.map(({ kind, id, keys, document }) => ({ kind, id, ...keys, document }));
  return [
    db
      .insert(ownInventory)
      .select(
        db
          .select({
            kind: sql<string>`r.kind`.as('kind'),
            id: sql<string>`r.id`.as('id'),
            xnames: sql<string[]>`r.xnames`.as('xnames'),
            macs: sql<string[]>`r.macs`.as('macs'),
            addresses: sql<string[]>`r.addresses`.as('addresses'),
            nids: sql<number[]>`r.nids`.as('nids'),
            hostnames: sql<string[]>`r.hostnames`.as('hostnames'),
            names: sql<string[]>`r.names`.as('names'),
            document: sql<Entry['document']>`r.document`.as('document'),
            revision: sql<number>`(select ${storeRevision.revision} from ${storeRevision})`.as('revision'),
          })
          .from(rowsOf(rows, COLUMNS))
          .where(goesAhead),
      )
      .onConflictDoUpdate({
        target: [ownInventory.kind, ownInventory.id],
        set: {
          xnames: sql`excluded.xnames`,
          macs: sql`excluded.macs`,
          addresses: sql`excluded.addresses`,
          nids: sql`excluded.nids`,
          hostnames: sql`excluded.hostnames`,
          names: sql`excluded.names`,
          document: sql`excluded.document`,
          revision: sql`excluded.revision`,
        },
      }),
  ];
}
