import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { openEmbedded } from './embedded-database.ts';

/** Files that are brought to the disk at once: together they take a small part of the time that one after the other does. */
const AT_ONCE = 64;

/**
 * Makes an empty database where there is no folder, or an empty one. It is made beside it, and given its name when it is
 * whole and on the disk: whoever is killed meanwhile leaves nothing that could be taken for one, and the next begins anew.
 */
export async function makeDatabase(folder: string): Promise<void> {
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  // Records may hold what is nobody's business.
  mkdirSync(unfinished, { mode: 0o700 });
  const client = await openEmbedded(unfinished, false);
  await client.close();
  const entries = readdirSync(unfinished, { recursive: true, withFileTypes: true });
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name));
  for (let done = 0; done < paths.length; done += AT_ONCE) {
    await Promise.all(paths.slice(done, done + AT_ONCE).map(syncToDisk));
  }
  await syncToDisk(unfinished);
  renameSync(unfinished, folder);
  await syncToDisk(join(folder, '..'));
}

async function syncToDisk(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
