import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { cacheApiCache } from '../../src/adapters/inventory/cache-api.ts';
import { queuedEdgeCache } from '../../src/adapters/inventory/edge-cache.ts';
import type { AddressKey, NodeKey } from '../../src/core/component.ts';
import type { Inventory } from '../../src/ports/inventory.ts';
import { xnameOf } from '../support/identifiers.ts';
import type { SmdMode, SmdSimulator } from '../support/smd-simulator.ts';
import { clocksForTest, forgetfulCache, isolateOf, type SharedCache, sharedCache } from './edge.ts';
import { found, foundAll } from './found.ts';
import { byAddress, byHostname, byMac, byNid, byXname } from './keys.ts';
import { smdForTest } from './smd.ts';

/** Milliseconds that a look-up may take, that knowledge may be old, and that it is not asked for again. */
const [TIMEOUT, MAX_AGE, FRESH] = [300, 10_000, 3000];
const MACS = ['02:00:00:00:00:01', '02:00:00:00:00:02'] as const;
const NODE = {
  xname: 'x1000c0s0b0n0',
  nid: 1,
  macs: MACS,
  addresses: ['172.16.1.1'],
  role: 'Compute',
  endpoint: { fqdn: 'nid001.cluster.example' },
};
const OTHER = { xname: 'x1000c0s1b0n0', nid: 2, macs: ['02:00:00:00:00:03'] };
const NAMES: readonly (NodeKey | AddressKey)[] = [
  byMac(MACS[0]),
  byMac(MACS[1]),
  byXname(NODE.xname),
  byNid(NODE.nid),
  byHostname('nid001.cluster.example'),
  byHostname('nid001'),
  byAddress('172.16.1.1'),
];
const FAILURES: readonly SmdMode[] = [
  'refuse',
  'hang',
  'stall',
  'garbage',
  'wrong types',
  { status: 401 },
  { status: 500 },
];
const unavailable = { code: 'unavailable' };

let clock: ReturnType<typeof clocksForTest>;
let smd: SmdSimulator;
let cache: SharedCache;
/** Two isolates of one place. */
let here: Inventory;
let there: Inventory;
beforeEach(async () => {
  clock = clocksForTest();
  smd = await smdForTest([NODE, OTHER]);
  cache = sharedCache();
  here = isolate();
  there = isolate();
});

function isolate(shared: Parameters<typeof isolateOf>[1] = cache): Inventory {
  return isolateOf(smd, shared, { timeout: TIMEOUT, maxAge: MAX_AGE });
}

/** How many requests SMD gets while something is done. */
async function asked(act: () => unknown): Promise<number> {
  const before = smd.requests.length;
  await act();
  return smd.requests.length - before;
}

/** Milliseconds, by the clock on the wall, until something is done. */
async function timeOf(act: () => unknown): Promise<number> {
  const start = process.hrtime.bigint();
  await act();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

function changeRole(role: string): void {
  smd.lists.components[0] = { ...smd.lists.components[0], Role: role };
}

describe('For seconds, a node that was looked up', () => {
  it.each(NAMES)('is not asked for again, by no isolate, by none of its names: %o', async (name) => {
    const known = await found(here, byMac(MACS[0]));
    expect(known?.xname).toBe(NODE.xname);
    for (const inventory of [here, there]) {
      expect(await asked(async () => expect(await inventory.find(name)).toEqual({ component: known }))).toBe(0);
    }
  });

  it('is asked for again after that, and is what it is then', async () => {
    await here.find(byNid(1));
    changeRole('Application');
    clock.pass(FRESH - 500);
    expect((await found(there, byNid(1)))?.role).toBe('Compute');
    clock.pass(501);
    expect((await found(there, byMac(MACS[0])))?.role).toBe('Application');
    expect((await found(here, byNid(1)))?.role).toBe('Application');
  });

  it('is not asked for again although the inventory may not even be so old', async () => {
    const hasty = isolateOf(smd, cache, { maxAge: 1000 });
    await hasty.find(byNid(1));
    clock.pass(900);
    expect(await asked(() => hasty.find(byNid(1)))).toBe(0);
    clock.pass(101);
    expect((await hasty.find(byNid(1)))?.age).toBeUndefined();
    expect(await asked(() => hasty.find(byNid(1)))).toBe(0);
  });

  it('is not asked for again by an isolate of its own, where the cache keeps nothing', async () => {
    const alone = isolate(forgetfulCache);
    await alone.find(byMac(MACS[0]));
    expect(await asked(() => alone.find(byMac(MACS[0])))).toBe(0);
    clock.pass(FRESH + 1);
    expect(await asked(() => alone.find(byMac(MACS[0])))).toBe(5);
  });

  it('is asked for once by all who ask together, also when it is none', async () => {
    smd.mode = { slow: 50 };
    const all = (key: NodeKey) => () => Promise.all(Array.from({ length: 50 }, () => here.find(key)));
    expect(await asked(all(byMac(MACS[0])))).toBe(5);
    expect(await asked(all(byNid(77)))).toBe(1);
    smd.mode = 'refuse';
    expect(await asked(() => all(byXname('x9c0s0b0n0'))().catch(() => {}))).toBe(4);
  });

  it('is taken from the cache among few, while many are left to SMD’s lists', async () => {
    const few = [byNid(1), byMac(MACS[1]), byXname(OTHER.xname), byNid(77)];
    expect(await foundAll(here, few)).toMatchObject([{ nid: 1 }, { nid: 1 }, { nid: 2 }, undefined]);
    expect(await asked(() => there.findAll(few))).toBe(1);
    expect(await asked(() => there.findAll([...few, byNid(2)]))).toBe(4);
  });

  it('costs two steps in the cache, and none of the puts is waited for', async () => {
    const queued = queuedEdgeCache(cache);
    queued.putLater('key', 'value', 60);
    expect([await queued.match('key'), cache.matches, cache.puts]).toEqual(['value', [], []]);
    await Promise.all([queued.flush(), queued.flush()]);
    expect([await queued.match('key'), cache.puts]).toEqual(['value', ['key']]);
    await here.find(byMac(MACS[0]));
    cache.matches.length = 0;
    await there.find(byMac(MACS[0]));
    const marks = ['refreshed', 'away', `refreshed/${NODE.xname}`];
    expect(cache.matches.sort()).toEqual(
      [`mac/${encodeURIComponent(MACS[0])}`, `xname/${NODE.xname}`, ...marks].sort(),
    );
  });

  it('is put under its names once, and again when it has others', async () => {
    await here.find(byMac(MACS[0]));
    expect(cache.puts).toHaveLength(NAMES.length);
    cache.puts.length = 0;
    clock.pass(FRESH + 1);
    await there.find(byNid(1));
    expect(cache.puts).toEqual([`xname/${NODE.xname}`]);
    smd.lists.interfaces.push({ ID: 'a', ComponentID: NODE.xname, Type: 'Node', MACAddress: '02:00:00:00:00:0a' });
    clock.pass(FRESH + 1);
    await there.find(byNid(1));
    smd.mode = 'refuse';
    expect(await found(here, byMac('02:00:00:00:00:0a'))).toMatchObject({ nid: 1 });
  });
});

describe('That nobody has a name', () => {
  const late = { xname: 'x1000c0s9b0n0', nid: 9, macs: ['02:00:00:00:09:09'] };

  it('is not kept: who was just added is found at once', async () => {
    for (const key of [byXname(late.xname), byNid(9), byMac(late.macs[0] ?? '')]) {
      expect(await here.find(key)).toBeUndefined();
    }
    smd.add(late);
    for (const key of [byXname(late.xname), byNid(9), byMac(late.macs[0] ?? '')]) {
      expect(await found(here, key)).toMatchObject({ nid: 9 });
    }
  });

  it('counts more than what was known before, for all isolates', async () => {
    await here.find(byXname(NODE.xname));
    smd.lists.components.shift();
    clock.pass(FRESH + 1);
    expect(await there.find(byXname(NODE.xname))).toBeUndefined();
    smd.mode = 'refuse';
    for (const name of NAMES) await expect(isolate().find(name)).rejects.toMatchObject(unavailable);
  });

  it('takes only the name from who had others, until it is back', async () => {
    await here.find(byMac(MACS[0]));
    const [moved] = smd.lists.interfaces.splice(0, 1);
    clock.pass(FRESH + 1);
    expect(await here.find(byMac(MACS[0]))).toBeUndefined();
    smd.mode = 'refuse';
    await expect(there.find(byMac(MACS[0]))).rejects.toMatchObject(unavailable);
    expect(await found(there, byNid(1))).toMatchObject({ xname: NODE.xname });
    smd.mode = 'healthy';
    clock.pass(FRESH + 1);
    smd.lists.interfaces.push({ ...moved });
    await here.find(byNid(1));
    smd.mode = 'refuse';
    expect(await found(isolate(), byMac(MACS[0]))).toMatchObject({ xname: NODE.xname });
  });

  it('is so of a name that the node has lost since, though the cache still leads there', async () => {
    await here.find(byAddress('172.16.1.1'));
    smd.lists.interfaces.splice(0, 1);
    clock.pass(FRESH + 1);
    await here.find(byNid(1));
    expect(await there.find(byAddress('172.16.1.1'))).toBeUndefined();
    smd.mode = 'refuse';
    await expect(isolate().find(byAddress('172.16.1.1'))).rejects.toMatchObject(unavailable);
  });

  it('is so of a name that another node has got', async () => {
    await here.find(byMac(MACS[0]));
    smd.lists.interfaces[0] = { ...smd.lists.interfaces[0], ComponentID: OTHER.xname };
    clock.pass(FRESH + 1);
    expect(await found(here, byMac(MACS[0]))).toMatchObject({ xname: OTHER.xname });
    smd.mode = 'refuse';
    expect(await found(isolate(), byMac(MACS[0]))).toMatchObject({ xname: OTHER.xname });
  });
});

describe('While SMD is away', () => {
  it.each(FAILURES)('a node is known to an isolate that never heard of it, with its age: %o', async (mode) => {
    const known = await found(here, byMac(MACS[0]));
    smd.mode = mode;
    clock.pass(MAX_AGE - 1000);
    expect(await isolate().find(byAddress('172.16.1.1'))).toEqual({ component: known });
    clock.pass(60_000);
    const sighting = await isolate().find(byNid(1));
    expect(sighting).toEqual({ component: known, age: 69 });
    expect(await isolate().findAll([byNid(1), byXname(NODE.xname)])).toMatchObject([{ age: 69 }, { age: 69 }]);
  });

  it('a node is known after weeks', async () => {
    await here.find(byMac(MACS[0]));
    smd.mode = 'refuse';
    clock.pass(90 * 86_400_000);
    expect(await isolate().find(byNid(1))).toMatchObject({ age: 90 * 86_400 });
  });

  it('a node is known to the isolate that heard of it, where the cache keeps nothing', async () => {
    const alone = isolate(forgetfulCache);
    await alone.find(byMac(MACS[0]));
    smd.mode = 'hang';
    clock.pass(MAX_AGE + 1000);
    expect(await alone.find(byNid(1))).toMatchObject({ age: 11 });
    expect(await timeOf(() => alone.find(byMac(MACS[1])))).toBeLessThan(TIMEOUT / 2);
  });

  it('one of which nothing is known is not called unknown', async () => {
    smd.mode = { slow: 5000 };
    const took = await timeOf(() => expect(here.find(byNid(2))).rejects.toMatchObject(unavailable));
    expect(took).toBeGreaterThan(TIMEOUT - 20);
    expect(took).toBeLessThan(TIMEOUT + 150);
    await here.list().catch(() => {});
    await expect(here.check()).rejects.toMatchObject(unavailable);
  });

  it('known nodes do not wait for it each time, whichever isolate found it away', async () => {
    await here.find(byNid(1));
    await here.find(byNid(2));
    clock.pass(FRESH + 1);
    smd.mode = 'hang';
    expect(await timeOf(() => here.find(byNid(1)))).toBeGreaterThan(TIMEOUT - 20);
    const late = isolate();
    for (const inventory of [here, there, late]) {
      for (const name of [...NAMES, byNid(2)]) {
        expect(
          await asked(async () => expect(await timeOf(() => inventory.find(name))).toBeLessThan(TIMEOUT / 2)),
        ).toBe(0);
      }
    }
  });

  it('one look-up of an isolate tries in a second whether it is back', async () => {
    await here.find(byNid(1));
    await here.find(byNid(2));
    smd.mode = 'hang';
    clock.pass(FRESH + 1);
    await here.find(byNid(1));
    for (let second = 0; second < 3; second++) {
      clock.pass(1001);
      const all = Array.from({ length: 50 }, (_, at) => here.find(byXname(at % 2 === 0 ? NODE.xname : OTHER.xname)));
      expect(await asked(() => Promise.all(all))).toBe(4);
    }
    smd.mode = 'healthy';
    clock.pass(1001);
    changeRole('Application');
    expect((await found(here, byNid(1)))?.role).toBe('Application');
    expect(await asked(() => here.find(byNid(2)))).toBe(4);
  });

  it('a node that is in young lists only is known by them', async () => {
    await here.list();
    smd.mode = 'refuse';
    clock.pass(5000);
    expect(await here.find(byHostname('nid001'))).toMatchObject({ component: { nid: 1 } });
    clock.pass(7000);
    expect(await isolate().find(byMac(MACS[0]))).toMatchObject({ component: { nid: 1 }, age: 12 });
  });
});

describe('What was found in a list', () => {
  it('is asked for by itself, so that it is not older than what is fresh', async () => {
    await here.list();
    clock.pass(5000);
    changeRole('Application');
    expect(await asked(async () => expect((await found(here, byHostname('nid001')))?.role).toBe('Application'))).toBe(
      4,
    );
    expect((await found(there, byNid(1)))?.role).toBe('Application');
    // A list that was just read is as good.
    clock.pass(MAX_AGE);
    expect(await asked(() => here.find(byHostname('nid001')))).toBe(4);
  });

  it('may have lost the name since, or be gone', async () => {
    await here.list();
    clock.pass(5000);
    smd.lists.endpoints.length = 0;
    expect(await here.find(byHostname('nid001'))).toBeUndefined();
    smd.lists.components.length = 0;
    expect(await here.find(byHostname('nid001.cluster.example'))).toBeUndefined();
  });
});

describe('After a refresh nothing older is fresh', () => {
  it('of any node, in any isolate', async () => {
    for (const inventory of [here, there]) await inventory.find(byMac(MACS[0]));
    await here.list();
    await there.list();
    await sleep(2);
    changeRole('Application');
    await here.refresh();
    for (const inventory of [here, there, isolate()]) {
      expect((await found(inventory, byMac(MACS[0])))?.role).toBe('Application');
      expect((await found(inventory, byHostname('nid001')))?.role).toBe('Application');
    }
    expect((await there.list()).components[0]?.role).toBe('Application');
    expect(await asked(() => here.find(byNid(1)))).toBe(0);
  });

  it('of the nodes that are named, and of those alone', async () => {
    for (const key of [byMac(MACS[0]), byNid(2)]) await here.find(key);
    await there.list();
    await sleep(2);
    changeRole('Application');
    smd.lists.components[1] = { ...smd.lists.components[1], Role: 'Application' };
    expect(await asked(() => here.refresh([xnameOf(NODE.xname)]))).toBe(4);
    for (const inventory of [here, there]) {
      for (const name of NAMES) expect((await found(inventory, name))?.role).toBe('Application');
      expect((await found(inventory, byNid(2)))?.role).toBeUndefined();
    }
  });

  it('of many that are named', async () => {
    await here.find(byNid(1));
    await sleep(2);
    changeRole('Application');
    const xnames = Array.from({ length: 20 }, (_, at) => xnameOf(`x1000c0s0b0n${at}`));
    await here.refresh(xnames);
    for (const inventory of [here, there]) expect((await found(inventory, byNid(1)))?.role).toBe('Application');
  });

  it('not even by who was asking already', async () => {
    smd.mode = { slow: 100 };
    const early = here.find(byNid(1));
    await sleep(50);
    changeRole('Application');
    smd.mode = 'healthy';
    await here.refresh();
    expect((await found(here, byNid(1)))?.role).toBe('Application');
    await early;
    expect((await found(there, byNid(1)))?.role).toBe('Application');
  });

  it('for an address that its node has just got', async () => {
    expect(await here.find(byAddress('172.16.9.9'))).toBeUndefined();
    await here.find(byNid(1));
    const IPAddresses = [{ IPAddress: '172.16.9.9' }];
    smd.lists.interfaces.push({ ID: 'a', ComponentID: NODE.xname, Type: 'Node', IPAddresses });
    await sleep(2);
    await here.refresh();
    expect((await found(there, byNid(1)))?.addresses).toEqual(['172.16.1.1', '172.16.9.9']);
    expect(await found(here, byAddress('172.16.9.9'))).toMatchObject({ nid: 1 });
  });

  it('and SMD is not taken for away any more', async () => {
    await here.find(byNid(1));
    smd.mode = 'refuse';
    clock.pass(FRESH + 1);
    await here.find(byNid(1));
    smd.mode = 'healthy';
    await sleep(2);
    await there.refresh();
    changeRole('Application');
    await sleep(2);
    for (const inventory of [here, there]) expect((await found(inventory, byNid(1)))?.role).toBe('Application');
  });

  it('which throws while SMD is away, and takes nothing from what is known', async () => {
    await here.find(byNid(1));
    smd.mode = 'refuse';
    await expect(here.refresh()).rejects.toMatchObject(unavailable);
    await expect(here.refresh([xnameOf(NODE.xname)])).rejects.toMatchObject(unavailable);
    expect(await found(there, byMac(MACS[0]))).toMatchObject({ nid: 1 });
  });
});

describe('What is in the cache', () => {
  it.each<[string, (text: string) => string]>([
    ['is no JSON object', () => '5'],
    ['lacks its time', (text) => text.replace('"at"', '"ta"')],
    ['has more than it should', (text) => text.replace('"at"', '"more":1,"at"')],
    ['has a MAC that is none', (text) => text.replace(MACS[0], '02')],
    ['is of another node', (text) => text.replace(NODE.xname, OTHER.xname)],
  ])('counts for nothing when it %s', async (_, spoil) => {
    await here.find(byMac(MACS[0]));
    const key = `xname/${NODE.xname}`;
    const entry = cache.entries.get(key);
    expect.assert(entry !== undefined);
    const text = spoil(entry.text);
    expect(text).not.toBe(entry.text);
    cache.entries.set(key, { ...entry, text });
    const late = isolate();
    expect(await asked(() => late.find(byMac(MACS[0])))).toBe(5);
    cache.entries.set(key, { ...entry, text });
    smd.mode = 'refuse';
    await expect(isolate().find(byMac(MACS[0]))).rejects.toMatchObject(unavailable);
  });

  it('counts for nothing when it leads nowhere, or its marks are none', async () => {
    await here.find(byMac(MACS[0]));
    for (const [key, text] of [
      ['refreshed', '"now"'],
      ['away', '{}'],
      [`refreshed/${NODE.xname}`, 'null'],
      [`mac/${encodeURIComponent(MACS[0])}`, '"x1000"'],
    ] as const) {
      cache.entries.set(key, { text, until: Number.POSITIVE_INFINITY });
    }
    expect(await asked(() => isolate().find(byNid(1)))).toBe(0);
    expect(await asked(() => isolate().find(byMac(MACS[0])))).toBe(5);
  });

  it('is not fresh for being from the future', async () => {
    await here.find(byNid(1));
    clock.pass(-60_000);
    expect(await asked(() => isolate().find(byNid(1)))).toBe(4);
  });
});

describe('In the Cache API', () => {
  it('what one source says is under URLs of its own, which tell nothing of it', async () => {
    const put = new Map<string, Response>();
    const api = {
      match: async (url: string) => put.get(url)?.clone(),
      put: async (url: string, response: Response) => void put.set(url, response),
    };
    const [one, two] = ['http://user:secret@smd-1', 'http://smd-2'].map((source) => cacheApiCache(api, source));
    expect.assert(one !== undefined && two !== undefined);
    await one.put('nid/1', { a: 1 }, 7);
    expect([await one.match('nid/1'), await two.match('nid/1')]).toEqual([{ a: 1 }, undefined]);
    const [[url, response]] = [...put] as [[string, Response]];
    expect(url).toMatch(/^https:\/\/inventory\.bss-edge\.invalid\/[0-9a-f]{32}\/nid\/1$/);
    expect(response.headers.get('cache-control')).toBe('max-age=7');
  });

  it('what fails is as if nothing were there', async () => {
    const fails = async (): Promise<never> => {
      throw new Error('too many requests');
    };
    const broken = cacheApiCache({ match: fails, put: fails }, 'http://smd');
    const garbled = cacheApiCache({ match: async () => new Response('<'), put: fails }, 'http://smd');
    await broken.put('nid/1', 1, 1);
    expect([await broken.match('nid/1'), await garbled.match('nid/1')]).toEqual([undefined, undefined]);
  });
});
