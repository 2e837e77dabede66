import { and, type SQL, sql } from 'drizzle-orm';
import type { JsonObject } from '../../core/json.ts';
import type { PhoneHome } from '../../core/phone-home.ts';
import type { Database, Statement } from './driver.ts';
import { type Rows, rowsOf, textArray } from './json-rows.ts';
import { bootConfigs, bootGroupAssignments, bootGroups, bootImages, nodes, storeRevision } from './schema.ts';
import type { RowChange } from './write.ts';

/*
 * Each statement inserts rows of its table from one JSON parameter, or none unless the write `goesAhead`.
 * Drizzle's insert-select names every column, in the table's order.
 */

/** Rows of one statement: an embedded database lets nothing else happen in this process before it is done. */
const MOST = 1000;

export function insertsOfConfigurations(db: Database, { configs, groups }: RowChange, goesAhead: SQL): Statement[] {
  if (configs.length === 0) return [];
  const configRows = rowsOf(
    configs,
    sql`id uuid, kernel_uri text, initrd_uri text, cmdline text, meta_data jsonb, user_data jsonb`,
  );
  const groupRows = rowsOf(groups, sql`id uuid, boot_config_id uuid, name text, priority integer, referral_token uuid`);
  return [
    db
      .insert(bootConfigs)
      .select(
        db
          .select({
            id: sql<string>`r.id`.as('id'),
            kernelUri: sql<string | null>`r.kernel_uri`.as('kernel_uri'),
            initrdUri: sql<string | null>`r.initrd_uri`.as('initrd_uri'),
            cmdline: sql<string | null>`r.cmdline`.as('cmdline'),
            metaData: sql<JsonObject | null>`r.meta_data`.as('meta_data'),
            userData: sql<JsonObject | null>`r.user_data`.as('user_data'),
          })
          .from(configRows)
          .where(goesAhead),
      )
      .onConflictDoNothing(),
    db
      .insert(bootGroups)
      .select(
        db
          .select({
            id: sql<string>`r.id`.as('id'),
            bootConfigId: sql<string>`r.boot_config_id`.as('boot_config_id'),
            name: sql<string | null>`r.name`.as('name'),
            description: sql<string | null>`null`.as('description'),
            priority: sql<number>`r.priority`.as('priority'),
            referralToken: sql<string | null>`r.referral_token`.as('referral_token'),
            revision: currentRevision(),
          })
          .from(groupRows)
          .where(goesAhead),
      )
      .onConflictDoUpdate({
        target: bootGroups.id,
        set: {
          bootConfigId: sql`excluded.boot_config_id`,
          priority: sql`excluded.priority`,
          referralToken: sql`excluded.referral_token`,
          revision: sql`excluded.revision`,
        },
      }),
  ];
}

export function insertsOfNodes(db: Database, change: RowChange, goesAhead: SQL): Statement[] {
  return [
    ...releaseOfXnames(db, change, goesAhead),
    ...inParts(change.nodes).map((rows) => insertOfNodes(db, rows, goesAhead)),
    ...inParts(change.touchedNodes).map((rows) => touchOfNodes(db, rows, goesAhead)),
    ...inParts(change.assignments).map((rows) => insertOfAssignments(db, rows, goesAhead)),
  ];
}

/** Whoever is taken for one of these is no longer. */
function releaseOfXnames(db: Database, { resolvedXnames }: RowChange, goesAhead: SQL): Statement[] {
  if (resolvedXnames.length === 0) return [];
  const claimed = sql`${nodes.resolvedXname} = any(${textArray(JSON.stringify(resolvedXnames))})`;
  return [db.update(nodes).set({ resolvedXname: null }).where(and(claimed, goesAhead))];
}

function insertOfNodes(db: Database, rows: RowChange['nodes'], goesAhead: SQL): Statement {
  const nodeRows = rowsOf(
    rows,
    sql`id uuid, boot_mac macaddr, xname text, nid integer, resolved_xname text, phone_home jsonb`,
  );
  return db
    .insert(nodes)
    .select(
      db
        .select({
          id: sql<string>`r.id`.as('id'),
          bootMac: sql<string | null>`r.boot_mac`.as('boot_mac'),
          xname: sql<string | null>`r.xname`.as('xname'),
          nid: sql<number | null>`r.nid`.as('nid'),
          resolvedXname: sql<string | null>`r.resolved_xname`.as('resolved_xname'),
          phoneHome: sql<PhoneHome | null>`r.phone_home`.as('phone_home'),
          revision: currentRevision(),
          createdAt: sql<Date>`now()`.as('created_at'),
        })
        .from(nodeRows)
        .where(goesAhead),
    )
    .onConflictDoUpdate({
      target: nodes.id,
      set: {
        bootMac: sql`excluded.boot_mac`,
        xname: sql`excluded.xname`,
        nid: sql`excluded.nid`,
        resolvedXname: sql`excluded.resolved_xname`,
        phoneHome: sql`excluded.phone_home`,
        revision: sql`excluded.revision`,
      },
    });
}

/** A third of the work of writing the row anew. */
function touchOfNodes(db: Database, rows: RowChange['touchedNodes'], goesAhead: SQL): Statement {
  const isTouched = sql`${nodes.id} in (select r.id from ${rowsOf(rows, sql`id uuid`)})`;
  return db
    .update(nodes)
    .set({ revision: sql`(select ${storeRevision.revision} from ${storeRevision})` })
    .where(and(isTouched, goesAhead));
}

function insertOfAssignments(db: Database, rows: RowChange['assignments'], goesAhead: SQL): Statement {
  return db
    .insert(bootGroupAssignments)
    .select(
      db
        .select({
          nodeId: sql<string>`r.node_id`.as('node_id'),
          bootGroupId: sql<string>`r.boot_group_id`.as('boot_group_id'),
          referralToken: sql<string | null>`r.referral_token`.as('referral_token'),
        })
        .from(rowsOf(rows, sql`node_id uuid, boot_group_id uuid, referral_token uuid`))
        .where(goesAhead),
    )
    .onConflictDoUpdate({
      target: bootGroupAssignments.nodeId,
      set: { bootGroupId: sql`excluded.boot_group_id`, referralToken: sql`excluded.referral_token` },
    });
}

export function insertsOfImages(db: Database, { images }: RowChange, goesAhead: SQL): Statement[] {
  if (images.length === 0) return [];
  return [
    db
      .insert(bootImages)
      .select(
        db
          .select({
            id: sql<string>`r.id`.as('id'),
            kind: sql<'kernel' | 'initrd'>`r.kind`.as('kind'),
            uri: sql<string>`r.uri`.as('uri'),
            params: sql<string>`r.params`.as('params'),
            revision: currentRevision(),
          })
          .from(rowsOf(images, sql`id uuid, kind text, uri text, params text`))
          .where(goesAhead),
      )
      .onConflictDoUpdate({
        target: bootImages.id,
        set: { params: sql`excluded.params`, revision: sql`excluded.revision` },
      }),
  ];
}

function currentRevision(): SQL.Aliased<number> {
  return sql<number>`(select ${storeRevision.revision} from ${storeRevision})`.as('revision');
}

function inParts<Row extends object>(rows: Rows<Row>): Rows<Row>[] {
  const parts: Rows<Row>[] = [];
  for (let at = 0; at < rows.length; at += MOST) parts.push(rows.slice(at, at + MOST));
  return parts;
}
