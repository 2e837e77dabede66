import { readFileSync } from 'node:fs';
import { migrateDatabase, SchemaError } from '../adapters/store/migrate.ts';
import { databaseConnection } from '../compose/database-connection.ts';
import { readSettings, SettingError } from '../config.ts';

/** Brings the schema of a PostgreSQL database up to date; answers the exit code. Workers have no other way to do it. */
export async function migrateCommand(environment: Readonly<Record<string, unknown>>): Promise<number> {
  try {
    const { settings } = readSettings(environment);
    const database = databaseConnection(settings, (path) => readFileSync(path, 'utf8'));
    if (database === undefined) throw new SettingError('DATABASE_URL or BSS_DBHOST must be set');
    await migrateDatabase(database);
    process.stdout.write('bss-edge: the schema is up to date\n');
    return 0;
  } catch (error) {
    const expected = error instanceof SettingError || error instanceof SchemaError;
    const reason = expected ? error.message : `the schema could not be changed: ${reasonOf(error)}`;
    process.stderr.write(`bss-edge: ${reason}\n`);
    return 1;
  }
}

/** The first message down the chain of causes that is not Drizzle's, which repeats the statement. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message;
}
