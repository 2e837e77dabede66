// Upgrades: whatever schema a database has, and however many start on it at once, nothing of what it holds is lost.
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { migratePglite } from '../../src/adapters/store/migrate.ts';
import { send } from '../support/http-client.ts';
import { type NodeProcess, spawnNode, until } from '../support/node-process.ts';
import { freshDatabase } from '../support/postgres.ts';
import { runMigrate, UP_TO_DATE } from './run-migrate.ts';

const PARAMETERS = '/boot/v1/bootparameters';
const FOLDER = new URL('../fixtures/first-migration/', import.meta.url);
const drizzle = (name: string): string => readFileSync(new URL(`../../drizzle/${name}`, import.meta.url), 'utf8');
const fixture = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8');

const JOURNAL = JSON.parse(drizzle('meta/_journal.json')) as { entries: { tag: string; when: number }[] };
const ALL = JOURNAL.entries.map(({ when }) => String(when));
const [FIRST = '', SECOND = ''] = ALL;

/** The schema as the first migration makes it, noted as Drizzle's own migrator did. */
const FIRST_SCHEMA = `${drizzle('0000_init.sql')};
create schema boot_migrations;
create table boot_migrations.applied (id serial primary key, hash text not null, created_at bigint);
insert into boot_migrations.applied (hash, created_at) values ('${'0'.repeat(64)}', ${FIRST});`;

/** The tables of the first schema, in an order in which they may be filled. */
const TABLES = [
  ...['store_revision', 'boot_configs', 'boot_groups', 'nodes', 'boot_group_assignments'],
  ...['boot_images', 'endpoint_access', 'inventory_components'],
];

type Sql = (text: string) => Promise<unknown[]>;

/** A database with the first schema, filled, and a connection to it. */
async function firstDatabase(): Promise<{ url: string; sql: Sql }> {
  const { url, sql } = await emptyDatabase();
  await sql(FIRST_SCHEMA);
  await sql(fixture('records.sql'));
  return { url, sql };
}

async function emptyDatabase(): Promise<{ url: string; sql: Sql }> {
  const url = await freshDatabase(inject('postgresUrl'));
  return { url, sql: await connect(url) };
}

async function connect(url: string): Promise<Sql> {
  const client = new pg.Client(url);
  await client.connect();
  onTestFinished(() => client.end());
  return async (text) => (await client.query(text)).rows;
}

async function rowsOf(sql: Sql): Promise<Record<string, unknown[]>> {
  const rows: Record<string, unknown[]> = {};
  for (const table of TABLES) rows[table] = await sql(`select * from boot.${table} t order by t::text`);
  return rows;
}

const applied = async (sql: Sql): Promise<unknown> =>
  (
    await sql("select coalesce(string_agg(created_at::text, ' ' order by id), '') as all from boot_migrations.applied")
  )[0];

/** Waits until so many wait for the lock of migrations. */
async function untilWaiting(sql: Sql, count: number): Promise<void> {
  const waiting =
    "select from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())";
  await until(
    () => sql(waiting),
    (rows) => rows.length === count,
  );
}

async function serving(settings: Record<string, string>): Promise<NodeProcess> {
  const service = await spawnNode(settings);
  onTestFinished(() => service.signal('SIGKILL'));
  await until(
    () => send(service.origin, 'GET', PARAMETERS),
    ({ status }) => status === 200,
  );
  return service;
}

describe('a database that the first migration made, and that a program of then had filled', () => {
  it('keeps every row on the way to the last, in PostgreSQL', async () => {
    const { url, sql } = await firstDatabase();
    const before = await rowsOf(sql);
    expect(before.nodes).toHaveLength(6);
    expect(await runMigrate({ DATABASE_URL: url })).toEqual(UP_TO_DATE);
    expect(await rowsOf(sql)).toEqual(before);
    expect(await applied(sql)).toEqual({ all: ALL.join(' ') });
    // And again: nothing is left to do.
    expect(await runMigrate({ DATABASE_URL: url })).toEqual(UP_TO_DATE);
    expect(await applied(sql)).toEqual({ all: ALL.join(' ') });
  });

  it('keeps every row on the way to the last, in PGlite', async () => {
    const client = new PGlite();
    onTestFinished(() => client.close());
    const sql: Sql = async (text) => (await client.exec(text)).at(-1)?.rows ?? [];
    await sql(FIRST_SCHEMA);
    await sql(fixture('records.sql'));
    const before = await rowsOf(sql);
    expect(before.nodes).toHaveLength(6);
    await migratePglite(client);
    expect(await rowsOf(sql)).toEqual(before);
    expect(await applied(sql)).toEqual({ all: ALL.join(' ') });
  });

  it('serves what it served then: records, history, scripts', async () => {
    const { url, sql } = await firstDatabase();
    const inventory = fileURLToPath(new URL('inventory.json', FOLDER));
    const service = await serving({ DATABASE_URL: url, HSM_URL: `file:${inventory}` });
    for (const [path, then] of Object.entries(JSON.parse(fixture('answers.json')) as object)) {
      expect([path, (await send(service.origin, 'GET', path)).json()]).toEqual([path, then]);
    }
    const script = async (at: NodeProcess, query: string): Promise<string> => {
      const { text } = await send(at.origin, 'GET', `/boot/v1/bootscript?${query}`, undefined, {
        Host: 'boot.example',
      });
      // Pauses are drawn by lot, and the time is that of the answer.
      return text.replaceAll(/(asking again in|sleep) \d+/g, '$1 30').replace(/ts=\d+/, 'ts=0');
    };
    const asked = {
      'own.ipxe': 'mac=02:00:00:00:00:01',
      'own-by-name.ipxe': 'name=x1000c0s1b0n0',
      'group.ipxe': 'mac=02:00:00:00:00:06',
      'role.ipxe': 'nid=2',
      'default.ipxe': 'mac=02:00:00:00:00:07',
      'unknown.ipxe': 'mac=02:00:00:00:00:99',
    };
    for (const [name, query] of Object.entries(asked)) expect(await script(service, query)).toBe(fixture(name));
    const alone = await serving({ DATABASE_URL: url });
    expect(await script(alone, 'mac=02:00:00:00:00:04')).toBe(fixture('alone-by-mac.ipxe'));
    expect(await script(alone, 'nid=5')).toBe(fixture('alone-by-nid.ipxe'));

    // Equal configurations are one row still, and what is changed is told from what was.
    const same = { kernel: 'http://files/vmlinuz-a', initrd: 'http://files/initrd-a', params: 'console=ttyS0 a=1' };
    expect((await send(alone.origin, 'POST', PARAMETERS, { macs: ['02:00:00:00:00:08'], ...same })).status).toBe(201);
    expect(await sql("select count(*)::int as n from boot.boot_configs where kernel_uri like '%-a'")).toEqual([
      { n: 1 },
    ]);
    const changed = await send(alone.origin, 'PATCH', PARAMETERS, { macs: ['02:00:00:00:00:04'], params: 'b=2' });
    expect(changed.status).toBe(200);
    expect(await script(alone, 'mac=02:00:00:00:00:04')).toContain(' b=2 ');
    expect(await script(alone, 'nid=5')).toBe(fixture('alone-by-nid.ipxe'));
  });

  it('is brought up to date once when five start on it at once', async () => {
    const { url, sql } = await firstDatabase();
    const before = await rowsOf(sql);
    const ends = await Promise.all(Array.from({ length: 5 }, () => runMigrate({ DATABASE_URL: url })));
    expect(ends).toEqual(Array(5).fill(UP_TO_DATE));
    expect(await applied(sql)).toEqual({ all: ALL.join(' ') });
    expect(await rowsOf(sql)).toEqual(before);
  });
});

describe('bss-edge migrate', () => {
  it('applies each migration whole or not at all, and goes on where it had to stop', async () => {
    const { url, sql } = await firstDatabase();
    // In the way of the third migration, in its middle.
    await sql('create table boot.own_inventory (kind text)');
    const stopped = await runMigrate({ DATABASE_URL: url });
    expect(stopped.code).toBe(1);
    expect(stopped.output).toBe('bss-edge: the schema could not be changed: relation "own_inventory" already exists\n');
    expect(await applied(sql)).toEqual({ all: `${FIRST} ${SECOND}` });
    expect(await sql("select to_regclass('boot.inventory_copy') as made")).toEqual([{ made: null }]);
    await sql('drop table boot.own_inventory');
    expect(await runMigrate({ DATABASE_URL: url })).toEqual(UP_TO_DATE);
    expect(await applied(sql)).toEqual({ all: ALL.join(' ') });
  });

  it('waits for one who is at it, and then finds it done', async () => {
    const { url, sql } = await emptyDatabase();
    await sql('begin; select pg_advisory_xact_lock(7277801)');
    const waiting = [runMigrate({ DATABASE_URL: url }), runMigrate({ DATABASE_URL: url })];
    await untilWaiting(await connect(url), 2);
    await sql('commit');
    expect(await Promise.all(waiting)).toEqual([UP_TO_DATE, UP_TO_DATE]);
    expect(await applied(sql)).toEqual({ all: ALL.join(' ') });
  });

  it('is not held to the limits that a site has set for its roles', async () => {
    const { url, sql } = await emptyDatabase();
    const name = new URL(url).pathname.slice(1);
    await sql(`alter database ${name} set statement_timeout = 200; alter database ${name} set lock_timeout = 200;
      alter database ${name} set default_transaction_isolation = 'serializable'`);
    await sql('begin; select pg_advisory_xact_lock(7277801)');
    const waiting = runMigrate({ DATABASE_URL: url });
    await untilWaiting(await connect(url), 1);
    await sleep(500);
    await sql('commit');
    expect(await waiting).toEqual(UP_TO_DATE);
  });

  it('says what is wrong, and where a database is missing', async () => {
    expect(await runMigrate({})).toEqual({ code: 1, output: 'bss-edge: DATABASE_URL or BSS_DBHOST must be set\n' });
    const away = await runMigrate({ DATABASE_URL: 'postgresql://bss@127.0.0.1:1/bss' });
    expect(away.code).toBe(1);
    expect(away.output).toContain('bss-edge: the schema could not be changed: connect ECONNREFUSED 127.0.0.1:1');
  });
});

describe('a schema that is newer than the program', () => {
  const NEWER = 'bss-edge: the schema of the database is newer than this program: run a newer program\n';
  const FUTURE = `insert into boot_migrations.applied (hash, created_at) values ('${'f'.repeat(64)}', ${Date.now() + 1e9})`;

  it.each(['auto', 'check'])('is refused in a clear sentence, and left alone, with BSS_MIGRATE=%s', async (mode) => {
    const { url, sql } = await emptyDatabase();
    await runMigrate({ DATABASE_URL: url });
    await sql(FUTURE);
    const before = await applied(sql);
    const service = await spawnNode({ DATABASE_URL: url, BSS_MIGRATE: mode });
    expect(await service.exitCode()).toBe(1);
    expect(service.output()).toContain(NEWER);
    expect(await runMigrate({ DATABASE_URL: url })).toEqual({ code: 1, output: NEWER });
    expect(await applied(sql)).toEqual(before);
  });

  it('is refused in PGlite too', async () => {
    const client = new PGlite();
    onTestFinished(() => client.close());
    await migratePglite(client);
    await client.exec(FUTURE);
    await expect(migratePglite(client)).rejects.toThrow('the schema of the database is newer than this program');
  });
});

it('keeps a list of migrations that only grows at its end', () => {
  const whens = JOURNAL.entries.map(({ when }) => when);
  expect(whens).toEqual([...whens].sort((a, b) => a - b));
  expect(new Set(whens).size).toBe(whens.length);
  const files = readdirSync(new URL('../../drizzle', import.meta.url)).filter((name) => name.endsWith('.sql'));
  expect(files.sort()).toEqual(JOURNAL.entries.map(({ tag }) => `${tag}.sql`));
});
