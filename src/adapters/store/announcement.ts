import { eq, sql } from 'drizzle-orm';
import * as v from 'valibot';
import type { Database, Statement } from './driver.ts';
import { storeRevision } from './schema.ts';

/** The channel on which every write is announced to those who listen, when it is committed. */
export const CHANNEL = 'boot_written';

/** So many ids go into one notification, which may have 8,000 bytes. */
const PART = 180;

const announcement = v.object({
  /** The revision that the write made. */
  revision: v.number(),
  /** Whether it is one of the inventory of our own, of which nothing more is said. */
  own: v.boolean(),
  /** Ids of nodes, groups and images that are gone. What was written has the revision. */
  removed: v.array(v.string()),
  /** Of several parts, which come in order, this is the last. */
  isLast: v.boolean(),
});

export type Announcement = v.InferOutput<typeof announcement>;

/** The statement that announces a write, as part of its batch; it tells nothing unless the write goes ahead. */
export function announce(db: Database, writeId: string, removed: readonly string[], own: boolean): Statement {
  const parts = [removed.slice(0, PART)];
  for (let at = PART; at < removed.length; at += PART) parts.push(removed.slice(at, at + PART));
  const payload = sql`json_build_object('revision', ${storeRevision.revision}, 'own', ${own}::boolean, 'removed', part.ids, 'isLast', part.at = ${parts.length}::integer)`;
  return db
    .select({ told: sql`pg_notify(${CHANNEL}, ${payload}::text)` })
    .from(
      sql`${storeRevision}, jsonb_array_elements(${JSON.stringify(parts)}::jsonb) with ordinality as part (ids, at)`,
    )
    .where(eq(storeRevision.writeId, writeId));
}

/** Announces nothing, for who wants to know whether it is heard. */
export async function announceNothing(db: Database): Promise<void> {
  const nothing: Announcement = { revision: 0, own: false, removed: [], isLast: true };
  await db.execute(sql`select pg_notify(${CHANNEL}, ${JSON.stringify(nothing)})`);
}

/** Reads a notification. Throws for what this program never sends. */
export function parseAnnouncement(payload: string | undefined): Announcement {
  return v.parse(announcement, JSON.parse(payload ?? ''));
}
