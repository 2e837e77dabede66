import { type SQL, sql, type WithSubquery } from 'drizzle-orm';
import type { AddressKey, NodeKey } from '../../core/component.ts';
import type { Database } from './driver.ts';
import type { JsonParameter } from './json-rows.ts';
import { bootGroups, nodes, ownInventory } from './schema.ts';

/** What nodes of the own inventory are looked for by: lists as JSON. */
export type OwnKeys = Readonly<Record<'xnames' | 'macs' | 'addresses' | 'nids' | 'hostnames', JsonParameter>>;

/** The keys as places of a query that is prepared once. */
export const OWN_KEYS: OwnKeys = {
  xnames: sql.placeholder('ownXnames'),
  macs: sql.placeholder('ownMacs'),
  addresses: sql.placeholder('ownAddresses'),
  nids: sql.placeholder('ownNids'),
  hostnames: sql.placeholder('ownHostnames'),
};

/** The keys by their kinds. Nobody has NID 0, and an address with a zone is no address to the database. */
export function ownKeys(keys: readonly (NodeKey | AddressKey)[]) {
  return {
    xnames: JSON.stringify(keys.flatMap((key) => (key.kind === 'xname' ? key.xname : []))),
    macs: JSON.stringify(keys.flatMap((key) => (key.kind === 'mac' ? key.mac : []))),
    addresses: JSON.stringify(
      keys.flatMap((key) => (key.kind === 'address' && !key.address.includes('%') ? key.address : [])),
    ),
    nids: JSON.stringify(keys.flatMap((key) => (key.kind === 'nid' && key.nid !== 0 ? key.nid : []))),
    hostnames: JSON.stringify(keys.flatMap((key) => (key.kind === 'hostname' ? key.hostname : []))),
  } satisfies OwnKeys;
}

type Column = (typeof ownInventory)[keyof OwnKeys];

/** What nodes of the own inventory are stored under, and their names; these stand beside `ownSubqueries`. */
export const STORED_AS_OWN = {
  nodes: sql`(${nodes.bootMac} = any(array(select unnest(macs) from own_rows)) or ${nodes.xname} = any(array(select xname from own_nodes)) or ${nodes.nid} = any(array(select unnest(nids) from own_rows)))`,
  groups: sql`${bootGroups.name} = any(array(select unnest(names) from own_rows))`,
} as const;

/**
 * Subqueries to select from: `own_nodes` are the nodes that keys name; `own_rows` is all that is said of them, a row for
 * each node that it is said of; `own_claims` are interfaces with a MAC of their endpoints, which may be another node's.
 * Of a group only its label is read: its members may be all nodes there are.
 */
export function ownSubqueries(db: Database, keys: OwnKeys): WithSubquery[] {
  const owners = [
    ownersBy(ownInventory.macs, keys.macs, sql`macaddr`),
    ownersBy(ownInventory.addresses, keys.addresses, sql`inet`),
    ownersBy(ownInventory.nids, keys.nids, sql`integer`),
    ownersBy(ownInventory.hostnames, keys.hostnames, sql`text`),
    sql`select jsonb_array_elements_text(${keys.xnames}::jsonb)`,
  ];
  const subquery = (name: string, query: SQL): WithSubquery => db.$with(name, {}).as(query);
  return [
    subquery('own_nodes', sql`select distinct xname from (${sql.join(owners, sql` union all `)}) as owners (xname)`),
    subquery(
      'own_rows',
      sql`select own_nodes.xname, kind, id, macs, nids, names, case kind when 'group' then ${AS_ONLY_MEMBER} else document end as document from own_nodes cross join lateral ${rowsWith(ownInventory.xnames, sql`own_nodes.xname`)} where kind <> 'redfish endpoint'`,
    ),
    subquery(
      'own_claims',
      sql`select kind, id, document from (select distinct unnest(macs) as mac from own_rows where kind = 'component endpoint') as claimed cross join lateral ${rowsWith(ownInventory.macs, sql`claimed.mac`)} where kind = 'interface'`,
    ),
  ];
}

const AS_ONLY_MEMBER = sql`jsonb_build_object('label', id, 'members', jsonb_build_object('ids', jsonb_build_array(own_nodes.xname)))`;

/** The limit cuts off nothing: it tells the planner how few keys there are. */
function ownersBy(column: Column, keys: JsonParameter, type: SQL): SQL {
  return sql`select unnest(xnames) from (select jsonb_array_elements_text(${keys}::jsonb) as key limit jsonb_array_length(${keys}::jsonb)) as keys cross join lateral ${rowsWith(column, sql`keys.key::${type}`)} where kind in ('component', 'interface', 'component endpoint')`;
}

/**
 * One look into an index for one value: for many at once an index takes a time that grows with their square. The offset
 * keeps the planner from looking by kind first, which it would where it knows nothing of the table yet. The same is asked
 * in two ways since it takes each for something that one row in a hundred has: by one alone it would think the query so
 * costly that it compiles it first, which takes a hundred times as long as the query.
 */
function rowsWith(column: Column, value: SQL): SQL {
  return sql`(select * from ${ownInventory} where ${column} @> array[${value}] and ${column} && array[${value}] offset 0) as found`;
}
