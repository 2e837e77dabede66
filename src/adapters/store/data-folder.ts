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
  mkdirSync(folder, { recursive: true });
  // A bare descriptor stays open to the end of the process, and the lock with it.
  const lock = openSync(join(folder, 'lock'), 'a+');
  if (!tryLock(lock)) {
    closeSync(lock);
    throw new SchemaError(`BSS_DATA_DIR ${folder} is in use by another process`);
  }
  const client = new PGlite(join(folder, 'pglite'));
  await client.waitReady;
  await migratePglite(client);
  return client;
}
