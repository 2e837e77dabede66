import { closeSync, fstatSync, fsyncSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { tryLock } from 'fs-native-extensions';
import { checkTables } from './check-tables.ts';
import { openEmbedded } from './embedded-database.ts';
import { damageOf, isEmpty, MAJOR, otherMajorOf } from './folder-state.ts';
import { makeDatabase } from './make-database.ts';
import { migratePglite, SchemaError } from './migrate.ts';
import { keepUp } from './upkeep.ts';

/** What the lock file says once there has been a database beside it. */
const MADE = 'A database was made in the folder pglite beside this file. While this line is here, no other is made.\n';

/**
 * Opens the embedded database in a folder and brings its schema up to date; makes one where there never was any. Fails
 * with a `SchemaError` that says what is wrong and what to do, and makes no new one in the place of one that is damaged
 * or gone. PGlite does not notice a second process on its folder, and both would ruin it, so a lock is taken first; the
 * kernel releases it however this process ends.
 */
export async function openDataFolder(folder: string): Promise<PGlite> {
  // A bare descriptor stays open to the end of the process, and the lock with it.
  const lock = openLock(folder);
  if (!tryLock(lock)) {
    closeSync(lock);
    throw new SchemaError(`BSS_DATA_DIR ${folder} is in use by another process`);
  }
  try {
    return await openLocked(folder, lock);
  } catch (error) {
    closeSync(lock);
    throw error;
  }
}

async function openLocked(folder: string, lock: number): Promise<PGlite> {
  const database = join(folder, 'pglite');
  if (isEmpty(database)) {
    if (fstatSync(lock).size > 0) throw damaged(folder, 'the folder pglite, which held it, is gone');
    await orUnusable(folder, async () => makeDatabase(database));
  }
  await orUnusable(folder, async () => refuseOther(folder, database));
  const client = await orDamaged(folder, async () => {
    // Whoever was killed left it, perhaps by half. That nobody else is there, the lock says.
    rmSync(join(database, 'postmaster.pid'), { force: true });
    return openEmbedded(database);
  });
  try {
    await orDamaged(folder, async () => {
      await migratePglite(client);
      await checkTables(client);
    });
  } catch (error) {
    await client.close().catch(() => {});
    throw error;
  }
  if (fstatSync(lock).size === 0) {
    writeSync(lock, MADE);
    fsyncSync(lock);
  }
  keepUp(client);
  return client;
}

/** Throws unless a folder holds what can be taken for a database of ours. */
function refuseOther(folder: string, database: string): void {
  const major = otherMajorOf(database);
  if (major !== undefined) {
    throw new SchemaError(
      `BSS_DATA_DIR ${folder} holds a database of PostgreSQL ${major}, and this program has PostgreSQL ${MAJOR}: run the ` +
        'version of the program that made it, or move the folder away to begin with an empty one',
    );
  }
  const damage = damageOf(database);
  if (damage !== undefined) throw damaged(folder, damage);
}

function openLock(folder: string): number {
  try {
    mkdirSync(folder, { recursive: true });
    return openSync(join(folder, 'lock'), 'a+');
  } catch (error) {
    throw new SchemaError(`BSS_DATA_DIR ${folder} cannot be used: ${reasonOf(error)}`);
  }
}

/** Other failures mean that the folder cannot be used at all: its rights, the disk. */
function orUnusable<T>(folder: string, work: () => Promise<T>): Promise<T> {
  return orSay(work, (reason) => new SchemaError(`BSS_DATA_DIR ${folder} cannot be used: ${reason}`));
}

/** Other failures mean that PostgreSQL cannot make sense of what is in the folder. */
function orDamaged<T>(folder: string, work: () => Promise<T>): Promise<T> {
  return orSay(work, (reason) => damaged(folder, reason));
}

async function orSay<T>(work: () => Promise<T>, say: (reason: string) => SchemaError): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof SchemaError ? error : say(reasonOf(error));
  }
}

function damaged(folder: string, what: string): SchemaError {
  return new SchemaError(
    `BSS_DATA_DIR ${folder} holds a damaged database: ${what}. No new one is made in its place: put back a copy of the ` +
      'whole folder, or move the folder away to begin with an empty one',
  );
}

/** The first message down the chain of causes: Drizzle's own repeats the statement. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message;
}
