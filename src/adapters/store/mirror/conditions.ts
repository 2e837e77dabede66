import { type SQL, sql } from 'drizzle-orm';
import { bootGroups, bootImages, nodes } from '../schema.ts';
import { type Conditions, NOTHING } from '../select.ts';

/** All but nodes, which may be many. */
export const ALL_BUT_NODES: Conditions = { nodes: NOTHING, groups: sql`true`, images: sql`true` };

/** So many nodes behind an id, in the order of their ids; from the first without one. */
export function nodesAfter(id: string | undefined, count: number): Conditions {
  const after = sql`${nodes.id} > ${id ?? LEAST}::uuid`;
  // By both ends the primary key is read from one to the other, where a list of ids has all nodes read for each page.
  const last = sql`select ${nodes.id} from ${nodes} where ${after} order by ${nodes.id} limit 1 offset ${count - 1}::integer`;
  const isInPage = sql`${after} and ${nodes.id} <= coalesce((${last}), ${GREATEST}::uuid)`;
  return { nodes: isInPage, groups: NOTHING, images: NOTHING };
}

/** No node has this one: ids are made at random. */
const LEAST = '00000000-0000-0000-0000-000000000000';
const GREATEST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** What was written since a revision, and is still there. */
export function writtenSince(revision: number): Conditions {
  const isNewer = (column: typeof nodes.revision | typeof bootGroups.revision | typeof bootImages.revision): SQL =>
    sql`${column} > ${revision}::bigint`;
  return {
    nodes: isNewer(nodes.revision),
    groups: isNewer(bootGroups.revision),
    images: isNewer(bootImages.revision),
  };
}
