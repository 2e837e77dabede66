import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The PostgreSQL that is in PGlite. What another one made cannot be read. */
export const MAJOR = '18';
/** The file that says from where PostgreSQL's log is to be read, and its bytes. */
const CONTROL = 'global/pg_control';
const CONTROL_SIZE = 8192;
/** What PostgreSQL does not start without. */
const FILES = ['PG_VERSION', CONTROL, 'postgresql.conf', 'pg_hba.conf', 'pg_ident.conf'];
const FOLDERS = ['base', 'global', 'pg_multixact', 'pg_wal', 'pg_xact'];

/** Whether nothing is there: no such folder, or one with nothing in it. */
export function isEmpty(folder: string): boolean {
  return !existsSync(folder) || (statSync(folder).isDirectory() && readdirSync(folder).length === 0);
}

/** The PostgreSQL that made a database, when it is not ours; `undefined` when it is, and when that cannot be told. */
export function otherMajorOf(folder: string): string | undefined {
  const version = contentOf(join(folder, 'PG_VERSION'));
  return version !== undefined && /^\d+$/.test(version) && version !== MAJOR ? version : undefined;
}

/**
 * What is wrong with a folder that should hold a database, as far as can be seen from outside; `undefined` when nothing is.
 * It is looked at before PGlite is: that would write a new database over what is left of one.
 */
export function damageOf(folder: string): string | undefined {
  if (!statSync(folder).isDirectory()) return 'the folder pglite is a file';
  const missing = [...FILES, ...FOLDERS].find((part) => !existsSync(join(folder, part)));
  if (missing !== undefined) return `pglite/${missing} is missing`;
  if (contentOf(join(folder, 'PG_VERSION')) !== MAJOR) return 'pglite/PG_VERSION is garbled';
  if (statSync(join(folder, CONTROL)).size !== CONTROL_SIZE) return `pglite/${CONTROL} is cut short`;
  const hasLog = readdirSync(join(folder, 'pg_wal')).some((name) => /^[0-9A-F]{24}$/.test(name));
  return hasLog ? undefined : 'pglite/pg_wal is empty';
}

function contentOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined;
}
