import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { send } from '../support/http-client.ts';
import { type NodeProcess, spawnNode, until } from '../support/node-process.ts';
import { freshDatabase, startPostgres } from '../support/postgres.ts';

const PARAMETERS = '/boot/v1/bootparameters';
const SCRIPT = '/boot/v1/bootscript';
const isUp = ({ status }: { status: number }): boolean => status === 200;
const up = (service: NodeProcess) => until(() => send(service.origin, 'GET', PARAMETERS), isUp);

describe('the Node entry', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bss-node-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const dataDir = (name: string) => ({ BSS_DATA_DIR: join(folder, name) });

  it.each([
    [{ BSS_HTTP_LISTEN: 'nonsense' }, 'BSS_HTTP_LISTEN must be host:port or :port'],
    [{ BSS_RETRY_DELAY: 'soon' }, 'BSS_RETRY_DELAY must be a whole number of seconds'],
    [{ BSS_CHAIN_PROTO: 'tftp' }, 'BSS_CHAIN_PROTO must be http or https'],
    [{ BSS_USESQL: 'perhaps' }, 'BSS_USESQL must be true or false'],
    [{ BSS_STORE: 'postgres' }, 'BSS_STORE postgres needs DATABASE_URL or BSS_DBHOST'],
    [{ BSS_STORE: 'neon' }, 'BSS_STORE neon is for Workers'],
    [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL must be a postgresql:// URL'],
    [{ BSS_TRUSTED_PROXIES: '10.0.0.0/99' }, 'BSS_TRUSTED_PROXIES must be networks'],
    [{ HSM_URL: 'ftp://smd' }, 'HSM_URL must be'],
    [{ HSM_URL: 'file:/nowhere/inventory.json' }, 'HSM_URL names an inventory file that cannot be used'],
    [{ HSM_URL: 'http://user:password@smd' }, 'HSM_URL must not hold credentials'],
    [{ HSM_URL: 'http://%%%' }, 'HSM_URL must be'],
    [{ BSS_IPXE_SERVER: 'boot:99999' }, 'BSS_IPXE_SERVER must be a host'],
    [{ BSS_DBHOST: 'db', BSS_DBPORT: '99999' }, 'BSS_DBPORT must be a port number'],
    [{ BSS_DBHOST: 'a b' }, 'BSS_DBHOST must be a host name'],
    [{ BSS_DBHOST: 'db', BSS_DBOPTS: 'sslmode=nonsense' }, 'BSS_DBOPTS names no sslmode'],
    [{ BSS_DATA_DIR: '/dev/null/data' }, 'BSS_DATA_DIR /dev/null/data cannot be used'],
    [{ BSS_JWKS_URL: 'file:///keys' }, 'BSS_JWKS_URL must be an http(s) URL'],
    [{ BSS_AUTH_SCOPES: 'on' }, 'BSS_JWKS_URL must be set with BSS_AUTH_SCOPES'],
    [{ BSS_DIALECT: 'hpe' }, 'BSS_DIALECT must be openchami or csm'],
    [{ S3_ENDPOINT: 'rgw.site' }, 'S3_ENDPOINT must be an http(s) URL'],
  ])('does not start with a wrong setting, and names it: %j [service.wrong-settings]', async (settings, sentence) => {
    const service = await spawnNode({ ...dataDir('wrong'), ...settings });
    expect(await service.exitCode()).toBe(1);
    expect(service.output()).toContain(`bss-edge: ${sentence}`);
  });

  it('refuses a data folder that another process uses', async () => {
    const first = await spawnNode(dataDir('locked'));
    await up(first);
    const second = await spawnNode(dataDir('locked'));
    expect(await second.exitCode()).toBe(1);
    expect(second.output()).toMatch(/bss-edge: BSS_DATA_DIR .* is in use by another process/);
    first.signal('SIGKILL');
    await first.exitCode();
    const third = await spawnNode(dataDir('locked'));
    await up(third);
    third.signal('SIGTERM');
    expect(await third.exitCode()).toBe(0);
  });

  it('keeps what it acknowledged through kill -9, and stops cleanly on SIGTERM', async () => {
    const first = await spawnNode(dataDir('killed'));
    await up(first);
    for (let at = 0; at < 20; at++) {
      const macs = [`02:00:00:00:00:${at.toString(16).padStart(2, '0')}`];
      expect((await send(first.origin, 'POST', PARAMETERS, { macs, kernel: `http://files/${at}` })).status).toBe(201);
    }
    first.signal('SIGKILL');
    await first.exitCode();
    const second = await spawnNode(dataDir('killed'));
    expect((await up(second)).json()).toHaveLength(20);
    second.signal('SIGTERM');
    expect(await second.exitCode()).toBe(0);
  });

  it('logs scripts once a second at info and each at debug, without kernel parameters', async () => {
    const service = await spawnNode({
      ...dataDir('log'),
      BSS_DEBUG: 'true',
      ETCD_HOST: 'etcd',
      S3_BUCKET: 'hidden',
    });
    await up(service);
    await send(service.origin, 'POST', PARAMETERS, {
      macs: ['02:00:00:00:00:01'],
      kernel: 'http://k',
      params: 'psw=geheim',
    });
    await send(service.origin, 'GET', `${SCRIPT}?mac=02:00:00:00:00:01&e=2d0c613b`);
    await until(
      async () => service.output(),
      (output) => output.includes('"msg":"scripts"'),
    );
    service.signal('SIGTERM');
    await service.exitCode();
    const output = service.output();
    expect(output).toMatch(
      /"level":"debug".*"node":"02:00:00:00:00:01","decision":"node".*"ipxeError":"2d0c613b".*"msg":"script"/,
    );
    expect(output).toMatch(/"level":"info".*"node":1.*"msg":"scripts"/);
    expect(output).toMatch(/"settings":"ETCD_HOST S3_BUCKET".*are ignored/);
    expect(output).not.toMatch(/geheim|hidden/);
  });
});

describe('the Node entry over PostgreSQL', () => {
  it('makes the schema, and refuses one that it may not make when told only to check', async () => {
    const DATABASE_URL = await freshDatabase(inject('postgresUrl'));
    const checking = await spawnNode({ DATABASE_URL, BSS_MIGRATE: 'check' });
    expect(await checking.exitCode()).toBe(1);
    expect(checking.output()).toContain('there is no schema in the database');
    const making = await Promise.all([
      spawnNode({ DATABASE_URL }),
      spawnNode({ DATABASE_URL }),
      spawnNode({ DATABASE_URL }),
    ]);
    await Promise.all(making.map(up));
    for (const service of making) service.signal('SIGTERM');
    expect(await Promise.all(making.map((service) => service.exitCode()))).toEqual([0, 0, 0]);
    const checked = await spawnNode({ DATABASE_URL, BSS_MIGRATE: 'check' });
    await up(checked);
    checked.signal('SIGTERM');
    expect(await checked.exitCode()).toBe(0);
  });

  it('takes the field’s own settings for a database', async () => {
    const url = new URL(await freshDatabase(inject('postgresUrl')));
    const service = await spawnNode({
      BSS_USESQL: 'true',
      BSS_DBHOST: url.hostname,
      BSS_DBPORT: url.port,
      BSS_DBNAME: url.pathname.slice(1),
      BSS_DBUSER: url.username,
      BSS_DBPASS: url.password,
      BSS_DBOPTS: 'sslmode=disable',
    });
    await up(service);
    service.signal('SIGTERM');
    expect(await service.exitCode()).toBe(0);
  });

  it('listens while the database is away, answers 503, and goes on when it is there [bootscript.store-outage-is-503] [writing.outage-is-503] [writing.outage-changes-nothing] [service.status-without-database] [problems.show-no-insides]', async () => {
    const postgres = await startPostgres();
    const DATABASE_URL = await postgres.createDatabase();
    await postgres.crash();
    const service = await spawnNode({ DATABASE_URL });
    await until(() => send(service.origin, 'GET', '/boot/v1/service/status'), isUp);
    const refused = [
      await send(service.origin, 'GET', `${SCRIPT}?mac=02:00:00:00:00:01`),
      await send(service.origin, 'GET', PARAMETERS),
      await send(service.origin, 'POST', PARAMETERS, { macs: ['02:00:00:00:00:01'], kernel: 'http://k' }),
    ];
    for (const { status, headers, text } of refused) {
      expect([status, Number(headers['retry-after'])]).toEqual([
        503,
        expect.toSatisfy((after: number) => after >= 5 && after <= 15),
      ]);
      expect(text).not.toMatch(/postgres|select|127\.0\.0\.1/i);
    }
    await postgres.restart();
    expect((await up(service)).text).toBe('[]');
    await send(service.origin, 'POST', PARAMETERS, { macs: ['02:00:00:00:00:01'], kernel: 'http://k' });

    await postgres.crash();
    expect(
      (await send(service.origin, 'PUT', PARAMETERS, { macs: ['02:00:00:00:00:01'], kernel: 'http://other' })).status,
    ).toBe(503);
    await postgres.restart();
    expect((await up(service)).text).toContain('"kernel":"http://k"');
    service.signal('SIGTERM');
    expect(await service.exitCode()).toBe(0);
    await postgres.stop();
  });
});
