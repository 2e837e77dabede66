import { sql } from 'drizzle-orm';
import {
  bigint,
  check,
  index,
  inet,
  integer,
  jsonb,
  macaddr,
  pgSchema,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { JsonObject } from '../../core/json.ts';
import type { PhoneHome } from '../../core/phone-home.ts';

/** A schema of its own, so that the tables can live beside those of a legacy service in one database. */
export const boot = pgSchema('boot');

/**
 * The number of the newest write, in one row. Every write locks it first: writes happen one after the other, whatever
 * driver or replica they come from, and each leaves its number on the rows that it touched.
 */
export const storeRevision = boot.table(
  'store_revision',
  {
    id: integer('id').primaryKey().default(1),
    revision: bigint('revision', { mode: 'number' }).notNull().default(0),
    /** The write that made it; the statements of one write know by it that their write goes ahead. */
    writeId: uuid('write_id').notNull(),
  },
  (t) => [check('store_revision_is_one_row', sql`${t.id} = 1`)],
);

/**
 * What became of writes of the last minute, for who has lost the answer: a write notes itself here as part of its own
 * transaction. Whoever has noted it first without a revision has forbidden it: its own note then fails, and all of it.
 */
export const recentWrites = boot.table(
  'recent_writes',
  {
    writeId: uuid('write_id').primaryKey(),
    /** The revision that it made; none for a write that never will be done. */
    revision: bigint('revision', { mode: 'number' }),
    notedAt: timestamp('noted_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [index('recent_writes_noted_at').on(t.notedAt)],
);

/** One row per distinct configuration: the id is a digest of the content, and a row never changes. */
export const bootConfigs = boot.table(
  'boot_configs',
  {
    id: uuid('id').primaryKey(),
    kernelUri: text('kernel_uri'),
    initrdUri: text('initrd_uri'),
    cmdline: text('cmdline'),
    metaData: jsonb('meta_data').$type<JsonObject>(),
    userData: jsonb('user_data').$type<JsonObject>(),
  },
  (t) => [
    // URIs may be longer than a btree entry: hash indexes, for what is deleted or asked for by its image.
    index('boot_configs_kernel_uri').using('hash', t.kernelUri),
    index('boot_configs_initrd_uri').using('hash', t.initrdUri),
    check('boot_configs_absent_is_null', sql`${t.kernelUri} <> '' and ${t.initrdUri} <> '' and ${t.cmdline} <> ''`),
  ],
);

/** Ties nodes to a configuration: named (a tag or an inventory group), or the nameless one of a configuration. */
export const bootGroups = boot.table(
  'boot_groups',
  {
    id: uuid('id').primaryKey(),
    bootConfigId: uuid('boot_config_id')
      .notNull()
      .references(() => bootConfigs.id),
    name: text('name').unique(),
    description: text('description'),
    /** Orders named groups, higher first. */
    priority: integer('priority').notNull().default(0),
    referralToken: uuid('referral_token'),
    revision: bigint('revision', { mode: 'number' }).notNull(),
  },
  (t) => [
    index('boot_groups_boot_config').on(t.bootConfigId),
    uniqueIndex('boot_groups_nameless').on(t.bootConfigId).where(sql`${t.name} is null`),
  ],
);

/** A node that has a record, or that only phoned home. */
export const nodes = boot.table(
  'nodes',
  {
    id: uuid('id').primaryKey(),
    bootMac: macaddr('boot_mac').unique(),
    xname: text('xname').unique(),
    nid: integer('nid').unique(),
    /** What the inventory took the identifier for; unique, so that two identifiers of one node cannot both win a race. */
    resolvedXname: text('resolved_xname').unique(),
    phoneHome: jsonb('phone_home').$type<PhoneHome>(),
    revision: bigint('revision', { mode: 'number' }).notNull(),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [check('nodes_have_an_identifier', sql`num_nonnulls(${t.bootMac}, ${t.xname}, ${t.nid}) > 0`)],
);

/** Which configuration a node has, by the nameless group: at most one. */
export const bootGroupAssignments = boot.table(
  'boot_group_assignments',
  {
    nodeId: uuid('node_id')
      .primaryKey()
      .references(() => nodes.id, { onDelete: 'cascade' }),
    bootGroupId: uuid('boot_group_id')
      .notNull()
      .references(() => bootGroups.id),
    referralToken: uuid('referral_token'),
  },
  (t) => [index('boot_group_assignments_boot_group').on(t.bootGroupId)],
);

/** Parameters that go with a kernel or an initrd, on every node that boots it. */
export const bootImages = boot.table(
  'boot_images',
  {
    /** A digest of kind and URI. */
    id: uuid('id').primaryKey(),
    kind: text('kind', { enum: ['kernel', 'initrd'] }).notNull(),
    uri: text('uri').notNull(),
    params: text('params').notNull(),
    revision: bigint('revision', { mode: 'number' }).notNull(),
  },
  (t) => [
    index('boot_images_uri').using('hash', t.uri),
    check('boot_images_kind', sql`${t.kind} in ('kernel', 'initrd')`),
  ],
);

/** When a node last asked for what; one row per name and endpoint. */
export const endpointAccess = boot.table(
  'endpoint_access',
  {
    name: text('name').notNull(),
    endpoint: text('endpoint').notNull(),
    /** Seconds of Unix time. */
    lastEpoch: bigint('last_epoch', { mode: 'number' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.name, t.endpoint] })],
);

/** Whose copy `inventory_components` is, and as of when: at most one row. */
export const inventoryCopy = boot.table(
  'inventory_copy',
  {
    id: integer('id').primaryKey().default(1),
    /** A digest of the URL of the inventory that this is a copy of. */
    source: text('source').notNull(),
    /** When it was last asked for all that it knows. */
    asOf: timestamp('as_of', { withTimezone: true }),
  },
  (t) => [check('inventory_copy_is_one_row', sql`${t.id} = 1`)],
);

/** A kept copy of the inventory, one row per component, for a service that starts while its source is away. */
export const inventoryComponents = boot.table('inventory_components', {
  xname: text('xname').primaryKey(),
  component: jsonb('component').$type<JsonObject>().notNull(),
  /** When the source was asked for this. */
  seenAt: timestamp('seen_at', { withTimezone: true }).notNull(),
});

/**
 * The inventory of a site without SMD: what was added by hand, in SMD's words, and beside each the identifiers and names
 * that it is looked for by.
 */
export const ownInventory = boot.table(
  'own_inventory',
  {
    kind: text('kind').notNull(),
    /** An xname, a MAC without colons, a label: as SMD names such a thing. */
    id: text('id').notNull(),
    xnames: text('xnames').array().notNull(),
    macs: macaddr('macs').array().notNull(),
    addresses: inet('addresses').array().notNull(),
    nids: integer('nids').array().notNull(),
    hostnames: text('hostnames').array().notNull(),
    names: text('names').array().notNull(),
    document: jsonb('document').$type<JsonObject>().notNull(),
    revision: bigint('revision', { mode: 'number' }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.kind, t.id] }),
    // What waits to be put into an index is read through by every look into it: it must not wait.
    index('own_inventory_xnames').using('gin', t.xnames).with({ fastupdate: false }),
    index('own_inventory_macs').using('gin', t.macs).with({ fastupdate: false }),
    index('own_inventory_addresses').using('gin', t.addresses).with({ fastupdate: false }),
    index('own_inventory_nids').using('gin', t.nids).with({ fastupdate: false }),
    index('own_inventory_hostnames').using('gin', t.hostnames).with({ fastupdate: false }),
    check(
      'own_inventory_kind',
      sql`${t.kind} in ('component', 'interface', 'redfish endpoint', 'component endpoint', 'group')`,
    ),
  ],
);
