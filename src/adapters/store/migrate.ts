import type { PGlite } from '@electric-sql/pglite';
import { type MigrationMeta, readMigrationFiles } from 'drizzle-orm/migrator';
import pg from 'pg';
import { MIGRATIONS_FOLDER } from '../../migrations-folder.ts';
import { clientConfig, type PostgresConnection } from './postgres-connection.ts';

/** The schema of the database is not one that this program can work with. The message says what to do. */
export class SchemaError extends Error {}

/** The journal has a schema of its own, so that it is there before the first migration makes `boot`. */
const JOURNAL = { schema: 'boot_migrations', table: 'applied' } as const;
const APPLIED = `${JOURNAL.schema}.${JOURNAL.table}`;

/** Held while a migration is applied, so that replicas that start together do it one after the other. */
const LOCK = 7_277_801;

/** Milliseconds that an answer may take: whoever waits for a connection that is dead has to make another one. */
const LOOK_LIMIT = 8000;
const CHANGE_LIMIT = 600_000;

/** The limits of a site's roles are made for short statements; one who holds the lock and is gone must let go of it. */
const LIMITS = ['statement_timeout = 0', 'lock_timeout = 0', 'idle_in_transaction_session_timeout = 10000'];
/** Milliseconds that a table may be waited for: whoever asks for it later waits behind that. */
const TABLE_LIMIT = 5000;

/** Runs one statement on the one connection that it belongs to. */
type Query = (text: string, values?: unknown[]) => Promise<{ rows: unknown[] }>;

/** Brings the schema of a PostgreSQL database up to date. Needs no DDL rights where it is. */
export async function migrateDatabase(database: string | PostgresConnection): Promise<void> {
  const missing = await withClient(database, LOOK_LIMIT, missingMigrations);
  if (missing.length > 0) await withClient(database, CHANGE_LIMIT, (query) => applyAll(query, missing));
}

/** Throws a `SchemaError` unless the schema of a PostgreSQL database is exactly this program's. Needs no DDL rights. */
export function checkDatabase(database: string | PostgresConnection): Promise<void> {
  return withClient(database, LOOK_LIMIT, async (query) => {
    const applied = await newestApplied(query);
    refuseNewer(applied);
    if (applied < newestKnown()) {
      const what =
        applied === 0 ? 'there is no schema in the database' : 'the schema of the database is older than this program';
      throw new SchemaError(`${what}: run "npm run migrate" (or "bss-edge migrate") with a role that owns it`);
    }
  });
}

/** Brings the schema of an embedded database up to date. */
export async function migratePglite(client: PGlite): Promise<void> {
  const query: Query = (text, values) => client.query(text, values);
  await applyAll(query, await missingMigrations(query));
}

async function withClient<T>(
  database: string | PostgresConnection,
  limit: number,
  work: (query: Query) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    ...clientConfig(database),
    connectionTimeoutMillis: 5000,
    query_timeout: limit,
    keepAlive: true,
  });
  // A connection that breaks also fails the query at hand; without a listener it would end the process.
  client.on('error', () => {});
  await client.connect();
  try {
    return await work((text, values) => client.query(text, values));
  } finally {
    await client.end().catch(() => {});
  }
}

async function missingMigrations(query: Query): Promise<MigrationMeta[]> {
  const applied = await newestApplied(query);
  refuseNewer(applied);
  return knownMigrations().filter(({ folderMillis }) => folderMillis > applied);
}

/** Each in a transaction of its own: what is done stays done when a later one fails, and the next start goes on there. */
async function applyAll(query: Query, migrations: readonly MigrationMeta[]): Promise<void> {
  for (const migration of migrations) await applyOnce(query, migration);
}

/**
 * Applies a migration unless another replica has done so meanwhile. The lock belongs to the transaction: one of the
 * session would stay with whatever connection a pooler had lent.
 */
async function applyOnce(query: Query, migration: MigrationMeta): Promise<void> {
  // What the one before has committed must be seen, whatever the database's default is.
  await query('begin isolation level read committed');
  try {
    for (const limit of LIMITS) await query(`set local ${limit}`);
    await query('select pg_advisory_xact_lock($1)', [LOCK]);
    await query(`set local lock_timeout = ${TABLE_LIMIT}`);
    const applied = await newestApplied(query);
    refuseNewer(applied);
    if (applied < migration.folderMillis) {
      if (applied === 0) await makeJournal(query);
      for (const statement of migration.sql) await query(statement);
      await query(`insert into ${APPLIED} (hash, created_at) values ($1, $2)`, [
        migration.hash,
        migration.folderMillis,
      ]);
    }
    await query('commit');
  } catch (error) {
    await query('rollback').catch(() => {});
    throw error;
  }
}

/** As Drizzle's own migrator makes it, which applied the migrations of databases that are there already. */
async function makeJournal(query: Query): Promise<void> {
  await query(`create schema if not exists ${JOURNAL.schema}`);
  await query(`create table if not exists ${APPLIED} (id serial primary key, hash text not null, created_at bigint)`);
}

/** When the newest applied migration was made, in milliseconds of Unix time; 0 for a database without any. */
async function newestApplied(query: Query): Promise<number> {
  // Not `to_regclass`: it believes what the connection, or whoever had it before, has once found missing.
  const journal = await query(
    `select from pg_catalog.pg_tables where schemaname = '${JOURNAL.schema}' and tablename = '${JOURNAL.table}'`,
  );
  if (journal.rows.length === 0) return 0;
  const newest = await query(`select coalesce(max(created_at), 0)::text as newest from ${APPLIED}`);
  return Number(column(newest.rows[0], 'newest'));
}

function column(row: unknown, name: string): unknown {
  return typeof row === 'object' && row !== null ? Object.entries(row).find(([key]) => key === name)?.[1] : undefined;
}

/** In the order in which they were made. */
function knownMigrations(): MigrationMeta[] {
  return readMigrationFiles({ migrationsFolder: MIGRATIONS_FOLDER });
}

function newestKnown(): number {
  return Math.max(...knownMigrations().map(({ folderMillis }) => folderMillis));
}

function refuseNewer(applied: number): void {
  if (applied > newestKnown()) {
    throw new SchemaError('the schema of the database is newer than this program: run a newer program');
  }
}
