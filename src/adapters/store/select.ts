import { and, eq, isNotNull, or, type SQL, sql } from 'drizzle-orm';
import type { ConfigurationMatch } from '../../core/configuration.ts';
import type { Wanted } from '../../ports/store.ts';
import type { Database } from './driver.ts';
import { integerArray, type JsonParameter, macArray, textArray } from './json-rows.ts';
import { OWN_KEYS, type OwnKeys, ownKeys, ownSubqueries, STORED_AS_OWN } from './own-rows.ts';
import { bootConfigs, bootGroupAssignments, bootGroups, bootImages, nodes, storeRevision } from './schema.ts';

/** Conditions on the three tables that records come from. */
export type Conditions = {
  readonly nodes: SQL;
  readonly groups: SQL;
  readonly images: SQL;
  /** What nodes of the own inventory are looked for by; without any, the conditions speak of none. */
  readonly own?: OwnKeys | undefined;
};

export const NOTHING = sql`false`;
/** Seconds by the clock of the database's server. */
export const CLOCK = sql`extract(epoch from clock_timestamp())::double precision`;
export const EVERYTHING: Conditions = { nodes: sql`true`, groups: sql`true`, images: sql`true` };

/** Nodes by identifiers and groups by names, as parameters of a query that is prepared once: what a script asks. */
export const BY_IDENTIFIERS: Conditions = {
  nodes: storedUnder(sql.placeholder('macs'), sql.placeholder('xnames'), sql.placeholder('nids')),
  groups: named(sql.placeholder('names')),
  images: NOTHING,
};

/** The same, and what is stored of nodes of the own inventory, which are looked for in the same query. */
export const BY_OWN_KEYS: Conditions = {
  nodes: anyOf(BY_IDENTIFIERS.nodes, STORED_AS_OWN.nodes),
  groups: anyOf(BY_IDENTIFIERS.groups, STORED_AS_OWN.groups),
  images: NOTHING,
  own: OWN_KEYS,
};

/** The conditions for what is wanted; each can use an index. */
export function conditionsFor({ nodes: by, takenFor, own, names, images = [], matching }: Wanted): Conditions {
  const configs = matching && matchingConfigurations(matching);
  return {
    nodes: anyOf(
      by && storedUnder(JSON.stringify(by.macs), JSON.stringify(by.xnames), JSON.stringify(by.nids)),
      own && STORED_AS_OWN.nodes,
      takenFor && sql`${nodes.resolvedXname} = any(${textArray(JSON.stringify(takenFor))})`,
      configs &&
        sql`${nodes.id} in (select a.node_id from ${bootGroupAssignments} a join ${bootGroups} g on g.id = a.boot_group_id where g.boot_config_id in (${configs}))`,
    ),
    groups: anyOf(
      names && named(JSON.stringify(names)),
      own && STORED_AS_OWN.groups,
      configs && sql`${bootGroups.bootConfigId} in (${configs})`,
    ),
    images: anyOf(
      ...images.map(({ kind, uri }) => and(eq(bootImages.kind, kind), eq(bootImages.uri, uri))),
      matching && matchingImages(matching),
    ),
    own: own && ownKeys(own),
  };
}

/**
 * One query for everything that the conditions name: nodes, named groups, their configurations once each, and image
 * parameters: those that are asked for, and those that go with the configurations; what the own inventory says of nodes
 * that are looked for there; the server's time, and the newest revision. Each row is a kind and an object.
 */
export function selectRecords(db: Database, conditions: Conditions) {
  const wantedNodes = db.$with('wanted_nodes').as(
    db
      .select({
        id: nodes.id,
        revision: nodes.revision,
        xname: nodes.xname,
        mac: nodes.bootMac,
        nid: nodes.nid,
        resolved: nodes.resolvedXname,
        phoneHome: nodes.phoneHome,
        createdAt: sql<number>`extract(epoch from ${nodes.createdAt})`.as('created_at'),
        referralToken: bootGroupAssignments.referralToken,
        configurationId: bootGroups.bootConfigId,
      })
      .from(nodes)
      .leftJoin(bootGroupAssignments, eq(bootGroupAssignments.nodeId, nodes.id))
      .leftJoin(bootGroups, eq(bootGroups.id, bootGroupAssignments.bootGroupId))
      .where(conditions.nodes),
  );
  const wantedGroups = db.$with('wanted_groups').as(
    db
      .select({
        id: bootGroups.id,
        revision: bootGroups.revision,
        name: bootGroups.name,
        priority: bootGroups.priority,
        referralToken: bootGroups.referralToken,
        configurationId: bootGroups.bootConfigId,
      })
      .from(bootGroups)
      .where(and(isNotNull(bootGroups.name), conditions.groups)),
  );
  const wantedConfigs = db
    .$with('wanted_configs')
    .as(
      db
        .select()
        .from(bootConfigs)
        .where(
          sql`${bootConfigs.id} in (select boot_config_id from wanted_nodes union select boot_config_id from wanted_groups)`,
        ),
    );
  const own = conditions.own === undefined ? [] : ownSubqueries(db, conditions.own);
  const common = db
    .select({ kind: sql<string>`'node'`.as('kind'), row: sql<unknown>`to_json(wanted_nodes)`.as('row') })
    .from(wantedNodes)
    .unionAll(db.select({ kind: sql<string>`'group'`, row: sql<unknown>`to_json(wanted_groups)` }).from(wantedGroups))
    .unionAll(
      db.select({ kind: sql<string>`'configuration'`, row: sql<unknown>`to_json(wanted_configs)` }).from(wantedConfigs),
    )
    .unionAll(
      db
        .select({ kind: sql<string>`'image'`, row: sql<unknown>`to_json(boot_images)` })
        .from(bootImages)
        .where(conditions.images),
    )
    .unionAll(
      db
        .select({ kind: sql<string>`'configuration image'`, row: sql<unknown>`to_json(boot_images)` })
        .from(bootImages)
        .where(
          sql`${bootImages.uri} in (select kernel_uri from wanted_configs union select initrd_uri from wanted_configs)`,
        ),
    )
    .unionAll(db.select({ kind: sql<string>`'clock'`, row: sql<unknown>`to_json(${CLOCK})` }).from(storeRevision))
    .unionAll(
      db
        .select({ kind: sql<string>`'revision'`, row: sql<unknown>`to_json(${storeRevision.revision})` })
        .from(storeRevision),
    );
  const rows = (own.length === 0 ? common : common.unionAll(ownRows(db))).as('rows');
  return db
    .with(...own, wantedNodes, wantedGroups, wantedConfigs)
    .select()
    .from(rows);
}

function ownRows(db: Database) {
  const row = sql<unknown>`json_build_object('kind', kind, 'id', id, 'document', document)`;
  const said = sql`(select kind, id, document from own_rows union all select kind, id, document from own_claims) as said`;
  return db.select({ kind: sql<string>`'own'`, row }).from(said);
}

function storedUnder(macs: JsonParameter, xnames: JsonParameter, nids: JsonParameter): SQL {
  return anyOf(
    sql`${nodes.bootMac} = any(${macArray(macs)})`,
    sql`${nodes.xname} = any(${textArray(xnames)})`,
    sql`${nodes.nid} = any(${integerArray(nids)})`,
  );
}

function named(names: JsonParameter): SQL {
  return sql`${bootGroups.name} = any(${textArray(names)})`;
}

function anyOf(...conditions: (SQL | undefined)[]): SQL {
  return or(...conditions) ?? NOTHING;
}

function matchingConfigurations({ kernel, initrd, params }: ConfigurationMatch): SQL {
  const condition = and(
    kernel === undefined ? undefined : eq(bootConfigs.kernelUri, kernel),
    initrd === undefined ? undefined : eq(bootConfigs.initrdUri, initrd),
    params === undefined ? undefined : eq(bootConfigs.cmdline, params),
  );
  return sql`select ${bootConfigs.id} from ${bootConfigs} where ${condition ?? NOTHING}`;
}

/** An image record has one image: it matches when that image and, if named, the parameters are meant. */
function matchingImages({ kernel, initrd, params }: ConfigurationMatch): SQL | undefined {
  if (kernel !== undefined && initrd !== undefined) return undefined;
  return and(
    kernel === undefined ? undefined : and(eq(bootImages.kind, 'kernel'), eq(bootImages.uri, kernel)),
    initrd === undefined ? undefined : and(eq(bootImages.kind, 'initrd'), eq(bootImages.uri, initrd)),
    params === undefined ? undefined : eq(bootImages.params, params),
  );
}
