import * as v from 'valibot';
import type { Place } from './places.ts';
import { placesByIdentifier } from './stored.ts';

/** Asks the database itself. */
export type Query = (text: string) => Promise<{ readonly rows: unknown[] }>;

/** Rows that nothing uses, or that use what is not there. No keys of the tables are trusted here. */
const ORPHANS = [
  'select id from boot.boot_configs where id not in (select boot_config_id from boot.boot_groups)',
  'select id from boot.boot_groups where boot_config_id not in (select id from boot.boot_configs)',
  'select id from boot.boot_groups where name is null and id not in (select boot_group_id from boot.boot_group_assignments)',
  'select node_id from boot.boot_group_assignments where node_id not in (select id from boot.nodes)',
  'select node_id from boot.boot_group_assignments where boot_group_id not in (select id from boot.boot_groups)',
  // Without phone-home data, which nobody sends here, a node is there for its record only.
  'select id from boot.nodes where id not in (select node_id from boot.boot_group_assignments)',
];

const DOUBLES = [
  'select boot_mac from boot.nodes where boot_mac is not null group by boot_mac having count(*) > 1',
  'select xname from boot.nodes where xname is not null group by xname having count(*) > 1',
  'select nid from boot.nodes where nid is not null group by nid having count(*) > 1',
  'select resolved_xname from boot.nodes where resolved_xname is not null group by resolved_xname having count(*) > 1',
  'select name from boot.boot_groups where name is not null group by name having count(*) > 1',
  'select boot_config_id from boot.boot_groups where name is null group by boot_config_id having count(*) > 1',
];

const identifiers = v.array(
  v.object({ mac: v.nullable(v.string()), xname: v.nullable(v.string()), nid: v.nullable(v.number()) }),
);

/** Counts rows that should not be. */
export async function countRows(
  query: Query,
  places: readonly Place[],
): Promise<{ orphans: number; duplicated: number }> {
  const countOf = async (texts: readonly string[]): Promise<number> => {
    let count = 0;
    for (const text of texts) count += (await query(text)).rows.length;
    return count;
  };
  // Read from the table and not from an index, which a crash may have left behind it.
  for (const scan of ['indexscan', 'indexonlyscan', 'bitmapscan']) await query(`set enable_${scan} = off`);
  const { rows } = await query('select boot_mac::text as mac, xname, nid from boot.nodes');
  return {
    orphans: await countOf(ORPHANS),
    duplicated: (await countOf(DOUBLES)) + nodesWithTwo(v.parse(identifiers, rows), places),
  };
}

/** Nodes that have a row under more than one of their identifiers. */
function nodesWithTwo(rows: v.InferOutput<typeof identifiers>, places: readonly Place[]): number {
  const placeOf = placesByIdentifier(places);
  const times = new Map<Place, number>();
  for (const { mac, xname, nid } of rows) {
    const named = new Set([mac, xname, nid].flatMap((value) => (value === null ? [] : (placeOf.get(value) ?? []))));
    for (const place of named) times.set(place, (times.get(place) ?? 0) + 1);
  }
  return [...times.values()].filter((count) => count > 1).length;
}
