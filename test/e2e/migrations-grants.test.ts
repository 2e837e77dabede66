// What docs/database.md has an administrator grant is enough to run the service, and not enough to change the schema.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { send } from '../support/http-client.ts';
import { type NodeProcess, spawnNode, until } from '../support/node-process.ts';
import { freshDatabase } from '../support/postgres.ts';
import { type SmdSimulator, startSmd } from '../support/smd-simulator.ts';
import { runMigrate, UP_TO_DATE } from './run-migrate.ts';

const PARAMETERS = '/boot/v1/bootparameters';
const SCRIPT = '/boot/v1/bootscript';
const page = readFileSync(new URL('../../docs/database.md', import.meta.url), 'utf8');
const GRANTS = /```sql\n([\s\S]*?)```/.exec(page)?.[1] ?? '';

describe('a runtime role with the rights that the documentation grants', () => {
  const suffix = randomBytes(4).toString('hex');
  const roles = { owner: `owner_${suffix}`, runtime: `bss_${suffix}` };
  let admin: pg.Client;
  let owner: pg.Client;
  let runtime: pg.Client;
  let urls: Record<keyof typeof roles, string>;
  let smd: SmdSimulator;
  const started: NodeProcess[] = [];

  const as = (url: string, username: string): string =>
    Object.assign(new URL(url), { username, password: 'secret' }).href;

  async function start(settings: Record<string, string>): Promise<NodeProcess> {
    const service = await spawnNode({ DATABASE_URL: urls.runtime, ...settings });
    started.push(service);
    return service;
  }
  const up = (service: NodeProcess) =>
    until(
      () => send(service.origin, 'GET', PARAMETERS),
      ({ status }) => status === 200,
    );

  beforeAll(async () => {
    const url = await freshDatabase(inject('postgresUrl'));
    const database = new URL(url).pathname.slice(1);
    urls = { owner: as(url, roles.owner), runtime: as(url, roles.runtime) };
    admin = new pg.Client(url);
    await admin.connect();
    // No more than what is granted: PUBLIC's own rights are taken away, as careful sites do.
    for (const role of Object.values(roles)) await admin.query(`create role ${role} login password 'secret'`);
    await admin.query(`alter database ${database} owner to ${roles.owner}`);
    await admin.query(`revoke all on database ${database} from public; revoke all on schema public from public`);
    smd = await startSmd();
    expect(await runMigrate({ DATABASE_URL: urls.owner })).toEqual(UP_TO_DATE);
    owner = new pg.Client(urls.owner);
    await owner.connect();
  });
  afterAll(async () => {
    for (const service of started) service.signal('SIGKILL');
    await Promise.all(started.map((service) => service.exitCode()));
    await smd.stop();
    await runtime.end();
    await owner.end();
    await admin.query(`drop owned by ${roles.runtime}; drop role ${roles.runtime}`);
    await admin.end();
  });

  it('waits, listening, until it has them, and says in its log what is refused', async () => {
    const service = await start({ BSS_MIGRATE: 'check' });
    await until(
      async () => service.output(),
      (output) => output.includes('permission denied'),
    );
    expect((await send(service.origin, 'GET', '/boot/v1/service/status')).status).toBe(200);
    const refused = await send(service.origin, 'GET', `${SCRIPT}?mac=02:00:00:00:00:01`);
    expect([refused.status, Number(refused.headers['retry-after']) > 0]).toEqual([503, true]);
    const database = new URL(urls.owner).pathname.slice(1);
    await owner.query(GRANTS.replaceAll('bssdb', database).replaceAll(/\bbss\b/g, roles.runtime));
    await up(service);
    runtime = new pg.Client(urls.runtime);
    await runtime.connect();
  });

  it('may do all that the service does beside an SMD: writes of all kinds, scripts, history, the copy of the inventory', async () => {
    const service = await start({ BSS_MIGRATE: 'check', HSM_URL: smd.url });
    await up(service);
    const nodes = (await until(
      () => send(service.origin, 'GET', '/boot/v1/hosts'),
      ({ text }) => JSON.parse(text).length > 0,
    ).then((answer) => answer.json())) as { ID: string; MAC: string[]; Type?: string }[];
    const [node] = nodes.filter(({ MAC }) => MAC?.length > 0);
    const macs = node?.MAC.slice(0, 1) ?? [];
    const kernel = 'http://files/vmlinuz';
    const write = async (method: string, body: unknown): Promise<number> =>
      (await send(service.origin, method, PARAMETERS, body)).status;
    expect(await write('POST', { macs, kernel, params: 'quiet' })).toBe(201);
    expect(await write('PUT', { hosts: ['Default', 'x9999c0s0b0n0'], kernel, initrd: 'http://files/initrd' })).toBe(
      200,
    );
    expect(await write('PATCH', { macs, 'cloud-init': { 'user-data': { a: 1 } } })).toBe(200);
    expect(await write('PUT', { kernel, params: 'image=1' })).toBe(200);
    const script = await send(service.origin, 'GET', `${SCRIPT}?mac=${macs[0]}`);
    expect(script.text).toContain(`${kernel} quiet image=1 `);
    const history = await send(service.origin, 'GET', '/boot/v1/endpoint-history?endpoint=bootscript');
    expect(history.json()).toMatchObject([{ name: node?.ID }]);
    await until(
      async () => (await runtime.query('select from boot.inventory_components')).rowCount,
      (count) => count !== null && count > 0,
    );
    expect(await write('DELETE', { macs })).toBe(200);
    expect(await write('DELETE', { kernel })).toBe(200);
    // A request may come before the store is up.
    const said = service.output().replaceAll(/.*the database is not there yet.*\n/g, '');
    expect(said).not.toMatch(/permission denied|"level":"(warn|error)".*database/);
  });

  it('may keep the own inventory, and what nodes report', async () => {
    const service = await start({ BSS_MIGRATE: 'check' });
    await up(service);
    const hsm = async (method: string, path: string, body?: unknown): Promise<number> =>
      (await send(service.origin, method, `/hsm/v2${path}`, body)).status;
    const component = { ID: 'x1c0s0b0n0', State: 'On', NID: 1, Role: 'Compute' };
    expect(await hsm('POST', '/State/Components', { Components: [component] })).toBe(204);
    const address = { MACAddress: '02:00:00:00:01:01', ComponentID: 'x1c0s0b0n0' };
    const IPAddresses = [{ IPAddress: '127.0.0.1' }];
    expect(await hsm('POST', '/Inventory/EthernetInterfaces', { ...address, IPAddresses })).toBe(201);
    expect(await hsm('POST', '/groups', { label: 'gpu', members: { ids: ['x1c0s0b0n0'] } })).toBe(201);
    const record = { hosts: ['gpu'], kernel: 'http://files/gpu' };
    expect((await send(service.origin, 'POST', PARAMETERS, record)).status).toBe(201);
    const script = await send(service.origin, 'GET', `${SCRIPT}?mac=02:00:00:00:01:01`);
    expect(script.text).toContain('http://files/gpu');
    expect((await send(service.origin, 'POST', '/phone-home', { hostname: 'one' })).status).toBe(200);
    expect((await send(service.origin, 'GET', '/user-data')).status).toBe(200);
    expect(await hsm('DELETE', '/groups/gpu')).toBe(200);
    expect(await hsm('DELETE', '/State/Components/x1c0s0b0n0')).toBe(200);
    expect(service.output()).not.toMatch(/permission denied/);
  });

  it('may start with BSS_MIGRATE=auto as long as there is nothing to do', async () => {
    const service = await start({});
    await up(service);
    expect(await runMigrate({ DATABASE_URL: urls.runtime })).toEqual(UP_TO_DATE);
  });

  it('may not change the schema, nor make one', async () => {
    const statements = [
      'create table boot.more (id integer)',
      'create table public.more (id integer)',
      'create temporary table more (id integer)',
      'create schema more',
      'alter table boot.nodes add column more text',
      'drop table boot.nodes',
      'truncate boot.nodes cascade',
      "insert into boot_migrations.applied (hash, created_at) values ('more', 1)",
      'update boot_migrations.applied set created_at = 0',
    ];
    for (const statement of statements) {
      const refused = await runtime.query(statement).catch((error: unknown) => error);
      expect([statement, refused]).toEqual([statement, expect.objectContaining({ code: '42501' })]);
    }
  });

  it('may use tables that a later migration makes, without a new grant', async () => {
    await owner.query('create table boot.later (id integer)');
    await runtime.query('insert into boot.later values (1)');
    await runtime.query('update boot.later set id = 2');
    expect((await runtime.query('delete from boot.later returning id')).rows).toEqual([{ id: 2 }]);
    await runtime.query("select pg_notify('boot', 'later')");
  });
});
