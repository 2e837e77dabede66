import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UnsecuredJWT } from 'jose';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { queuedEdgeCache } from '../../src/adapters/inventory/edge-cache.ts';
import { adminToken, clientCredentials, type TokenSource } from '../../src/adapters/inventory/smd/token-sources.ts';
import { smdTokens } from '../../src/adapters/inventory/smd/tokens.ts';
import { edgeInventory } from '../../src/compose/edge-inventory.ts';
import { readSettings, SettingError } from '../../src/config.ts';
import { openNodeInventory } from '../../src/node/inventory.ts';
import type { Inventory } from '../../src/ports/inventory.ts';
import { type Clock, clockForTest } from '../support/clock.ts';
import { xnameOf } from '../support/identifiers.ts';
import { type NotingLog, notingLog } from '../support/noting-log.ts';
import { silentLog } from '../support/silent-log.ts';
import type { SmdSimulator } from '../support/smd-simulator.ts';
import { startTokenServer, type TokenServer, type TokenServerMode } from '../support/token-server.ts';
import { forgetfulCache } from './edge.ts';
import { found } from './found.ts';
import { byXname } from './keys.ts';
import { inventoryOf, smdForTest } from './smd.ts';

const NODE = xnameOf('x1000c0s3b0n0');
const KEY = byXname(NODE);
/** What is known of that node with SMD's guarded lists, and without. */
const [WHOLE, WITHOUT] = [{ groups: ['compute', 'gpu'] }, { nid: 7, groups: [] }];

let clock: Clock;
let smd: SmdSimulator;
let server: TokenServer;
let log: NotingLog;
beforeEach(async () => {
  clock = clockForTest();
  smd = await smdForTest();
  server = await startTokenServer();
  onTestFinished(server.stop);
  log = notingLog();
});

/** An inventory that asks SMD for the node at every look-up. */
function open(settings: Record<string, string>): Inventory | undefined {
  const inventory = openNodeInventory(readSettings({ HSM_URL: smd.url, ...settings }).settings, log)?.inventory;
  return (
    inventory && {
      ...inventory,
      async find(key) {
        await inventory.refresh([NODE]);
        return inventory.find(key);
      },
    }
  );
}
const openWithAdmin = (): Inventory | undefined => open({ BSS_OAUTH2_ADMIN_BASE_URL: server.url });

/** The tokens that SMD was sent with its guarded lists, each time one. */
function sent(path = '/memberships'): (string | undefined)[] {
  return smd.requests
    .filter(({ target }) => target.includes(path))
    .map(({ authorization }) => authorization?.replace('Bearer ', ''));
}

const jwt = (expiresIn: number, n = 0): string =>
  new UnsecuredJWT({ n }).setExpirationTime(Math.floor(Date.now() / 1000) + expiresIn).encode();

describe('A token for SMD', () => {
  it('is what BSS_OAUTH2_ADMIN_BASE_URL gives to an empty POST', async () => {
    smd.requireToken('token-1');
    expect(await found(openWithAdmin(), KEY)).toMatchObject(WHOLE);
    expect(server.requests).toEqual([
      { method: 'POST', path: '/token', authorization: undefined, contentType: undefined, body: '' },
    ]);
  });

  it('is what the client-credentials grant gives at BSS_OAUTH2_PUBLIC_BASE_URL', async () => {
    smd.requireToken('token-1');
    const inventory = open({
      BSS_OAUTH2_PUBLIC_BASE_URL: `${server.url}/auth/`,
      BSS_OAUTH2_ADMIN_BASE_URL: 'http://127.0.0.1:1',
      BSS_OAUTH2_CLIENT_ID: 'bss edge',
      BSS_OAUTH2_CLIENT_SECRET: 'p:ss/wörd',
    });
    expect(await found(inventory, KEY)).toMatchObject(WHOLE);
    expect(server.requests).toEqual([
      {
        method: 'POST',
        path: '/auth/oauth2/token',
        authorization: `Basic ${Buffer.from('bss+edge:p%3Ass%2Fw%C3%B6rd').toString('base64')}`,
        contentType: expect.stringContaining('application/x-www-form-urlencoded'),
        body: 'grant_type=client_credentials',
      },
    ]);
  });

  it('is the one of BSS_SMD_TOKEN before all others', async () => {
    smd.requireToken('a.b.c');
    const inventory = open({
      BSS_SMD_TOKEN: 'a.b.c',
      BSS_SMD_TOKEN_FILE: '/nowhere',
      BSS_OAUTH2_ADMIN_BASE_URL: server.url,
    });
    expect(await found(inventory, KEY)).toMatchObject(WHOLE);
    expect(server.requests).toEqual([]);
  });

  it('is sent with the public lists too, which a gateway may guard', async () => {
    await openWithAdmin()?.find(KEY);
    expect(smd.requests.map(({ authorization }) => authorization)).toEqual(Array(4).fill('Bearer token-1'));
  });

  it('is asked for once by all who need it at once, and once for many look-ups', async () => {
    smd.requireToken('token-1');
    server.mode = { slow: 100 };
    const inventory = openWithAdmin();
    await Promise.all(Array.from({ length: 20 }, () => inventory?.find(KEY)));
    await inventory?.find(KEY);
    expect(server.requests).toHaveLength(1);
    expect(new Set(sent())).toEqual(new Set(['token-1']));
  });

  it('is asked for by each where requests may not wait for one another, and kept for those after them', async () => {
    server.mode = { slow: 100 };
    const { settings } = readSettings({ HSM_URL: smd.url, BSS_OAUTH2_ADMIN_BASE_URL: server.url });
    const inventory = edgeInventory(settings, queuedEdgeCache(forgetfulCache), silentLog);
    await inventory?.find(KEY);
    const asked = server.requests.length;
    expect(asked).toBeGreaterThan(1);
    await inventory?.find(KEY);
    expect(server.requests).toHaveLength(asked);
  });
});

describe('A token file', () => {
  async function fileOf(content: string): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'bss-token-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, 'token');
    await writeFile(path, content);
    return path;
  }

  it('is read without the space around the token', async () => {
    smd.requireToken('a.b.c');
    expect(await found(open({ BSS_SMD_TOKEN_FILE: await fileOf('\n a.b.c\n') }), KEY)).toMatchObject(WHOLE);
  });

  it('is read again when SMD refuses what it held', async () => {
    smd.requireToken('old');
    const path = await fileOf('old');
    const inventory = open({ BSS_SMD_TOKEN_FILE: path });
    expect(await found(inventory, KEY)).toMatchObject(WHOLE);
    await writeFile(path, 'new\n');
    smd.requireToken('new');
    expect(await found(inventory, KEY)).toMatchObject(WHOLE);
    expect(sent()).toEqual(['old', 'old', 'new']);
  });

  it('may come later: until then the public lists must do', async () => {
    smd.requireToken('a.b.c');
    const path = await fileOf('');
    const inventory = open({ BSS_SMD_TOKEN_FILE: path });
    expect(await found(inventory, KEY)).toMatchObject(WITHOUT);
    await rm(path);
    clock.pass(6000);
    expect(await found(inventory, KEY)).toMatchObject(WITHOUT);
    await writeFile(path, 'a.b.c');
    clock.pass(6000);
    expect(await found(inventory, KEY)).toMatchObject(WHOLE);
  });
});

describe('When SMD refuses a token', () => {
  it('another is asked for and sent, once for all who were refused', async () => {
    smd.requireToken('token-1');
    const inventory = openWithAdmin();
    await inventory?.find(KEY);
    smd.requireToken('token-2');
    const all = await Promise.all(Array.from({ length: 10 }, () => found(inventory, KEY)));
    for (const component of all) expect(component).toMatchObject(WHOLE);
    expect(server.requests).toHaveLength(2);
    await inventory?.find(KEY);
    expect(sent().at(-1)).toBe('token-2');
    expect(log.lines).toEqual([]);
  });

  it('and the next one too, it is asked without, and sent none for a minute', async () => {
    smd.requireToken('quite another');
    const inventory = openWithAdmin();
    expect(await found(inventory, KEY)).toMatchObject(WITHOUT);
    expect(sent()).toEqual(['token-1', 'token-2', undefined]);
    smd.requireToken('token-3');
    clock.pass(50_000);
    expect(await found(inventory, KEY)).toMatchObject(WITHOUT);
    expect([server.requests.length, sent().length, sent().at(-1)]).toEqual([2, 4, undefined]);
    clock.pass(11_000);
    expect(await found(inventory, KEY)).toMatchObject(WHOLE);
  });

  it('and there is only that one, it is asked without, and sent it again after a minute', async () => {
    smd.requireToken('b.c.d');
    const inventory = open({ BSS_SMD_TOKEN: 'a.b.c' });
    expect(await found(inventory, KEY)).toMatchObject(WITHOUT);
    expect(await found(inventory, KEY)).toMatchObject(WITHOUT);
    expect(sent()).toEqual(['a.b.c', undefined, undefined]);
    smd.requireToken('a.b.c');
    clock.pass(61_000);
    expect(await found(inventory, KEY)).toMatchObject(WHOLE);
  });

  it('by 403, it is the same', async () => {
    smd.modeOf.set('/memberships', { status: 403 });
    expect(await found(openWithAdmin(), KEY)).toMatchObject(WITHOUT);
    expect(sent()).toEqual(['token-1', 'token-2', undefined]);
  });

  it('while the token server is away, the public lists and what the others held before must do', async () => {
    smd.requireToken('token-1');
    const inventory = openWithAdmin();
    await inventory?.find(KEY);
    smd.requireToken('token-2');
    server.mode = { status: 503 };
    smd.lists.components.forEach((component) => {
      component.Enabled = false;
    });
    expect(await found(inventory, KEY)).toMatchObject({ ...WHOLE, enabled: false });
    smd.lists.components.forEach((component) => {
      component.Enabled = true;
    });
    server.mode = 'healthy';
    clock.pass(6000);
    expect(await found(inventory, KEY)).toMatchObject(WHOLE);
  });
});

describe('A token that ends', () => {
  /** How many tokens were asked for after one look-up at each of these times, in seconds. */
  async function askedAt(inventory: Inventory | undefined, seconds: readonly number[]): Promise<number[]> {
    const asked: number[] = [];
    let now = 0;
    for (const second of seconds) {
      clock.pass((second - now) * 1000);
      now = second;
      await inventory?.find(KEY);
      asked.push(server.requests.length);
    }
    return asked;
  }

  it.each([
    ['after four fifths of a long life', 1000, 800],
    ['half a minute before the end of a short one', 100, 70],
    ['at half time of a very short one', 20, 10],
  ])('is replaced %s', async (_, life, seconds) => {
    server.also = { expires_in: life };
    expect(await askedAt(openWithAdmin(), [0, seconds - 4, seconds + 1])).toEqual([1, 1, 2]);
  });

  it('is replaced when a JWT says so by itself', async () => {
    server.mint = (n) => jwt(100, n);
    expect(await askedAt(openWithAdmin(), [0, 65, 71])).toEqual([1, 1, 2]);
  });

  it.each([
    ['says nothing of its end', () => 'opaque', {}],
    ['says nonsense of it', () => 'opaque', { expires_in: 'soon' }],
    ['is a JWT without an end', () => new UnsecuredJWT({}).encode(), {}],
    ['has ended by our clock', () => jwt(-100), {}],
  ])('is kept until SMD refuses it when it %s', async (_, mint, also) => {
    server.mint = mint;
    server.also = also;
    expect(await askedAt(openWithAdmin(), [0, 1, 86_400])).toEqual([1, 1, 1]);
  });

  it('takes a life that was written as a text', async () => {
    server.also = { expires_in: '100' };
    expect(await askedAt(openWithAdmin(), [0, 66, 71])).toEqual([1, 1, 2]);
  });

  it('is replaced for one who needs it, while the others go on with it', async () => {
    server.also = { expires_in: 100 };
    const requests = { fetch: (...args: Parameters<typeof fetch>) => fetch(...args), timeoutMs: 1000 };
    const tokens = smdTokens(adminToken(server.url, requests), true, log);
    expect(await tokens.current()).toBe('token-1');
    clock.pass(75_000);
    server.mode = { slow: 300 };
    const first = tokens.current();
    await expect.poll(() => server.requests.length).toBe(2);
    expect(await tokens.current()).toBe('token-1');
    expect(await first).toBe('token-2');
    expect([await tokens.current(), server.requests.length]).toEqual(['token-2', 2]);
  });

  it('is sent until then while the token server is away, and no longer', async () => {
    server.also = { expires_in: 100 };
    const inventory = openWithAdmin();
    await inventory?.find(KEY);
    server.mode = 'refuse';
    for (const _ of Array(3)) {
      clock.pass(25_000);
      await inventory?.find(KEY);
    }
    clock.pass(26_000);
    await inventory?.find(KEY);
    expect(sent()).toEqual(['token-1', 'token-1', 'token-1', 'token-1', undefined]);
    server.mode = 'healthy';
    clock.pass(6000);
    await inventory?.find(KEY);
    expect(sent().at(-1)).toBe('token-2');
  });
});

describe('While the token server', () => {
  const outages: readonly (readonly [string, TokenServerMode])[] = [
    ['answers 503', { status: 503 }],
    ['answers 401', { status: 401 }],
    ['sends elsewhere', { status: 302 }],
    ['closes the connection', 'refuse'],
    ['does not answer in time', 'hang'],
    ['answers with a bare token', { body: 'secret.to.ken' }],
    ['answers with no token', { body: '{"token":"secret.to.ken"}' }],
    ['answers with a token of a wrong type', { body: '{"access_token":{"value":"secret.to.ken"}}' }],
    ['answers with an empty token', { body: '{"access_token":""}' }],
    ['answers with a token that is none', { body: '{"access_token":"secret.to.ken\\nand more"}' }],
    ['answers nothing', { body: '' }],
  ];

  it.each(outages)('%s, the public lists must do, and it is left alone for some seconds', async (_, mode) => {
    smd.requireToken('token-1');
    server.mode = mode;
    const inventory = openWithAdmin();
    expect(await found(inventory, KEY)).toMatchObject(WITHOUT);
    const start = performance.now();
    expect(await found(inventory, KEY)).toMatchObject(WITHOUT);
    expect(performance.now() - start).toBeLessThan(500);
    expect(server.requests).toHaveLength(1);
    server.mode = 'healthy';
    clock.pass(6000);
    expect(await found(inventory, KEY)).toMatchObject(WHOLE);
  });

  it.each(outages)('%s, the log says so once a minute, without a secret', async (_, mode) => {
    server.mode = mode;
    const requests = { fetch: (...args: Parameters<typeof fetch>) => fetch(...args), timeoutMs: 100 };
    const credentials = { baseUrl: server.url, id: 'bss', secret: 'secret of the client' };
    const sources: TokenSource[] = [adminToken(server.url, requests), clientCredentials(credentials, requests)];
    for (const source of sources) {
      log = notingLog();
      const inventory = inventoryOf(smd, { tokens: smdTokens(source, true, log) });
      for (const _ of Array(5)) {
        await inventory.find(KEY);
        clock.pass(10_000);
      }
      expect(log.lines).toEqual([expect.stringMatching(/^warn no token for SMD is to be had/)]);
      clock.pass(11_000);
      await inventory.find(KEY);
      expect(log.lines).toHaveLength(2);
      expect(log.lines.join()).not.toMatch(/secret|to\.ken|Basic/);
    }
  });

  it('is away and SMD too, nothing is said, and in time', async () => {
    [server.mode, smd.mode] = ['hang', 'hang'];
    const start = performance.now();
    await expect(openWithAdmin()?.find(KEY)).rejects.toMatchObject({ code: 'unavailable' });
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

describe('The settings of tokens stop the start with a sentence when', () => {
  it.each([
    ['a client has no server', { BSS_OAUTH2_CLIENT_ID: 'a', BSS_OAUTH2_CLIENT_SECRET: 'b' }, 'PUBLIC_BASE_URL'],
    ['a client has no secret', { BSS_OAUTH2_CLIENT_ID: 'a', BSS_OAUTH2_PUBLIC_BASE_URL: 'http://a' }, 'CLIENT_SECRET'],
    ['a secret has no client', { BSS_OAUTH2_CLIENT_SECRET: 'b' }, 'CLIENT_ID'],
    ['the public URL is none', { BSS_OAUTH2_PUBLIC_BASE_URL: 'auth.site' }, 'PUBLIC_BASE_URL'],
    ['the admin URL is none', { BSS_OAUTH2_ADMIN_BASE_URL: 'ftp://auth.site' }, 'ADMIN_BASE_URL'],
  ])('%s', (_, settings, name) => {
    const start = () => open(settings);
    expect(start).toThrow(SettingError);
    expect(start).toThrow(new RegExp(`^BSS_OAUTH2_${name} `));
  });
});
