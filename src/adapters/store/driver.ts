import type { BatchItem } from 'drizzle-orm/batch';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';

/** Drizzle over any of the drivers; only what all of them can do is used. */
export type Database = PgDatabase<PgQueryResultHKT, Record<string, never>>;

/** A statement that Drizzle's builder made and that has not run yet. */
export type Statement = BatchItem<'pg'> & { execute(): Promise<unknown> };

/** At least one statement. */
export type Batch = readonly [Statement, ...Statement[]];

/** A batch has failed before its end was asked for: nothing of it was done, nor will be. The cause says why it failed. */
export class NothingDone extends Error {}

/** What a driver gives the store. */
export interface Driver {
  readonly db: Database;
  /**
   * Runs statements as one atomic batch, each seeing the effects of those before it, and answers what each returned.
   * They are all known beforehand: there is no interactive transaction, which Neon's HTTP has not. When the statement
   * at `claim` returns no row, those behind it do nothing, and a driver may leave them out.
   * Throws `NothingDone` where that is certain; after any other error the batch may have been done, or be under way.
   */
  batch(build: (db: Database) => Batch, claim: number): Promise<readonly unknown[]>;
  close(): Promise<void>;
}
