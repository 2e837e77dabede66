import { beforeEach, describe, expect, it } from 'vitest';
import type { AddressKey, NodeKey } from '../../src/core/component.ts';
import type { Inventory } from '../../src/ports/inventory.ts';
import { type Clock, clockForTest } from '../support/clock.ts';
import type { SmdSimulator } from '../support/smd-simulator.ts';
import { found, foundAll } from './found.ts';
import { byAddress, byHostname, byMac, byNid, byXname } from './keys.ts';
import { inventoryOf, smdForTest } from './smd.ts';

/** Milliseconds that a request may take, and that knowledge may be old. */
const [TIMEOUT, MAX_AGE] = [300, 10_000];
const MACS = ['02:00:00:00:00:01', '02:00:00:00:00:02'] as const;
const NODE = {
  xname: 'x1000c0s0b0n0',
  nid: 1,
  macs: MACS,
  addresses: ['172.16.1.1'],
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
const STRANGER = byMac('02:00:00:00:0f:ff');

let clock: Clock;
let smd: SmdSimulator;
let inventory: Inventory;
beforeEach(async () => {
  clock = clockForTest();
  smd = await smdForTest([NODE, OTHER]);
  inventory = inventoryOf(smd, { timeout: TIMEOUT, maxAge: MAX_AGE });
});

/** Milliseconds that a look-up took. */
async function timeOf(key: NodeKey | AddressKey): Promise<number> {
  const start = performance.now();
  await Promise.resolve(inventory.find(key)).catch(() => {});
  return performance.now() - start;
}
const unavailable = { code: 'unavailable' };

describe('While SMD is away a node that was looked up', () => {
  it.each(NAMES)('is known by all its names: %o', async (name) => {
    const known = await inventory.find(byMac(MACS[0]));
    expect(known?.component.xname).toBe(NODE.xname);
    smd.mode = 'refuse';
    expect(await inventory.find(name)).toEqual(known);
  });

  it('is known without an age as long as that is young enough, and with its age for ever after', async () => {
    const known = await inventory.find(byMac(MACS[0]));
    smd.mode = 'refuse';
    clock.pass(MAX_AGE - 1000);
    expect(await inventory.find(byMac(MACS[0]))).toEqual(known);
    clock.pass(1100);
    expect(await inventory.find(byMac(MACS[0]))).toEqual({ ...known, age: 10 });
    clock.pass(86_400_000);
    expect(await inventory.find(byXname(NODE.xname))).toEqual({ ...known, age: 86_410 });
  });

  it('is as old as the question was, not as its answer', async () => {
    smd.mode = { slow: 200 };
    const known = inventory.find(byXname(NODE.xname));
    await expect.poll(() => smd.requests.length).toBe(4);
    clock.pass(12_000);
    await known;
    smd.mode = 'refuse';
    expect(await inventory.find(byXname(NODE.xname))).toMatchObject({ age: 12 });
  });

  it('does not make others known: nothing is said of those', async () => {
    await inventory.find(byMac(MACS[0]));
    smd.mode = 'refuse';
    await expect(inventory.find(byXname(OTHER.xname))).rejects.toMatchObject(unavailable);
    await expect(inventory.find(STRANGER)).rejects.toMatchObject(unavailable);
    await expect(inventory.findAll([byMac(MACS[0]), byNid(2)])).rejects.toMatchObject(unavailable);
    expect(await foundAll(inventory, [byMac(MACS[0]), byNid(1)])).toMatchObject([NODE_FOUND, NODE_FOUND]);
  });

  it('is what it was when SMD last told of it, by whichever name', async () => {
    await inventory.find(byMac(MACS[0]));
    smd.lists.components[0] = { ...smd.lists.components[0], Role: 'Compute' };
    await inventory.find(byNid(1));
    smd.mode = 'refuse';
    expect(await found(inventory, byMac(MACS[0]))).toMatchObject({ role: 'Compute' });
  });

  it('is not known by a name that it has lost since', async () => {
    await inventory.find(byAddress('172.16.1.1'));
    smd.lists.interfaces.splice(0, 1);
    await inventory.find(byXname(NODE.xname));
    smd.mode = 'refuse';
    await expect(inventory.find(byAddress('172.16.1.1'))).rejects.toMatchObject(unavailable);
    await expect(inventory.find(byMac(MACS[0]))).rejects.toMatchObject(unavailable);
    expect(await found(inventory, byMac(MACS[1]))).toMatchObject({ xname: NODE.xname });
  });

  it('is not known any more once SMD said that it is gone', async () => {
    await inventory.list();
    await inventory.find(byMac(MACS[0]));
    smd.lists.components.shift();
    expect(await inventory.find(byXname(NODE.xname))).toBeUndefined();
    smd.mode = 'refuse';
    // A host name is looked for in the list as long as that is young enough.
    clock.pass(MAX_AGE + 1000);
    for (const name of NAMES) await expect(inventory.find(name)).rejects.toMatchObject(unavailable);
  });

  it('is known by what it is now once SMD is back', async () => {
    await inventory.find(byMac(MACS[0]));
    smd.mode = 'refuse';
    clock.pass(MAX_AGE + 1000);
    expect(await inventory.find(byMac(MACS[0]))).toMatchObject({ age: 11 });
    smd.mode = 'healthy';
    smd.lists.components[0] = { ...smd.lists.components[0], Role: 'Compute' };
    clock.pass(1001);
    const sighting = await inventory.find(byMac(MACS[0]));
    expect([sighting?.component.role, sighting?.age]).toEqual(['Compute', undefined]);
  });
});

const NODE_FOUND = { xname: NODE.xname };

describe('While SMD is away a node of a whole list', () => {
  beforeEach(async () => {
    await inventory.list();
  });

  it.each(NAMES)('is known by all its names, with the age of the list: %o', async (name) => {
    smd.mode = 'refuse';
    clock.pass(60_000);
    expect(await inventory.find(name)).toMatchObject({ component: NODE_FOUND, age: 60 });
  });

  it('is known by what was said later of it alone', async () => {
    smd.lists.components[0] = { ...smd.lists.components[0], Role: 'Compute' };
    clock.pass(30_000);
    await inventory.find(byXname(NODE.xname));
    clock.pass(30_000);
    smd.mode = 'refuse';
    expect(await inventory.find(byMac(MACS[0]))).toMatchObject({ component: { role: 'Compute' }, age: 30 });
    expect(await inventory.find(byNid(2))).toMatchObject({ component: { xname: OTHER.xname }, age: 60 });
  });

  it('is no newer for having been found in the list', async () => {
    clock.pass(9000);
    expect(await found(inventory, byHostname('nid001'))).toMatchObject(NODE_FOUND);
    clock.pass(9000);
    smd.mode = 'refuse';
    expect(await inventory.find(byHostname('nid001'))).toMatchObject({ age: 18 });
  });

  it('that was added after the list is known though the list lacks it', async () => {
    smd.add({ xname: 'x1000c0s9b0n0', nid: 9 });
    await inventory.find(byNid(9));
    await inventory.findAll([byNid(9), byNid(1), byNid(2), byNid(3)]);
    smd.mode = 'refuse';
    expect(await found(inventory, byNid(9))).toMatchObject({ xname: 'x1000c0s9b0n0' });
  });

  it('is one of many that are all known, or nothing is said', async () => {
    smd.mode = 'refuse';
    clock.pass(60_000);
    const all = await inventory.findAll([byNid(1), byNid(2), byMac(MACS[0]), byXname(OTHER.xname)]);
    expect(all.map((sighting) => [sighting?.component.nid, sighting?.age])).toEqual([
      [1, 60],
      [2, 60],
      [1, 60],
      [2, 60],
    ]);
    await expect(inventory.findAll([byNid(1), byNid(2), STRANGER, byNid(3)])).rejects.toMatchObject(unavailable);
  });
});

describe('While SMD hangs', () => {
  beforeEach(async () => {
    await inventory.list();
    clock.pass(MAX_AGE + 1000);
    smd.mode = 'hang';
    expect(await timeOf(byNid(1))).toBeGreaterThan(TIMEOUT - 20);
    smd.requests.length = 0;
  });

  it('known nodes do not wait for it, by whatever name', async () => {
    for (const name of [...NAMES, byNid(2)]) expect(await timeOf(name)).toBeLessThan(TIMEOUT / 2);
    expect(await foundAll(inventory, [byNid(1), byNid(2), byMac(MACS[0]), byNid(1)])).toHaveLength(4);
    expect(smd.requests).toHaveLength(0);
  });

  it('one look-up in a second tries whether it is back', async () => {
    for (let second = 0; second < 3; second++) {
      clock.pass(1001);
      const sightings = await Promise.all(Array.from({ length: 50 }, () => inventory.find(byXname(NODE.xname))));
      expect(sightings.every((sighting) => sighting?.component.xname === NODE.xname)).toBe(true);
    }
    expect(smd.requests.filter(({ target }) => target.includes('State/Components'))).toHaveLength(3);
  });

  it('those of which nothing is known still ask', async () => {
    await expect(inventory.find(byXname('x1000c0s9b0n0'))).rejects.toMatchObject(unavailable);
    expect(smd.requests).toHaveLength(4);
  });

  it('all is asked again as soon as it was found to be back', async () => {
    smd.mode = 'healthy';
    clock.pass(1001);
    await inventory.find(byNid(1));
    smd.requests.length = 0;
    expect((await inventory.find(byXname(OTHER.xname)))?.age).toBeUndefined();
    expect((await inventory.find(byXname(NODE.xname)))?.age).toBeUndefined();
    expect(smd.requests).toHaveLength(8);
  });

  it('all is asked again after a refresh', async () => {
    smd.mode = 'healthy';
    await inventory.refresh();
    smd.requests.length = 0;
    await inventory.find(byXname(NODE.xname));
    expect(smd.requests).toHaveLength(4);
  });
});

it('A list that is young enough is answered while SMD is away, and says nothing of whether it is back', async () => {
  await inventory.list();
  smd.mode = 'refuse';
  await inventory.find(byNid(1));
  clock.pass(1001);
  smd.requests.length = 0;
  expect(await found(inventory, byHostname('nid001'))).toMatchObject(NODE_FOUND);
  expect(await found(inventory, byNid(1))).toMatchObject(NODE_FOUND);
  expect(smd.requests).toHaveLength(0);
});

it('Known nodes are asked for although the lists, which strangers need, are too slow', async () => {
  await inventory.find(byXname(NODE.xname));
  await inventory.find(byXname(OTHER.xname));
  clock.pass(60_000);
  smd.modeOf.set('/memberships', 'hang');
  const lists = inventory.find(STRANGER);
  await expect.poll(() => smd.requests.filter(({ target }) => target.endsWith('/memberships')).length).toBe(1);
  smd.modeOf.clear();
  await expect(lists).rejects.toMatchObject(unavailable);
  expect((await inventory.find(byXname(NODE.xname)))?.age).toBeUndefined();
});
