import { readFileSync } from 'node:fs';
import { appendFile, chmod, chown, copyFile, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientConfig } from '../../src/adapters/store/postgres-connection.ts';
import { databaseConnection } from '../../src/compose/database-connection.ts';
import { readSettings } from '../../src/config.ts';
import { type Authority, type Certificate, makeAuthority } from '../support/certificates.ts';
import { send } from '../support/http-client.ts';
import { spawnNode, until } from '../support/node-process.ts';
import { freshDatabase, type Postgres, startPostgres } from '../support/postgres.ts';

const UNKNOWN = /self-signed certificate|unable to (get|verify)/;
const OTHER_NAME = /does not match certificate/;

let folder: string;
let plain: Postgres;
let postgres: Postgres;
let site: Authority;
let stranger: Authority;
let client: Certificate;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bss-tls-'));
  [plain, postgres] = await Promise.all([startPostgres(), startPostgres()]);
  site = await makeAuthority(folder, 'site');
  stranger = await makeAuthority(folder, 'stranger');
  client = await site.sign('postgres');
  await encrypt(postgres, await site.sign('database', 'IP:127.0.0.1'), site);
});
afterAll(async () => {
  await Promise.all([plain.stop(), postgres.stop()]);
  await rm(folder, { recursive: true });
});

/** Has a server speak TLS, and ask all who come without it to go away but those of the database `plain`. */
async function encrypt({ url, restart }: Postgres, { cert, key }: Certificate, authority: Authority): Promise<void> {
  const admin = new pg.Client(url);
  await admin.connect();
  const data = String((await admin.query('show data_directory')).rows[0]?.data_directory);
  const { uid, gid } = await stat(data);
  for (const [from, to] of [
    [cert, 'server.crt'],
    [key, 'server.key'],
    [authority.cert, 'root.crt'],
  ] as const) {
    await copyFile(from, join(data, to));
    await chown(join(data, to), uid, gid);
    await chmod(join(data, to), 0o600);
  }
  await appendFile(join(data, 'postgresql.auto.conf'), "ssl = on\nssl_ca_file = 'root.crt'\n");
  const rules = ['hostssl certified all all cert', 'hostssl all all all scram-sha-256', 'host open all all trust'];
  await writeFile(join(data, 'pg_hba.conf'), `${rules.join('\n')}\n`);
  await admin.query('create database open');
  await admin.query('create database certified');
  await admin.end();
  await restart();
}

/** What comes of connecting with settings: whether it is encrypted, or why it is refused. */
async function outcomeOf(settings: Record<string, string>): Promise<string> {
  const connection = databaseConnection(readSettings(settings).settings, (path) => readFileSync(path, 'utf8'));
  const pool = new pg.Pool({ ...clientConfig(connection ?? ''), max: 1, connectionTimeoutMillis: 5000 });
  try {
    const { rows } = await pool.query('select ssl from pg_stat_ssl where pid = pg_backend_pid()');
    // More than one packet in each direction, and not at once.
    const long = 'x'.repeat(3_000_000);
    for (const text of [long, 'short', long]) {
      expect((await pool.query('select $1::text as text', [text])).rows[0]?.text === text).toBe(true);
    }
    return rows[0]?.ssl === true ? 'encrypted' : 'plain';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await pool.end();
  }
}

/** Settings with a `DATABASE_URL` on a server. */
function settingsFor(server: Postgres, options: Record<string, string>, change: Partial<URL> = {}) {
  const url = Object.assign(new URL(server.url), change);
  for (const [name, value] of Object.entries(options)) url.searchParams.set(name, value);
  return { DATABASE_URL: url.href };
}

describe('A server without TLS', () => {
  it.each(['', 'disable', 'allow', 'prefer'])('is spoken to with sslmode=%s', async (sslmode) => {
    expect(await outcomeOf(settingsFor(plain, { sslmode }))).toBe('plain');
  });

  it.each(['require', 'verify-ca', 'verify-full', 'no-verify'])('is refused with sslmode=%s', async (sslmode) => {
    expect(await outcomeOf(settingsFor(plain, { sslmode }))).toContain('does not support SSL');
    expect(await outcomeOf({ ...settingsFor(plain, { sslmode }), BSS_INSECURE: 'true' })).toContain('not support SSL');
  });
});

describe('A server with a certificate of an authority that nobody knows', () => {
  it.each(['', 'allow', 'prefer', 'require', 'no-verify'])(
    'is spoken to in secret with sslmode=%s',
    async (sslmode) => {
      expect(await outcomeOf(settingsFor(postgres, { sslmode }))).toBe('encrypted');
    },
  );

  it.each(['verify-ca', 'verify-full'])(
    'is refused with sslmode=%s, unless nothing is to be checked',
    async (sslmode) => {
      const settings = settingsFor(postgres, { sslmode });
      expect(await outcomeOf(settings)).toMatch(UNKNOWN);
      expect(await outcomeOf({ ...settings, BSS_INSECURE: 'true' })).toBe('encrypted');
    },
  );

  it.each(['require', 'verify-ca', 'verify-full'])(
    'is refused when another is named, with sslmode=%s',
    async (sslmode) => {
      const settings = settingsFor(postgres, { sslmode, sslrootcert: stranger.cert });
      expect(await outcomeOf(settings)).toMatch(UNKNOWN);
      expect(await outcomeOf({ ...settings, BSS_INSECURE: 'true' })).toBe('encrypted');
    },
  );
});

describe('A server with a certificate of a known authority', () => {
  it.each(['require', 'verify-ca', 'verify-full'])('is spoken to with sslmode=%s', async (sslmode) => {
    expect(await outcomeOf(settingsFor(postgres, { sslmode, sslrootcert: site.cert }))).toBe('encrypted');
  });

  it('is spoken to by another name unless that is checked', async () => {
    const by = (sslmode: string) =>
      settingsFor(postgres, { sslmode, sslrootcert: site.cert }, { hostname: 'localhost' });
    expect(await outcomeOf(by('verify-full'))).toMatch(OTHER_NAME);
    expect(await outcomeOf({ ...by('verify-full'), BSS_INSECURE: 'true' })).toBe('encrypted');
    for (const mode of ['prefer', 'require', 'verify-ca']) expect(await outcomeOf(by(mode))).toBe('encrypted');
  });

  it('is shown the certificate of a client', async () => {
    const certified = { pathname: 'certified' };
    const shown = { sslmode: 'verify-full', sslrootcert: site.cert, sslcert: client.cert, sslkey: client.key };
    expect(await outcomeOf(settingsFor(postgres, shown, certified))).toBe('encrypted');
    const weak = { sslcert: client.cert, sslkey: client.key };
    expect(await outcomeOf(settingsFor(postgres, weak, certified))).toBe('encrypted');
    expect(await outcomeOf(settingsFor(postgres, { sslmode: 'require' }, certified))).toContain('client certificate');
  });
});

it('Only sslmode=disable never encrypts', async () => {
  expect(await outcomeOf(settingsFor(postgres, { sslmode: 'disable' }))).toContain('no encryption');
  expect(await outcomeOf(settingsFor(postgres, { sslmode: 'disable' }, { pathname: 'open' }))).toBe('plain');
});

it('The settings of services in the field say the same', async () => {
  const { hostname, port, password } = new URL(postgres.url);
  const there = { BSS_DBHOST: hostname, BSS_DBPORT: port, BSS_DBNAME: 'postgres', BSS_DBUSER: 'postgres' };
  const settings = { ...there, BSS_DBPASS: password };
  expect(await outcomeOf(settings)).toBe('encrypted');
  expect(await outcomeOf({ ...settings, BSS_DBOPTS: 'sslmode=disable' })).toContain('no encryption');
  expect(await outcomeOf({ ...settings, BSS_DBOPTS: 'sslmode=verify-full' })).toMatch(UNKNOWN);
  const root = `sslmode=verify-full&sslrootcert=${site.cert}`;
  expect(await outcomeOf({ ...settings, BSS_DBOPTS: root })).toBe('encrypted');
});

it('The service makes its tables and serves over it, and tells of a certificate that it does not believe', async () => {
  const url = new URL(await freshDatabase(`${postgres.url}?sslmode=no-verify`));
  url.search = `sslmode=verify-full&sslrootcert=${site.cert}`;
  const service = await spawnNode({ DATABASE_URL: url.href });
  const isUp = async (): Promise<number> => (await send(service.origin, 'GET', '/boot/v1/bootparameters')).status;
  await until(isUp, (status) => status === 200);
  service.signal('SIGTERM');
  expect(await service.exitCode()).toBe(0);

  url.search = `sslmode=verify-full&sslrootcert=${stranger.cert}`;
  const doubting = await spawnNode({ DATABASE_URL: url.href });
  await until(
    async () => doubting.output(),
    (output) => UNKNOWN.test(output),
  );
  doubting.signal('SIGTERM');
  await doubting.exitCode();
});
