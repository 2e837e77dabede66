import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Inventory } from '../../src/ports/inventory.ts';
import type { SmdSimulator } from '../support/smd-simulator.ts';
import { found } from './found.ts';
import { byHostname, byXname } from './keys.ts';
import { inventoryOf, smdForTest, snapshotOf } from './smd.ts';

let smd: SmdSimulator;
let inventory: Inventory;
beforeEach(async () => {
  smd = await smdForTest();
  inventory = inventoryOf(smd);
});

/** A node that is found by its host name only once the lists have been read again. */
const LATE = { xname: 'x1000c0s9b0n0', endpoint: { fqdn: 'nid100.cluster.example' } };

describe('The list of all nodes', () => {
  it('takes four requests, and none while it is young enough', async () => {
    const { components: all } = await inventory.list();
    expect(all.map(({ nid }) => nid)).toEqual([1, 2, 3, 6, 7, 8, 4, 1001, 5]);
    smd.add(LATE);
    expect((await inventory.list()).components).toEqual(all);
    expect(smd.requests).toHaveLength(4);
  });

  it('is read anew once it is too old', async () => {
    const short = inventoryOf(smd, { maxAge: 50 });
    await short.list();
    smd.add(LATE);
    await sleep(60);
    expect((await short.list()).components).toHaveLength(10);
  });
});

describe('A refresh', () => {
  beforeEach(() => {
    inventory = inventoryOf(smd);
  });

  it('is done before it answers: what came before it is known', async () => {
    expect(await found(inventory, byHostname('nid100'))).toBeUndefined();
    smd.add(LATE);
    expect(await found(inventory, byHostname('nid100'))).toBeUndefined();
    await inventory.refresh();
    expect(await found(inventory, byHostname('nid100'))).toMatchObject({ xname: 'x1000c0s9b0n0' });
    expect((await inventory.list()).components).toHaveLength(10);
  });

  it('forgets what is gone, also what was looked up by itself', async () => {
    await inventory.find(byXname('x1000c0s0b0n0'));
    smd.lists.components.shift();
    await inventory.refresh();
    smd.mode = 'refuse';
    await expect(inventory.find(byXname('x1000c0s0b0n0'))).rejects.toMatchObject({ code: 'unavailable' });
    expect(await found(inventory, byXname('x1000c0s0b0n1'))).toMatchObject({ nid: 2 });
  });

  it('that fails says so, and leaves what was known', async () => {
    const before = (await inventory.list()).components;
    smd.modeOf.set('/memberships', { status: 500 });
    await expect(inventory.refresh()).rejects.toMatchObject({ code: 'unavailable' });
    expect((await inventory.list()).components).toEqual(before);
    expect(await found(inventory, byXname('x1000c0s0b0n0'))).toMatchObject({ nid: 1, groups: ['canary', 'compute'] });
  });

  it('after one that failed asks again', async () => {
    smd.mode = 'refuse';
    await expect(inventory.refresh()).rejects.toMatchObject({ code: 'unavailable' });
    smd.mode = 'healthy';
    await inventory.refresh();
    expect((await inventory.list()).components).toHaveLength(9);
  });
});

describe('Refreshes that come together', () => {
  /** How many times the lists were read. */
  const readings = (): number => smd.requests.length / 4;

  beforeEach(() => {
    const open = snapshotOf(smd);
    onTestFinished(open.stop);
    inventory = open.inventory;
  });

  it('share one reading', async () => {
    smd.mode = { slow: 50 };
    await Promise.all(Array.from({ length: 50 }, () => inventory.refresh()));
    expect(readings()).toBe(1);
  });

  it('share one reading of those who want the list', async () => {
    smd.mode = { slow: 50 };
    await Promise.all(Array.from({ length: 20 }, () => inventory.list()));
    expect(readings()).toBe(1);
  });

  it('wait for the next reading when one is under way, all for the same', async () => {
    smd.mode = { slow: 100 };
    const first = inventory.refresh();
    await expect.poll(() => smd.requests.length).toBe(4);
    smd.add(LATE);
    const others = Array.from({ length: 50 }, async () => {
      await inventory.refresh();
      return readings();
    });
    await first;
    expect(readings()).toBe(1);
    expect(await Promise.all(others)).toEqual(Array(50).fill(2));
    expect((await inventory.list()).components).toHaveLength(10);
  });

  it('do not take a list that somebody else was reading before them', async () => {
    smd.mode = { slow: 100 };
    const list = inventory.list();
    await expect.poll(() => smd.requests.length).toBe(4);
    smd.add(LATE);
    await inventory.refresh();
    expect((await list).components).toHaveLength(9);
    expect((await inventory.list()).components).toHaveLength(10);
    expect(readings()).toBe(2);
  });

  it('are each told when the reading fails, and those that wait for the next are not', async () => {
    smd.mode = { slow: 100 };
    smd.modeOf.set('/memberships', { status: 500 });
    const first = Promise.allSettled([inventory.refresh(), inventory.refresh()]);
    await expect.poll(() => smd.requests.length).toBe(4);
    const next = [inventory.refresh(), inventory.refresh()];
    smd.modeOf.clear();
    expect((await first).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await Promise.all(next)).toEqual([undefined, undefined]);
    expect(readings()).toBe(2);
  });

  it('keep the newest where an older reading is answered last', async () => {
    const apart = inventoryOf(smd);
    smd.modeOf.set('/memberships', { slow: 200 });
    const old = apart.refresh();
    await expect.poll(() => smd.requests.length).toBe(4);
    smd.modeOf.clear();
    smd.add(LATE);
    await apart.refresh();
    await old;
    expect((await apart.list()).components).toHaveLength(10);
  });
});
