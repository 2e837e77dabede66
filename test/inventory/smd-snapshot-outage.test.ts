import { beforeEach, describe, expect, it } from 'vitest';
import type { Inventory } from '../../src/ports/inventory.ts';
import { manyNodes } from '../support/many-nodes.ts';
import type { SmdMode, SmdSimulator } from '../support/smd-simulator.ts';
import { found } from './found.ts';
import { byHostname, byMac, byNid, byXname } from './keys.ts';
import { smdForTest } from './smd.ts';
import { outagesIn, read, type Started, started } from './snapshot-for-test.ts';

/** Milliseconds that a request may take, and that knowledge may be old. */
const [TIMEOUT, MAX_AGE] = [300, 400];
const NODES = manyNodes(10);
const FIRST = byNid(100_000);
const STRANGERS = [byMac('02:ff:ff:ff:ff:ff'), byXname('x9999c0s0b0n0'), byNid(77), byHostname('nobody')];

const OUTAGES: readonly (readonly [string, SmdMode])[] = [
  ['answers 503', { status: 503 }],
  ['closes connections', 'refuse'],
  ['hangs', 'hang'],
  ['stops in the middle of its answers', 'stall'],
  ['answers with a part of JSON', 'garbage'],
  ['answers with values of wrong types', 'wrong types'],
  ['answers with HTML', { text: '<!DOCTYPE html>' }],
  ['answers with nothing', { text: '' }],
  ['takes five seconds for every answer', { slow: 5000 }],
];
const unavailable = { code: 'unavailable' };

let smd: SmdSimulator;
let inventory: Inventory;
let log: Started['log'];
beforeEach(async () => {
  smd = await smdForTest(NODES);
  ({ inventory, log } = await read(smd, { timeout: TIMEOUT, maxAge: MAX_AGE }));
});

const failures = (): string[] => outagesIn(log).filter((line) => line.startsWith('error'));
const nodesNow = async (): Promise<number> => (await inventory.list()).components.length;
async function isWell(): Promise<boolean> {
  return inventory.check().then(
    () => true,
    () => false,
  );
}

describe.each(OUTAGES)('While SMD %s', (_, mode) => {
  it('what was known stands with its age, one line says so, and all is well again after', async () => {
    const before = await found(inventory, FIRST);
    smd.mode = mode;
    await expect(inventory.refresh()).rejects.toMatchObject(unavailable);
    await expect.poll(() => failures().length, { timeout: 15 * TIMEOUT }).toBe(1);
    await expect.poll(async () => (await inventory.find(FIRST))?.age, { timeout: 5000 }).toBe(1);
    expect(await inventory.find(FIRST)).toEqual({ component: before, age: expect.any(Number) });
    expect(await inventory.list()).toMatchObject({ components: { length: 10 }, age: expect.any(Number) });
    expect(await inventory.readiness()).toEqual({ isReady: true, age: expect.any(Number) });
    await expect(inventory.check()).rejects.toMatchObject(unavailable);
    for (const key of STRANGERS) await expect(inventory.find(key)).rejects.toMatchObject(unavailable);
    expect(outagesIn(log)).toEqual(['error the inventory cannot be read']);

    smd.mode = 'healthy';
    smd.add({ xname: 'x9999c0s0b0n0', nid: 77 });
    await expect.poll(async () => (await inventory.find(FIRST))?.age, { timeout: 15 * TIMEOUT }).toBeUndefined();
    await expect.poll(isWell).toBe(true);
    expect(await found(inventory, byNid(77))).toMatchObject({ xname: 'x9999c0s0b0n0' });
    expect(outagesIn(log)).toEqual([
      'error the inventory cannot be read',
      expect.stringMatching('info the inventory is read again'),
    ]);
  });

  it('known nodes do not wait for it, and strangers no longer than the time-out', async () => {
    smd.mode = mode;
    const refreshed = inventory.refresh().catch(() => {});
    const slowest = await Promise.all(
      NODES.map(async ({ macs: [mac = ''] = [], xname, nid }) => {
        const start = performance.now();
        const sightings = await Promise.all([byMac(mac), byXname(xname), byNid(Number(nid))].map(inventory.find));
        expect(sightings.map((sighting) => sighting?.component.xname)).toEqual([xname, xname, xname]);
        return performance.now() - start;
      }),
    );
    expect(Math.max(...slowest)).toBeLessThan(50);
    await refreshed;
    // While all was read a moment ago, nobody who is asked for by a host name is there.
    await expect.poll(async () => (await inventory.find(FIRST))?.age).toBeDefined();
    const start = performance.now();
    await Promise.all(STRANGERS.map((key) => expect(inventory.find(key)).rejects.toMatchObject(unavailable)));
    expect(performance.now() - start).toBeLessThan(TIMEOUT + 150);
  });
});

describe.each(['/State/Components', '/Inventory/EthernetInterfaces', '/Inventory/ComponentEndpoints', '/memberships'])(
  'While only %s fails',
  (path) => {
    it('nothing of the others is taken, and it is not well', async () => {
      smd.modeOf.set(path, { status: 500 });
      for (const list of [smd.lists.components, smd.lists.endpoints]) for (const one of list) one.Enabled = false;
      await expect(inventory.refresh()).rejects.toMatchObject(unavailable);
      expect(await found(inventory, FIRST)).toMatchObject({ enabled: true, groups: ['compute', 'gpu'] });
      expect(await isWell()).toBe(false);
      smd.modeOf.clear();
      await inventory.refresh();
      expect(await found(inventory, FIRST)).toMatchObject({ enabled: false });
      expect(await isWell()).toBe(true);
      expect(failures()).toHaveLength(1);
    });
  },
);

describe.each<[SmdMode, number]>([
  ['empty', 0],
  ['half-empty', 5],
])('An answer that is %s', (mode, left) => {
  beforeEach(async () => {
    ({ inventory, log } = await read(smd, { timeout: 2000, maxAge: 60_000 }));
  });

  it('is not taken at first, and believed when it comes again', async () => {
    smd.mode = mode;
    await expect(inventory.refresh()).rejects.toMatchObject(unavailable);
    expect([await nodesNow(), await isWell(), failures().length]).toEqual([10, false, 1]);
    await inventory.refresh();
    expect([await nodesNow(), await isWell()]).toEqual([left, true]);
    expect(outagesIn(log)).toHaveLength(2);
  });

  it('is not taken when it was SMD’s mistake', async () => {
    smd.mode = mode;
    await expect(inventory.refresh()).rejects.toMatchObject(unavailable);
    smd.mode = 'healthy';
    await inventory.refresh();
    expect([await nodesNow(), await isWell()]).toEqual([10, true]);
    smd.mode = mode;
    await expect(inventory.refresh()).rejects.toMatchObject(unavailable);
    expect(await nodesNow()).toBe(10);
  });
});

it('A half-empty answer in the background is believed in the next reading', async () => {
  smd.mode = 'half-empty';
  await expect.poll(nodesNow, { timeout: 5000 }).toBe(5);
  await expect.poll(isWell).toBe(true);
  expect(outagesIn(log)).toHaveLength(2);
});

it('A failing SMD is tried again and again, ever more seldom up to the period', async () => {
  smd = await smdForTest(NODES);
  ({ inventory, log } = await read(smd, { timeout: TIMEOUT, maxAge: 1500 }));
  smd.mode = { status: 503 };
  await expect(inventory.refresh()).rejects.toMatchObject(unavailable);
  smd.requests.length = 0;
  await expect.poll(() => smd.requests.length, { timeout: 5000 }).toBe(2);
  const [first, second] = smd.requests;
  if (first === undefined || second === undefined) return expect.fail('SMD was not asked');
  expect(second.start - first.start).toBeGreaterThan(700);
  expect(second.start - first.start).toBeLessThan(2000);
});

it('A service that starts while SMD is away says nothing of anybody, and knows all when it comes', async () => {
  smd.mode = { status: 503 };
  ({ inventory, log } = started(smd, { timeout: TIMEOUT, maxAge: MAX_AGE }));
  for (const key of [FIRST, ...STRANGERS]) await expect(inventory.find(key)).rejects.toMatchObject(unavailable);
  await expect(inventory.list()).rejects.toMatchObject(unavailable);
  smd.mode = 'healthy';
  await expect.poll(() => nodesNow().catch(() => 0), { timeout: 5000 }).toBe(10);
  expect(outagesIn(log)).toHaveLength(2);
});

it('A service that is stopped in the middle of a reading calls that no outage', async () => {
  const silent = await smdForTest(NODES);
  silent.modeOf.set('/memberships', 'stall');
  const made = started(silent, { timeout: TIMEOUT });
  await expect.poll(() => silent.requests.length).toBe(4);
  await made.stop();
  await expect.poll(() => silent.flight.now, { timeout: 15 * TIMEOUT }).toBe(0);
  expect(outagesIn(made.log)).toEqual([]);
});
