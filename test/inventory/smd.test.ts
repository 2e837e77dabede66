import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { queuedEdgeCache } from '../../src/adapters/inventory/edge-cache.ts';
import { edgeInventory } from '../../src/compose/edge-inventory.ts';
import { readSettings } from '../../src/config.ts';
import type { Component } from '../../src/core/component.ts';
import { silentLog } from '../support/silent-log.ts';
import type { SmdNode } from '../support/smd-simulator.ts';
import { forgetfulCache } from './edge.ts';
import { found, foundAll } from './found.ts';
import { byAddress, byHostname, byMac, byNid, byXname } from './keys.ts';
import { inventoryOf, smdForTest, stepsOf } from './smd.ts';

/** A MAC that nobody has. */
const STRANGER = byMac('02:00:00:00:0f:ff');
/** The lists that `smd` was asked for whole. */
const LISTS = [
  '/hsm/v2/Inventory/ComponentEndpoints?type=Node',
  '/hsm/v2/Inventory/EthernetInterfaces?type=Node',
  '/hsm/v2/State/Components?type=Node',
  '/hsm/v2/memberships',
];

describe('One look-up in SMD', () => {
  it.each([
    ['a known MAC', byMac('02:00:00:00:03:01'), 5, 2],
    ['an unknown MAC', STRANGER, 5, 2],
    ['the MAC of an interface without a component', byMac('a4:bf:01:23:01:ff'), 5, 2],
    ["a BMC's MAC", byMac('de:ca:fc:0f:00:00'), 5, 2],
    ['a known xname', byXname('x1000c0s3b0n1'), 4, 1],
    ['an unknown xname', byXname('x9999c0s0b0n0'), 4, 1],
    ['a known NID', byNid(8), 5, 2],
    ['an unknown NID', byNid(4711), 1, 1],
    ['an unknown host name', byHostname('nid999'), 4, 1],
    ['NID 0, which nobody has', byNid(0), 0, 0],
    ['a known address', byAddress('10.15.3.8'), 5, 2],
    ['an unknown address', byAddress('172.16.1.99'), 1, 1],
    ["a BMC's address", byAddress('172.16.0.100'), 1, 1],
  ])('by %s takes few requests in few steps', async (_, key, requests, steps) => {
    const smd = await smdForTest();
    smd.mode = { slow: 100 };
    await inventoryOf(smd).find(key);
    expect(smd.requests.length).toBeLessThanOrEqual(requests);
    expect(stepsOf(smd.requests)).toBeLessThanOrEqual(steps);
  });

  it('asks for one address as SMD filters it, also for one of IPv6 and for one that came mapped into it', async () => {
    const smd = await smdForTest();
    for (const address of ['10.254.1.99', '::ffff:10.254.1.99', 'FD00::0:99'])
      await inventoryOf(smd).find(byAddress(address));
    expect(smd.requests.map(({ target }) => target)).toEqual([
      '/hsm/v2/Inventory/EthernetInterfaces?IPAddress=10.254.1.99',
      '/hsm/v2/Inventory/EthernetInterfaces?IPAddress=10.254.1.99',
      '/hsm/v2/Inventory/EthernetInterfaces?IPAddress=fd00%3A%3A99',
    ]);
  });

  it('asks for one MAC, one xname and one NID as SMD filters them', async () => {
    const smd = await smdForTest();
    await inventoryOf(smd).find(byMac('02:00:00:00:03:01'));
    await inventoryOf(smd).find(byNid(8));
    expect(smd.requests[0]?.target).toBe('/hsm/v2/Inventory/EthernetInterfaces?MACAddress=02%3A00%3A00%3A00%3A03%3A01');
    expect(smd.requests[5]?.target).toBe('/hsm/v2/State/Components?type=Node&nid=8');
  });
});

describe('What SMD knows', () => {
  it.each([
    [
      '02:00:00:00:03:00',
      { xname: 'x1000c0s3b0n0', nid: 7, role: 'Compute', groups: ['compute', 'gpu'], enabled: true },
    ],
    ['02:00:00:01:01:01', { xname: 'x1000c0s1b0n1', nid: 4, role: 'Compute', enabled: false }],
    ['02:00:00:00:02:00', { xname: 'x1000c0s2b0n0', nid: 5, role: 'Application', groups: ['compute'] }],
    ['a4:bf:01:23:01:aa', { xname: 'x3000c0s1b0n0', nid: 1001, role: 'Management', subRole: 'Worker', enabled: true }],
  ])('is found by MAC in what was recorded: %s', async (mac, expected) => {
    expect(await found(inventoryOf(await smdForTest()), byMac(mac))).toMatchObject(expected);
  });

  it('is not found by the MAC of an interface that has no component', async () => {
    expect(await found(inventoryOf(await smdForTest()), byMac('a4:bf:01:23:01:ff'))).toBeUndefined();
  });

  it('is not found by the MAC of a BMC', async () => {
    expect(await found(inventoryOf(await smdForTest()), byMac('de:ca:fc:0f:00:00'))).toBeUndefined();
  });

  it('is not found by the MAC of an interface whose component is gone', async () => {
    const smd = await smdForTest([]);
    smd.lists.interfaces.push({ MACAddress: '02:00:00:00:09:00', ComponentID: 'x1000c0s9b0n0', Type: 'Node' });
    expect(await found(inventoryOf(smd), byMac('02:00:00:00:09:00'))).toBeUndefined();
  });

  it('is found by a MAC that only its endpoint tells of', async () => {
    const endpoint = { fqdn: 'nid001', macs: ['020000000ABC'] };
    const smd = await smdForTest([{ xname: 'x1000c0s0b0n0', macs: ['02:00:00:00:00:00'], endpoint }]);
    const macs = ['02:00:00:00:00:00', '02:00:00:00:0a:bc'];
    expect(await found(inventoryOf(smd), byMac('02:00:00:00:0a:bc'))).toMatchObject({ xname: 'x1000c0s0b0n0', macs });
  });

  it('is found by the one MAC of an endpoint that has no list of interfaces', async () => {
    const smd = await smdForTest([{ xname: 'x1000c0s0b0n0' }]);
    smd.lists.endpoints.push({ ID: 'x1000c0s0b0n0', Type: 'Node', MACAddr: '02:00:00:00:0A:BC' });
    const component = await found(inventoryOf(smd), byMac('02:00:00:00:0a:bc'));
    expect(component).toMatchObject({ xname: 'x1000c0s0b0n0', enabled: true });
  });

  it('is found by the MAC of an interface without a component when an endpoint has it', async () => {
    const smd = await smdForTest();
    smd.add({ xname: 'x1000c0s9b0n0', endpoint: { macs: ['a4:bf:01:23:01:ff'] } });
    expect(await found(inventoryOf(smd), byMac('a4:bf:01:23:01:ff'))).toMatchObject({ xname: 'x1000c0s9b0n0' });
  });

  it('goes by the interfaces where an endpoint claims the same MAC, alone and among many', async () => {
    const mac = '02:00:00:00:0a:bc';
    const before: SmdNode = { xname: 'x1000c0s0b0n0', endpoint: { macs: [mac] } };
    const inventory = inventoryOf(await smdForTest([before, { xname: 'x1000c0s1b0n0', macs: [mac] }]));
    expect(await found(inventory, byMac(mac))).toMatchObject({ xname: 'x1000c0s1b0n0' });
    const amongMany = await foundAll(inventory, [byMac(mac), STRANGER, byNid(4711), byNid(4712)]);
    expect(amongMany[0]).toMatchObject({ xname: 'x1000c0s1b0n0' });
  });

  it('is found by MAC the moment it is added, though the lists are remembered', async () => {
    const smd = await smdForTest();
    const inventory = inventoryOf(smd);
    expect(await found(inventory, STRANGER)).toBeUndefined();
    smd.add({ xname: 'x1000c0s9b0n0', macs: ['02:00:00:00:0f:ff'] });
    expect(await found(inventory, STRANGER)).toMatchObject({ xname: 'x1000c0s9b0n0' });
  });

  it.each([
    ['172.16.1.1', 'x1000c0s0b0n0'],
    ['10.15.3.1', 'x1000c0s0b0n0'],
    ['10.254.1.10', 'x3000c0s1b0n0'],
  ])('is found by address in what was recorded: %s', async (address, xname) => {
    expect(await found(inventoryOf(await smdForTest()), byAddress(address))).toMatchObject({ xname });
  });

  it('has the details of what was recorded', async () => {
    const said = { Type: 'Node', State: 'Ready', Flag: 'OK', NetType: 'Sling', Arch: 'X86', Class: 'River' };
    const component = await found(inventoryOf(await smdForTest()), byNid(1001));
    expect(component?.details).toEqual({ ...said, Enabled: true });
    expect(component?.addresses).toEqual(['10.252.1.10', '10.254.1.10']);
  });

  it('is found by an address that an interface without a component, a BMC and a node that is gone have too', async () => {
    const smd = await smdForTest([]);
    const IPAddresses = [{ IPAddress: '172.16.1.1' }];
    for (const ComponentID of [undefined, '', 'x1000c0s0b0', 'x1000c0s9b0n0'])
      smd.lists.interfaces.push({ MACAddress: '02:00:00:00:09:00', ComponentID, IPAddresses });
    smd.add({ xname: 'x1000c0s8b0n0', macs: ['02:00:00:00:08:00'], addresses: ['172.16.1.1'], state: 'Empty' });
    expect(await found(inventoryOf(smd), byAddress('172.16.1.1'))).toBeUndefined();
    smd.add({ xname: 'x1000c0s1b0n0', macs: ['02:00:00:00:01:00'], addresses: ['172.16.1.1'] });
    expect(await found(inventoryOf(smd), byAddress('172.16.1.1'))).toMatchObject({ xname: 'x1000c0s1b0n0' });
  });

  it('is the first of two nodes at one address', async () => {
    const node = { addresses: ['172.16.1.1'] };
    const first = { ...node, xname: 'x1000c0s1b0n0', macs: ['02:00:00:00:01:00'] };
    const second = { ...node, xname: 'x1000c0s0b0n0', macs: ['02:00:00:00:00:00'] };
    const smd = await smdForTest([first, second]);
    expect(await found(inventoryOf(smd), byAddress('172.16.1.1'))).toMatchObject({ xname: 'x1000c0s1b0n0' });
  });

  it('is found by address the moment it gets it', async () => {
    const smd = await smdForTest();
    const inventory = inventoryOf(smd);
    expect(await found(inventory, byAddress('172.16.1.99'))).toBeUndefined();
    smd.add({ xname: 'x1000c0s9b0n0', macs: ['02:00:00:00:0f:ff'], addresses: ['172.16.1.99'] });
    expect(await found(inventory, byAddress('172.16.1.99'))).toMatchObject({ xname: 'x1000c0s9b0n0' });
  });

  it('is not less known for a detail of a wrong type, which is left out', async () => {
    const details = { Flag: 5, Arch: ['X86'], Class: 'River', Locked: 'no' };
    const smd = await smdForTest([{ xname: 'x1000c0s0b0n0', details }]);
    const component = await found(inventoryOf(smd), byXname('x1000c0s0b0n0'));
    expect(component?.details).toEqual({ Type: 'Node', Class: 'River' });
  });

  it('may lack everything but ids', async () => {
    const smd = await smdForTest([]);
    smd.lists.components.push({ ID: 'x1000c0s0b0n0', Type: 'Node', NID: null, Role: null, Enabled: null });
    smd.lists.interfaces.push({ ComponentID: 'x1000c0s0b0n0', Type: 'Node' });
    smd.lists.endpoints.push({ ID: 'x1000c0s0b0n0', Type: 'Node', RedfishSystemInfo: null });
    const component: Component | undefined = await found(inventoryOf(smd), byXname('x1000c0s0b0n0'));
    const bare = { xname: 'x1000c0s0b0n0', macs: [], addresses: [], groups: [], enabled: true };
    expect(component).toEqual({ ...bare, details: { Type: 'Node' } });
  });

  it('may be nothing: then nobody is known, and that is no outage', async () => {
    const smd = await smdForTest();
    smd.mode = 'empty';
    const keys = [byMac('02:00:00:00:03:00'), byXname('x1000c0s3b0n0'), byNid(7), byHostname('nid007')];
    expect(await inventoryOf(smd).findAll(keys)).toEqual([undefined, undefined, undefined, undefined]);
    expect(await Promise.all(keys.map((key) => inventoryOf(smd).find(key)))).toEqual(Array(4).fill(undefined));
  });
});

describe("SMD's whole lists", () => {
  it('are four requests in one step for many keys, known and unknown', async () => {
    const smd = await smdForTest();
    smd.mode = { slow: 100 };
    const keys = Array.from({ length: 500 }, (_, at) => byNid(at + 1));
    const all = await foundAll(inventoryOf(smd), keys);
    expect(all.slice(0, 9).map((component) => component?.nid)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, undefined]);
    expect(smd.requests.map(({ target }) => target).sort()).toEqual(LISTS);
    expect(stepsOf(smd.requests)).toBe(1);
  });

  it('are remembered for as long as the inventory may be old', async () => {
    const smd = await smdForTest();
    const inventory = inventoryOf(smd);
    await inventory.find(STRANGER);
    smd.requests.length = 0;
    for (let round = 0; round < 3; round++) expect(await found(inventory, STRANGER)).toBeUndefined();
    expect(smd.requests).toHaveLength(3);
  });

  it('are looked up anew once they are too old', async () => {
    const smd = await smdForTest();
    const inventory = inventoryOf(smd, { maxAge: 50 });
    expect(await found(inventory, byHostname('nid100'))).toBeUndefined();
    smd.add({ xname: 'x1000c0s9b0n0', endpoint: { fqdn: 'nid100.cluster.example' } });
    await sleep(60);
    expect(await found(inventory, byHostname('nid100'))).toMatchObject({ xname: 'x1000c0s9b0n0' });
  });

  it('are as old as the request for them, not as its answer', async () => {
    const smd = await smdForTest();
    const inventory = inventoryOf(smd, { maxAge: 400 });
    smd.mode = { slow: 300 };
    const asked = performance.now();
    const first = inventory.find(byHostname('nid100'));
    await expect.poll(() => smd.requests.length).toBe(4);
    smd.add({ xname: 'x1000c0s9b0n0', endpoint: { fqdn: 'nid100.cluster.example' } });
    smd.mode = 'healthy';
    expect(await first).toBeUndefined();
    await sleep(asked + 500 - performance.now());
    expect(await found(inventory, byHostname('nid100'))).toMatchObject({ xname: 'x1000c0s9b0n0' });
  });
});

describe("SMD's guarded lists", () => {
  const SECRET = 'a.b.c';
  const overSettings = (url: string, settings: Record<string, string>) =>
    edgeInventory(readSettings({ HSM_URL: url, ...settings }).settings, queuedEdgeCache(forgetfulCache), silentLog);

  it('do without when there is no token: a node is known, enabled and in no groups', async () => {
    const smd = await smdForTest();
    smd.requireToken(SECRET);
    const inventory = overSettings(smd.url, {});
    const known = { xname: 'x1000c0s3b0n0', nid: 7, role: 'Compute', macs: ['02:00:00:00:03:00', '02:00:00:01:03:00'] };
    const addresses = ['172.16.1.7', '10.15.3.7'];
    const details = { Type: 'Node', State: 'On', Enabled: true };
    const expected = { ...known, addresses, groups: [], enabled: true, details };
    expect(await found(inventory, byMac('02:00:00:00:03:00'))).toEqual(expected);
    expect((await foundAll(inventory, [STRANGER, byNid(1), byNid(4711), byNid(7)]))[3]).toEqual(expected);
    expect(await found(inventory, STRANGER)).toBeUndefined();
    expect(smd.requests.every(({ authorization }) => authorization === undefined)).toBe(true);
  });

  it('are sent the token of BSS_SMD_TOKEN', async () => {
    const smd = await smdForTest();
    smd.requireToken(SECRET);
    const inventory = overSettings(smd.url, { BSS_SMD_TOKEN: SECRET });
    const component = await found(inventory, byMac('02:00:00:00:03:00'));
    expect(component).toMatchObject({ xname: 'x1000c0s3b0n0', groups: ['compute', 'gpu'] });
    const guarded = smd.requests.filter(({ target }) => /ComponentEndpoints|memberships/.test(target));
    expect(guarded.map(({ authorization }) => authorization)).toEqual([`Bearer ${SECRET}`, `Bearer ${SECRET}`]);
  });

  it('are found under a base URL that ends in a slash', async () => {
    const smd = await smdForTest();
    expect(await found(overSettings(`${smd.url}/`, {}), byNid(7))).toMatchObject({ groups: ['compute', 'gpu'] });
  });
});
