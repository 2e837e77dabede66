import { type SQL, sql } from 'drizzle-orm';
import type { Database, Statement } from './driver.ts';
import { recentWrites, storeRevision } from './schema.ts';

/** Longer than anybody looks for what became of a write, or than a write may be on its way. */
const KEPT = sql`interval '1 minute'`;

/**
 * Counts the revision up, where `holds` is true, and notes the write that does so: one statement, which answers the
 * revision. Fails when the write has been forbidden. `reading` are subqueries that the condition speaks of.
 */
export function claimRevision(
  db: Database,
  writeId: string,
  holds: SQL | undefined,
  reading: Parameters<Database['with']> = [],
): Statement {
  const claimed = db.$with('claimed').as(
    db
      .with(...reading)
      .update(storeRevision)
      .set({ revision: sql`${storeRevision.revision} + 1`, writeId })
      .where(holds)
      .returning({ revision: storeRevision.revision }),
  );
  const forgotten = db
    .$with('forgotten', {})
    .as(sql`delete from ${recentWrites} where ${recentWrites.notedAt} < now() - ${KEPT}`);
  return db
    .with(claimed, forgotten)
    .insert(recentWrites)
    .select(
      db
        .select({
          writeId: sql<string>`${writeId}::uuid`.as('write_id'),
          revision: claimed.revision,
          notedAt: sql<Date>`now()`.as('noted_at'),
        })
        .from(claimed),
    )
    .returning({ revision: recentWrites.revision });
}

/**
 * The revision that a write has made; when it has made none, it never will from now on. Waits for its transaction while
 * that is under way.
 */
export async function revisionOrNever(db: Database, writeId: string): Promise<number | undefined> {
  const [noted] = await db
    .insert(recentWrites)
    .values({ writeId, revision: null })
    .onConflictDoUpdate({ target: recentWrites.writeId, set: { writeId } })
    .returning({ revision: recentWrites.revision })
    .execute();
  return noted?.revision ?? undefined;
}
