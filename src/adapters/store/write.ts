import { and, isNull, type SQL, sql } from 'drizzle-orm';
import { announce } from './announcement.ts';
import type { Batch, Database, Statement } from './driver.ts';
import { insertsOfConfigurations, insertsOfImages, insertsOfNodes } from './inserts.ts';
import { type Rows, rowsOf, uuidArray } from './json-rows.ts';
import { ownSubqueries } from './own-rows.ts';
import { claimRevision } from './recent-writes.ts';
import { bootConfigs, bootGroupAssignments, bootGroups, bootImages, nodes, storeRevision } from './schema.ts';
import { CLOCK, type Conditions } from './select.ts';

/** A row's id and the revision that was read of it. */
export type Seen = { readonly id: string; readonly revision: number };

type Row<Column extends string> = Readonly<Record<Column, unknown>>;

/** A change in terms of rows, whose keys are the columns' names. */
export type RowChange = {
  /** Made anew for each write. */
  readonly writeId: string;
  /** What was read: by which conditions, and which rows met them. */
  readonly conditions: Conditions;
  readonly seenNodes: Rows<Seen>;
  readonly seenGroups: readonly Seen[];
  readonly seenImages: readonly Seen[];
  /** When it was read, by the server's clock. */
  readonly seenAt: number | undefined;
  readonly removeNodes: readonly string[];
  readonly removeGroups: readonly string[];
  readonly removeImages: readonly string[];
  readonly configs: readonly Row<'id' | 'kernel_uri' | 'initrd_uri' | 'cmdline' | 'meta_data' | 'user_data'>[];
  readonly groups: readonly Row<'id' | 'boot_config_id' | 'name' | 'priority' | 'referral_token'>[];
  readonly nodes: Rows<Row<'id' | 'boot_mac' | 'xname' | 'nid' | 'resolved_xname' | 'phone_home'>>;
  /** Nodes whose rows stay as they are but for the revision. */
  readonly touchedNodes: Rows<Row<'id'>>;
  readonly assignments: Rows<Row<'node_id' | 'boot_group_id' | 'referral_token'>>;
  readonly images: readonly Row<'id' | 'kind' | 'uri' | 'params'>[];
  /** Xnames that written nodes resolve to, and did not before: no other node may go on claiming them. */
  readonly resolvedXnames: readonly string[];
  /** Configurations that the change may leave without a user. */
  readonly sweep: readonly string[];
};

/**
 * Seconds from reading to writing. A write that was held up on its way must not come after its client has been told that
 * it failed: no driver waits longer for it than this.
 */
const LIFETIME = 8;

/**
 * The statements of one write, to run as one batch. The first locks the revision row, so that the others see all that
 * was written before and nobody writes beside them. The second counts the revision up if what was read still holds and
 * is not too long ago; the rest do nothing unless it did. The last announces it to those who hold records in memory.
 */
export function writeStatements(db: Database, change: RowChange): Batch {
  const goesAhead = sql`exists (select 1 from ${storeRevision} where ${storeRevision.writeId} = ${change.writeId}::uuid)`;
  return [
    db.select({ revision: storeRevision.revision }).from(storeRevision).for('update'),
    claim(db, change),
    ...removals(db, change, goesAhead),
    ...insertsOfConfigurations(db, change, goesAhead),
    ...insertsOfNodes(db, change, goesAhead),
    ...insertsOfImages(db, change, goesAhead),
    ...sweeps(db, change, goesAhead),
    announce(db, change.writeId, [...change.removeNodes, ...change.removeGroups, ...change.removeImages], false),
  ];
}

function claim(db: Database, change: RowChange): Statement {
  const named = sql`${bootGroups.name} is not null and (${change.conditions.groups})`;
  const { own } = change.conditions;
  const holds = and(
    unchanged(nodes, change.conditions.nodes, change.seenNodes),
    unchanged(bootGroups, named, change.seenGroups),
    unchanged(bootImages, change.conditions.images, change.seenImages),
    change.seenAt === undefined ? undefined : sql`${CLOCK} < ${change.seenAt + LIFETIME}::double precision`,
  );
  return claimRevision(db, change.writeId, holds, own === undefined ? [] : ownSubqueries(db, own));
}

/** Whether exactly the rows that were seen meet the condition, each at the revision it was seen at. */
function unchanged(table: typeof nodes | typeof bootGroups | typeof bootImages, condition: SQL, seen: Rows<Seen>): SQL {
  const rows = rowsOf(seen, sql`id uuid, revision bigint`);
  const meeting = sql`(select count(*) from ${table} where ${condition})`;
  const asSeen = sql`(select count(*) from ${table} join ${rows} on r.id = ${table.id} and r.revision = ${table.revision})`;
  return sql`${meeting} = ${seen.length}::integer and ${asSeen} = ${seen.length}::integer`;
}

function removals(db: Database, change: RowChange, goesAhead: SQL): Statement[] {
  const remove = (table: typeof nodes | typeof bootGroups | typeof bootImages, ids: readonly string[]): Statement[] =>
    ids.length === 0 ? [] : [db.delete(table).where(and(sql`${table.id} = any(${uuidArray(ids)})`, goesAhead))];
  return [
    ...remove(nodes, change.removeNodes),
    ...remove(bootGroups, change.removeGroups),
    ...remove(bootImages, change.removeImages),
  ];
}

/** Nameless groups without nodes go, then configurations without groups. */
function sweeps(db: Database, { sweep }: RowChange, goesAhead: SQL): Statement[] {
  if (sweep.length === 0) return [];
  const touched = uuidArray(sweep);
  return [
    db
      .delete(bootGroups)
      .where(
        and(
          isNull(bootGroups.name),
          sql`${bootGroups.bootConfigId} = any(${touched})`,
          sql`not exists (select 1 from ${bootGroupAssignments} where ${bootGroupAssignments.bootGroupId} = ${bootGroups.id})`,
          goesAhead,
        ),
      ),
    db
      .delete(bootConfigs)
      .where(
        and(
          sql`${bootConfigs.id} = any(${touched})`,
          sql`not exists (select 1 from ${bootGroups} where ${bootGroups.bootConfigId} = ${bootConfigs.id})`,
          goesAhead,
        ),
      ),
  ];
}
