import { type SQL, sql } from 'drizzle-orm';
import { bootGroups, bootImages, nodes } from '../schema.ts';
import { type Conditions, NOTHING } from '../select.ts';

/** All but nodes, which may be many. */
export const ALL_BUT_NODES: Conditions = { nodes: NOTHING, groups: sql`true`, images: sql`true` };

/** So many nodes behind an id, in the order of their ids; from the first without one. */
export function nodesAfter(id: string | undefined, count: number): Conditions {
  const rest = id === undefined ? sql`true` : sql`${nodes.id} > ${id}::uuid`;
  const page = sql`select ${nodes.id} from ${nodes} where ${rest} order by ${nodes.id} limit ${count}::integer`;
  return { nodes: sql`${nodes.id} in (${page})`, groups: NOTHING, images: NOTHING };
}

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
