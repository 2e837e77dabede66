import { beforeEach, describe, expect, it } from 'vitest';
import type { AddressKey, NodeKey } from '../../src/core/component.ts';
import type { Inventory } from '../../src/ports/inventory.ts';
import { xnameOf } from '../support/identifiers.ts';
import { manyNodes } from '../support/many-nodes.ts';
import type { SmdSimulator } from '../support/smd-simulator.ts';
import { found, foundAll } from './found.ts';
import { byAddress, byHostname, byMac, byNid, byXname } from './keys.ts';
import { smdForTest, stepsOf } from './smd.ts';
import { outagesIn, read, started } from './snapshot-for-test.ts';

const NODE = {
  ...{ xname: 'x1000c0s0b0n0', nid: 1, macs: ['02:00:00:00:00:01', '02:00:00:00:00:02'], addresses: ['172.16.1.1'] },
  ...{ groups: ['compute'], endpoint: { fqdn: 'nid001.cluster.example', macs: ['02:00:00:00:00:0e'] } },
};
const OTHER = { xname: 'x1000c0s1b0n0', nid: 2, macs: ['02:00:00:00:00:03'] };
const NEW = {
  ...{ xname: 'x1000c0s9b0n0', nid: 9, macs: ['02:00:00:00:00:09'], addresses: ['172.16.1.9'], role: 'Compute' },
};
const NAMES: readonly (NodeKey | AddressKey)[] = [
  ...[...NODE.macs, '02:00:00:00:00:0e'].map(byMac),
  ...[byXname(NODE.xname), byNid(1), byHostname('nid001.cluster.example'), byHostname('nid001')],
  byAddress('172.16.1.1'),
];

/** So that requests that are sent together overlap. */
const SLOW = { slow: 50 };

let smd: SmdSimulator;
beforeEach(async () => {
  smd = await smdForTest([NODE, OTHER]);
});
const targets = (): string[] => smd.requests.map(({ target }) => target.replace('/hsm/v2', ''));
const component = () => smd.lists.components[0] ?? expect.fail('SMD has no nodes');

describe('In memory, a node that SMD knows', () => {
  let inventory: Inventory;
  beforeEach(async () => {
    ({ inventory } = await read(smd));
  });

  it.each(NAMES)('costs it no request: %o', async (name) => {
    expect(await found(inventory, name)).toMatchObject({ xname: NODE.xname, groups: ['compute'] });
    expect(smd.requests).toHaveLength(0);
  });

  it('costs it no request among many, or in a list', async () => {
    const keys = [byNid(1), byNid(2), byMac('02:00:00:00:00:01'), byXname(OTHER.xname), byHostname('nid001')];
    expect((await foundAll(inventory, keys)).map((one) => one?.nid)).toEqual([1, 2, 1, 2, 1]);
    expect((await inventory.list()).components.map(({ nid }) => nid)).toEqual([1, 2]);
    expect(smd.requests).toHaveLength(0);
  });

  it.each([
    ['its MAC', byMac('02:00:00:00:00:09'), 2],
    ['its xname', byXname(NEW.xname), 1],
    ['its NID', byNid(9), 2],
    ['its address', byAddress('172.16.1.9'), 2],
  ])('since a moment ago is found by %s, before any refresh', async (_, key, steps) => {
    expect(await inventory.find(key)).toBeUndefined();
    smd.add(NEW);
    smd.requests.length = 0;
    smd.mode = SLOW;
    expect(await inventory.find(key)).toMatchObject({ component: { xname: NEW.xname, role: 'Compute' } });
    expect(stepsOf(smd.requests)).toBeLessThanOrEqual(steps);
    expect(targets().every((target) => /[?&](id|nid|ComponentID|MACAddress|IPAddress)=/.test(target))).toBe(true);
    smd.requests.length = 0;
    for (const name of [byMac('02:00:00:00:00:09'), byXname(NEW.xname), byNid(9), byAddress('172.16.1.9')])
      expect(await found(inventory, name)).toMatchObject({ xname: NEW.xname });
    expect((await inventory.list()).components).toHaveLength(3);
    expect(smd.requests).toHaveLength(0);
  });

  it('since a moment ago is found among few', async () => {
    smd.add(NEW);
    expect((await foundAll(inventory, [byNid(1), byNid(9), byNid(5)])).map((one) => one?.nid)).toEqual([
      1,
      9,
      undefined,
    ]);
  });
});

describe('A refresh of all', () => {
  it('is done before it answers, and takes over all that has changed', async () => {
    const { inventory } = await read(smd);
    smd.mode = SLOW;
    smd.add(NEW);
    component().Enabled = false;
    smd.lists.memberships[0]?.groupLabels.push('gpu');
    smd.lists.interfaces.splice(1, 1);
    await inventory.refresh();
    expect(await found(inventory, byXname(NODE.xname))).toMatchObject({
      ...{ enabled: false, groups: ['compute', 'gpu'], macs: ['02:00:00:00:00:01', '02:00:00:00:00:0e'] },
    });
    expect((await inventory.list()).components).toHaveLength(3);
    expect(targets()).toEqual([
      '/State/Components?type=Node',
      '/Inventory/EthernetInterfaces?type=Node',
      '/Inventory/ComponentEndpoints?type=Node',
      '/memberships',
    ]);
    expect(stepsOf(smd.requests)).toBe(4);
  });

  it('takes a node out that SMD has no more, and gives its MAC to the one that has it now', async () => {
    const { inventory } = await read(smd);
    smd.lists.components.shift();
    smd.lists.interfaces.splice(0, 2);
    smd.lists.interfaces.push({ MACAddress: '02:00:00:00:00:01', ComponentID: OTHER.xname, Type: 'Node' });
    await inventory.refresh();
    expect(await found(inventory, byMac('02:00:00:00:00:01'))).toMatchObject({ xname: OTHER.xname });
    expect((await inventory.list()).components).toHaveLength(1);
    expect(await found(inventory, byXname(NODE.xname))).toBeUndefined();
  });

  it('that many ask for is one, and begins after each of them has asked', async () => {
    const { inventory } = await read(smd);
    smd.mode = { slow: 50 };
    const first = inventory.refresh();
    await expect.poll(() => smd.requests.length).toBe(2);
    smd.add(NEW);
    await Promise.all([first, ...Array.from({ length: 40 }, () => inventory.refresh())]);
    expect(smd.requests).toHaveLength(8);
    expect((await inventory.list()).components).toHaveLength(3);
  });

  it('takes over what many nodes say', async () => {
    const many = manyNodes(1200);
    const large = await smdForTest(many);
    const { inventory } = await read(large);
    large.lists.components.forEach((one, at) => {
      if (at % 3 === 0) one.Role = 'Other';
    });
    await inventory.refresh();
    const roles = (await inventory.list()).components.map(({ role }) => role);
    expect(roles).toEqual(many.map(({ role }, at) => (at % 3 === 0 ? 'Other' : role)));
  });

  it('reads the list also when SMD says something else before it', async () => {
    const { inventory } = await read(smd);
    smd.modeOf.set('/State/Components', {
      text: '{"more":[1],"Components":[{"ID":"x1000c0s0b0n0","NID":77},{"ID":"x1000c0s1b0n0"}]}',
    });
    await inventory.refresh();
    expect(await found(inventory, byXname(NODE.xname))).toMatchObject({ nid: 77, macs: NAMES.slice(0, 3).map(macIn) });
  });
});

describe('After the thread that reads has ended, a refresh', () => {
  it('takes over what has changed meanwhile, and takes out who is gone', async () => {
    const { inventory, stop } = await read(smd);
    await stop();
    smd.lists.components.shift();
    smd.add(NEW);
    Object.assign(smd.lists.components[0] ?? {}, { Role: 'Other' });
    await inventory.refresh();
    expect((await inventory.list()).components).toMatchObject([{ nid: 2, role: 'Other' }, { nid: 9 }]);
    expect(await found(inventory, byXname(NODE.xname))).toBeUndefined();
    await stop();
  });
});

describe('A refresh of some', () => {
  it('asks SMD for these alone, and takes over what it says of them', async () => {
    const { inventory } = await read(smd);
    component().Enabled = false;
    component().Role = 'Compute';
    smd.lists.memberships[0]?.groupLabels.splice(0, 1, 'gpu');
    smd.lists.interfaces[0] = { MACAddress: '02:00:00:00:00:05', ComponentID: NODE.xname, Type: 'Node' };
    smd.mode = SLOW;
    await inventory.refresh([xnameOf(NODE.xname)]);
    expect(targets().toSorted()).toEqual([
      '/Inventory/ComponentEndpoints?type=Node&id=x1000c0s0b0n0',
      '/Inventory/EthernetInterfaces?type=Node&ComponentID=x1000c0s0b0n0',
      '/State/Components?type=Node&id=x1000c0s0b0n0',
      '/memberships?id=x1000c0s0b0n0',
    ]);
    expect(stepsOf(smd.requests)).toBe(1);
    smd.mode = 'refuse';
    const macs = ['02:00:00:00:00:05', '02:00:00:00:00:02', '02:00:00:00:00:0e'];
    expect(await found(inventory, byMac('02:00:00:00:00:05'))).toMatchObject({
      ...{ xname: NODE.xname, enabled: false, role: 'Compute', groups: ['gpu'], macs },
    });
    await expect(inventory.find(byMac('02:00:00:00:00:01'))).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('takes out a node that is gone, and takes in one that is new', async () => {
    const { inventory } = await read(smd);
    smd.add(NEW);
    smd.lists.components.shift();
    await inventory.refresh([NODE, NEW].map(({ xname }) => xnameOf(xname)));
    expect((await inventory.list()).components.map(({ xname }) => xname)).toEqual([OTHER.xname, NEW.xname]);
  });

  it('holds after the next refresh of all', async () => {
    const { inventory } = await read(smd);
    component().Role = 'Compute';
    await inventory.refresh([xnameOf(NODE.xname)]);
    component().Role = 'Application';
    await inventory.refresh();
    expect(await found(inventory, byXname(NODE.xname))).toMatchObject({ role: 'Application' });
  });

  it('holds against a reading that was under way', async () => {
    const { inventory } = await read(smd);
    smd.modeOf.set('/memberships', { slow: 300 });
    const whole = inventory.refresh();
    await expect.poll(() => smd.requests.length).toBe(4);
    smd.modeOf.clear();
    component().Role = 'Compute';
    await inventory.refresh([xnameOf(NODE.xname)]);
    await whole;
    expect(await found(inventory, byXname(NODE.xname))).toMatchObject({ role: 'Compute' });
  });

  it('asks for sixty in two rounds of four requests', async () => {
    const many = manyNodes(60);
    const large = await smdForTest(many);
    const { inventory } = await read(large);
    for (const one of large.lists.components) one.Role = 'Other';
    large.mode = SLOW;
    await inventory.refresh(many.map(({ xname }) => xnameOf(xname)));
    expect([large.requests.length, stepsOf(large.requests)]).toEqual([8, 2]);
    expect(large.requests.every(({ target }) => /[?&](id|ComponentID)=/.test(target))).toBe(true);
    expect(new Set((await inventory.list()).components.map(({ role }) => role))).toEqual(new Set(['Other']));
  });
});

describe('In the background', () => {
  it('what has changed is taken over within the period', async () => {
    const { inventory } = await read(smd, { maxAge: 400 });
    component().Role = 'Compute';
    smd.lists.components.pop();
    const changed = performance.now();
    await expect.poll(async () => (await inventory.list()).components.length, { interval: 10 }).toBe(1);
    // One period, and a reading of its own on a machine that does other things.
    expect(performance.now() - changed).toBeLessThan(400 + 400);
    // A reading is taken over part by part.
    await expect
      .poll(async () => inventory.find(byXname(NODE.xname)), { interval: 10 })
      .toMatchObject({ component: { role: 'Compute' } });
  });

  it('SMD is read once in a period, and what is known never gets too old', async () => {
    const { inventory, log } = await read(smd, { maxAge: 1000 });
    const ages = new Set<number | undefined>();
    const start = performance.now();
    await expect
      .poll(async () => ages.add((await inventory.find(byNid(1)))?.age) && smd.requests.length, {
        interval: 20,
        timeout: 9000,
      })
      .toBe(12);
    expect(performance.now() - start).toBeGreaterThan(1500);
    expect([[...ages], outagesIn(log)]).toEqual([[undefined], []]);
  });
});

describe('Before the first reading is through', () => {
  it('requests wait for it, known nodes and strangers', async () => {
    smd.mode = { slow: 60 };
    const { inventory } = started(smd);
    const [known, unknown] = await Promise.all([inventory.find(byNid(1)), inventory.find(byNid(99))]);
    expect([known?.component.xname, unknown]).toEqual([NODE.xname, undefined]);
    expect(smd.requests).toHaveLength(5);
  });

  it('they wait no longer than the time-out, and are told that nothing can be said', async () => {
    smd.mode = 'hang';
    const { inventory } = started(smd, { timeout: 300 });
    const start = performance.now();
    const asked = [inventory.find(byNid(1)), inventory.find(byHostname('nid001')), inventory.list()];
    const some = [[byNid(1)], [byNid(1), byNid(2), byNid(3), byNid(4)]].map((keys) => inventory.findAll(keys));
    for (const one of [...asked, ...some]) await expect(one).rejects.toMatchObject({ code: 'unavailable' });
    expect(performance.now() - start).toBeLessThan(300 + 100);
  });

  it('a node is looked up by itself while the lists take too long', async () => {
    smd.modeOf.set('/State/Components', { slow: 300 });
    const { inventory } = started(smd, { timeout: 1000 });
    expect(await inventory.find(byNid(1))).toMatchObject({ component: { xname: NODE.xname } });
  });

  it('what was looked up by itself is not taken for all there is', async () => {
    smd.modeOf.set('/Inventory/ComponentEndpoints', { slow: 100 });
    const { inventory } = started(smd);
    await inventory.refresh([xnameOf(NODE.xname)]);
    expect((await inventory.list()).components).toHaveLength(2);
  });
});

function macIn(key: NodeKey | AddressKey): string {
  return key.kind === 'mac' ? key.mac : expect.fail('it is no MAC');
}
