import { beforeEach, describe, expect, it } from 'vitest';
import type { AddressKey, NodeKey } from '../../src/core/component.ts';
import type { Inventory } from '../../src/ports/inventory.ts';
import type { SmdSimulator } from '../support/smd-simulator.ts';
import { clocksForTest, forgetfulCache, isolateOf, sharedCache } from './edge.ts';
import { byHostname, byNid, byXname } from './keys.ts';
import { smdForTest } from './smd.ts';

const NODE = { xname: 'x1000c0s0b0n0', nid: 1, macs: ['02:00:00:00:00:01'], endpoint: { fqdn: 'nid001' } };
const unavailable = { code: 'unavailable' };
/** One of SMD's four lists: as often as it is asked for, so often all are. */
const LIST = '/hsm/v2/State/Components?type=Node';

let clock: ReturnType<typeof clocksForTest>;
let smd: SmdSimulator;
let inventory: Inventory;
beforeEach(async () => {
  clock = clocksForTest();
  smd = await smdForTest([NODE]);
  inventory = isolateOf(smd, sharedCache(), { timeout: 5000 });
});

const strangers = (count: number): NodeKey[] => Array.from({ length: count }, (_, at) => byHostname(`stranger${at}`));

/** What became of look-ups that were begun at once: how many found nobody, and how many were told `unavailable`. */
async function outcomes(keys: readonly (NodeKey | AddressKey)[]): Promise<[number, number]> {
  const settled = await Promise.allSettled(keys.map((key) => inventory.find(key)));
  const failed = settled.filter((one) => one.status === 'rejected');
  for (const { reason } of failed) expect(reason).toMatchObject(unavailable);
  for (const one of settled) if (one.status === 'fulfilled') expect(one.value).toBeUndefined();
  return [settled.length - failed.length, failed.length];
}

const listings = (): number => smd.requests.filter(({ target }) => target === LIST).length;

describe('Many strangers at once', () => {
  it('are looked for in lists that are read once', async () => {
    smd.mode = { slow: 100 };
    expect(await outcomes(strangers(40))).toEqual([40, 0]);
    expect([listings(), smd.requests.length]).toEqual([1, 4]);
  });

  it('have lists that fail read once in a second, and are never called unknown', async () => {
    smd.modeOf.set('/Inventory/ComponentEndpoints', { status: 503 });
    for (let second = 1; second <= 3; second++) {
      expect(await outcomes(strangers(300))).toEqual([0, 300]);
      expect(await outcomes(strangers(300))).toEqual([0, 300]);
      expect(listings()).toBe(second);
      clock.pass(1001);
    }
    smd.modeOf.clear();
    expect(await outcomes(strangers(10))).toEqual([10, 0]);
  });

  it('among many keys at once have those lists read no more often', async () => {
    smd.modeOf.set('/memberships', { status: 503 });
    const ask = () => inventory.findAll(strangers(10));
    for (let round = 0; round < 20; round++) await expect(ask()).rejects.toMatchObject(unavailable);
    await expect(inventory.list()).rejects.toMatchObject(unavailable);
    expect(listings()).toBe(1);
  });

  it('do not keep a node of an old list from being known, with its age', async () => {
    await inventory.list();
    clock.pass(60_000);
    smd.mode = { status: 503 };
    await outcomes(strangers(10));
    expect(await inventory.find(byHostname('nid001'))).toMatchObject({ component: { nid: 1 }, age: 60 });
  });

  it('do not wait for ever for the reading of a request that was given up', async () => {
    smd.mode = 'hang';
    const givenUp = inventory.list().catch(() => {});
    await expect.poll(() => smd.requests.length).toBe(4);
    smd.mode = 'healthy';
    clock.pass(5001);
    expect(await outcomes(strangers(10))).toEqual([10, 0]);
    await givenUp;
  });

  it('are looked up at a bounded rate, while nodes that are known are not', async () => {
    await inventory.find(byXname(NODE.xname));
    const nids = Array.from({ length: 300 }, (_, at) => byNid(1000 + at));
    for (let round = 0; round < 2; round++) {
      clock.pass(3001);
      smd.requests.length = 0;
      const [nobody, refused] = await outcomes(nids);
      // What the bucket is filled with meanwhile counts too.
      expect(nobody).toBeGreaterThanOrEqual(50);
      expect([smd.requests.length, nobody < 100, nobody + refused]).toEqual([nobody, true, 300]);
      expect(await asked(byNid(1))).toBe(4);
    }
  });

  it('keep nobody from a node that only the isolate itself remembers', async () => {
    inventory = isolateOf(smd, forgetfulCache, { timeout: 5000 });
    await inventory.find(byXname(NODE.xname));
    clock.pass(3001);
    await outcomes(Array.from({ length: 300 }, (_, at) => byNid(1000 + at)));
    expect(await asked(byNid(1))).toBe(4);
  });
});

/** How many requests SMD gets when a node is looked for that is there. */
async function asked(key: NodeKey): Promise<number> {
  const before = smd.requests.length;
  expect(await inventory.find(key)).toMatchObject({ component: { nid: 1 } });
  return smd.requests.length - before;
}
