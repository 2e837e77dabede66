import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { tryLock } from 'fs-native-extensions';
import { migratePglite, SchemaError } from './migrate.ts';

/**
 * Opens the embedded database in a folder and brings its schema up to date. PGlite does not notice a second process
 * on its folder, and both would ruin it, so a lock is taken first; the kernel releases it however this process ends.
 */
export async function openDataFolder(folder: string): Promise<PGlite> {
  // A bare descriptor stays open to the end of the process, and the lock with it.
  const lock = openLock(folder);
  if (!tryLock(lock)) {
    closeSync(lock);
    throw new SchemaError(`BSS_DATA_DIR ${folder} is in use by another process`);
  }
  const client = new PGlite(join(folder, 'pglite'));
  await client.waitReady;
  await migratePglite(client);
  return client;
}

function openLock(folder: string): number {
  try {
    mkdirSync(folder, { recursive: true });
    return openSync(join(folder, 'lock'), 'a+');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SchemaError(`BSS_DATA_DIR ${folder} cannot be used: ${reason}`);
  }
}
