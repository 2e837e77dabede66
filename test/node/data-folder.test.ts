import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDataFolder } from '../../src/adapters/store/data-folder.ts';
import { SchemaError } from '../../src/adapters/store/migrate.ts';

const PATHS =
  "select pg_relation_filepath(name) as path from unnest(array['boot.boot_configs', 'boot.boot_configs_pkey']) as name";
const INSERT = "insert into boot.boot_configs (id, kernel_uri) values (gen_random_uuid(), 'http://files/k')";

describe('the folder of the embedded database', () => {
  let root: string;
  /** One that was closed, with a record. */
  let whole: string;
  let tableOfConfigs: string | undefined;
  let keyOfConfigs: string | undefined;
  let copies = 0;
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'bss-folder-'));
    whole = join(root, 'whole');
    const client = await openDataFolder(whole);
    await client.query(INSERT);
    const { rows } = await client.query<{ path: string }>(PATHS);
    [tableOfConfigs, keyOfConfigs] = rows.map(({ path }) => path);
    await client.close();
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  function copy(): string {
    copies += 1;
    const folder = join(root, `copy${copies}`);
    cpSync(whole, folder, { recursive: true });
    return folder;
  }

  const damages: [string, (database: string) => void, string][] = [
    ['without PG_VERSION', (at) => rmSync(join(at, 'PG_VERSION')), 'pglite/PG_VERSION is missing'],
    ['with an empty PG_VERSION', (at) => truncateSync(join(at, 'PG_VERSION')), 'pglite/PG_VERSION is garbled'],
    ['without pg_control', (at) => rmSync(join(at, 'global/pg_control')), 'pglite/global/pg_control is missing'],
    [
      'with half of pg_control',
      (at) => truncateSync(join(at, 'global/pg_control'), 100),
      'pglite/global/pg_control is cut short',
    ],
    ['without its settings', (at) => rmSync(join(at, 'postgresql.conf')), 'pglite/postgresql.conf is missing'],
    ['without its tables', (at) => rmSync(join(at, 'base'), { recursive: true }), 'pglite/base is missing'],
    ['without its log', (at) => rmSync(join(at, 'pg_wal'), { recursive: true }), 'pglite/pg_wal is missing'],
    ['with an empty log', (at) => removeAll(filesOf(join(at, 'pg_wal'))), 'pglite/pg_wal is empty'],
    ['that is gone', (at) => rmSync(at, { recursive: true }), 'the folder pglite, which held it, is gone'],
    [
      'that was emptied',
      (at) => removeAll(readdirSync(at).map((name) => join(at, name))),
      'the folder pglite, which held it, is gone',
    ],
    [
      'that is a file',
      (at) => {
        rmSync(at, { recursive: true });
        writeFileSync(at, '');
      },
      'the folder pglite is a file',
    ],
  ];

  it.each(damages)('%s is reported with what to do, and left as it is', async (_, damage, what) => {
    const folder = copy();
    damage(join(folder, 'pglite'));
    const before = stateOf(folder);
    for (let attempt = 0; attempt < 2; attempt++) {
      await expect(openDataFolder(folder)).rejects.toThrow(
        new SchemaError(
          `BSS_DATA_DIR ${folder} holds a damaged database: ${what}. No new one is made in its place: put back a copy of ` +
            'the whole folder, or move the folder away to begin with an empty one',
        ),
      );
      expect(stateOf(folder)).toEqual(before);
    }
  });

  const inside: [string, (database: string) => void, RegExp][] = [
    [
      'with a garbled pg_control',
      (at) => garble(join(at, 'global/pg_control')),
      /incompatible with server|incorrect checksum/,
    ],
    [
      'with a garbled log',
      (at) => filesOf(join(at, 'pg_wal')).forEach(garble),
      /could not locate a valid checkpoint record/,
    ],
    ['with garbled tables', (at) => tablesIn(at).forEach(garble), /invalid page/],
    ['with tables cut short', (at) => tablesIn(at).forEach((path) => void truncateSync(path)), /could not read blocks/],
    ['without its tables of ours', (at) => removeAll(tablesIn(at)), /could not open file "base/],
    ['without an account of transactions', (at) => removeAll(filesOf(join(at, 'pg_xact'))), /transaction/],
  ];

  it.each(inside)('%s is reported in PostgreSQL’s words with what to do', async (_, damage, what) => {
    const folder = copy();
    damage(join(folder, 'pglite'));
    for (let attempt = 0; attempt < 2; attempt++) {
      const error: unknown = await openDataFolder(folder).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(SchemaError);
      expect(String(error)).toMatch(what);
      expect(String(error)).toContain(`BSS_DATA_DIR ${folder} holds a damaged database: `);
      expect(String(error)).toContain(
        '. No new one is made in its place: put back a copy of the whole folder, or move',
      );
    }
  });

  it('sees one table that lost its rows and not its key, and the other way round', async () => {
    for (const lost of [tableOfConfigs, keyOfConfigs]) {
      const folder = copy();
      truncateSync(join(folder, 'pglite', lost ?? ''));
      await expect(openDataFolder(folder)).rejects.toThrow(/holds a damaged database/);
    }
  });

  it('of another PostgreSQL is refused with what to do', async () => {
    const folder = copy();
    writeFileSync(join(folder, 'pglite/PG_VERSION'), '17\n');
    const before = stateOf(folder);
    await expect(openDataFolder(folder)).rejects.toThrow(
      `BSS_DATA_DIR ${folder} holds a database of PostgreSQL 17, and this program has PostgreSQL 18: run the version of`,
    );
    expect(stateOf(folder)).toEqual(before);
  });

  it.each(['', 'garbage\n', `${process.pid}\n/pglite/data\n1\n5432\n`])(
    'opens with a postmaster.pid that somebody left who was killed: %j',
    async (content) => {
      const folder = copy();
      writeFileSync(join(folder, 'pglite/postmaster.pid'), content);
      const client = await openDataFolder(folder);
      expect(await configsIn(client)).toBe(1);
      await client.close();
    },
  );

  it('opens one of which no line says yet that it was made, and says it', async () => {
    const folder = copy();
    writeFileSync(join(folder, 'lock'), '');
    const client = await openDataFolder(folder);
    expect(await configsIn(client)).toBe(1);
    await client.close();
    expect(readFileSync(join(folder, 'lock'), 'utf8')).toMatch(/^A database was made in the folder pglite/);
  });

  it('is made anew where making it was broken off, and not what is left of that is used', async () => {
    const folder = copy();
    writeFileSync(join(folder, 'lock'), '');
    cpSync(join(folder, 'pglite'), join(folder, 'pglite.unfinished'), { recursive: true });
    rmSync(join(folder, 'pglite'), { recursive: true });
    const client = await openDataFolder(folder);
    expect(await configsIn(client)).toBe(0);
    expect(existsSync(join(folder, 'pglite.unfinished'))).toBe(false);
    await client.close();
  });
});

async function configsIn(client: PGlite): Promise<unknown> {
  return (await client.query<{ count: number }>('select count(*)::int as count from boot.boot_configs')).rows[0]?.count;
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(folder, entry.name)] : [],
  );
}

/** The files of tables and indexes that are not PostgreSQL's own. */
function tablesIn(database: string): string[] {
  return filesOf(join(database, 'base/5')).filter(
    (path) => /\/1[6-9]\d{3}$/.test(path) && readFileSync(path).length > 0,
  );
}

function garble(path: string): void {
  writeFileSync(
    path,
    readFileSync(path).map((byte, at) => (byte + at * 31 + 77) & 255),
  );
}

function removeAll(paths: readonly string[]): void {
  for (const path of paths) rmSync(path, { recursive: true });
}

/** All that is in a folder, and when it was last written to. */
function stateOf(folder: string): [string, number, number][] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return paths.map((path) => {
    const { size, mtimeMs } = statSync(join(folder, path));
    return [path, size, mtimeMs];
  });
}
