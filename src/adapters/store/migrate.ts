import type { PGlite } from '@electric-sql/pglite';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { drizzle as drizzlePostgres } from 'drizzle-orm/node-postgres';
import { migrate as migratePostgres } from 'drizzle-orm/node-postgres/migrator';
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite';
import { migrate as migrateDrizzlePglite } from 'drizzle-orm/pglite/migrator';
import pg from 'pg';
import { MIGRATIONS_FOLDER } from '../../migrations-folder.ts';
import { clientConfig, type PostgresConnection } from './postgres-connection.ts';

/** The schema of the database is not one that this program can work with. The message says what to do. */
export class SchemaError extends Error {}

/** The journal has a schema of its own: Drizzle makes it before the first migration makes `boot`. */
const JOURNAL = { migrationsSchema: 'boot_migrations', migrationsTable: 'applied' } as const;
const MIGRATIONS = { ...JOURNAL, migrationsFolder: MIGRATIONS_FOLDER };

/** Held while migrations are applied, so that replicas that start together do it one after the other. */
const LOCK = 7_277_801;

/** Brings the schema of a PostgreSQL database up to date. */
export function migrateDatabase(database: string | PostgresConnection): Promise<void> {
  return withClient(database, async (client) => {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    try {
      refuseNewer(await newestApplied((text) => client.query(text)));
      await migratePostgres(drizzlePostgres({ client }), MIGRATIONS);
    } finally {
      await client.query('select pg_advisory_unlock($1)', [LOCK]);
    }
  });
}

/** Throws a `SchemaError` unless the schema of a PostgreSQL database is exactly this program's. Needs no DDL rights. */
export function checkDatabase(database: string | PostgresConnection): Promise<void> {
  return withClient(database, async (client) => {
    const applied = await newestApplied((text) => client.query(text));
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
  refuseNewer(await newestApplied((text) => client.query(text)));
  await migrateDrizzlePglite(drizzlePglite({ client }), MIGRATIONS);
}

async function withClient(
  database: string | PostgresConnection,
  work: (client: pg.Client) => Promise<void>,
): Promise<void> {
  const client = new pg.Client({ ...clientConfig(database), connectionTimeoutMillis: 5000 });
  // A connection that breaks also fails the query at hand; without a listener it would end the process.
  client.on('error', () => {});
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}

/** When the newest applied migration was made, in milliseconds of Unix time; 0 for a database without any. */
async function newestApplied(query: (text: string) => Promise<{ rows: unknown[] }>): Promise<number> {
  const exists = await query(`select to_regclass('${JOURNAL.migrationsSchema}.${JOURNAL.migrationsTable}') as name`);
  if (column(exists.rows[0], 'name') === null) return 0;
  const newest = await query(
    `select coalesce(max(created_at), 0)::text as newest from ${JOURNAL.migrationsSchema}.${JOURNAL.migrationsTable}`,
  );
  return Number(column(newest.rows[0], 'newest'));
}

function column(row: unknown, name: string): unknown {
  return typeof row === 'object' && row !== null ? Object.entries(row).find(([key]) => key === name)?.[1] : undefined;
}

function newestKnown(): number {
  return Math.max(...readMigrationFiles(MIGRATIONS).map(({ folderMillis }) => folderMillis));
}

function refuseNewer(applied: number): void {
  if (applied > newestKnown()) {
    throw new SchemaError('the schema of the database is newer than this program: run a newer program');
  }
}
