import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Component, NodeKey } from '../../src/core/component.ts';
import type { Inventory } from '../../src/ports/inventory.ts';
import type { SmdNode } from '../support/smd-simulator.ts';
import { found, foundAll } from './found.ts';
import { byAddress, byHostname, byMac, byNid, byXname } from './keys.ts';

/** An inventory that knows what it was made of, and how to end it. */
export type InventoryUnderTest = { readonly inventory: Inventory; close(): Promise<void> };

const BOTH: SmdNode = {
  xname: 'x1000c0s0b0n0',
  nid: 1,
  macs: ['02:00:00:00:00:00', '02:00:00:01:00:00'],
  addresses: ['172.16.1.1', '10.15.3.1', 'fd00::1:1'],
  state: 'Ready',
  role: 'Application',
  subRole: 'UAN',
  groups: ['compute', 'canary'],
  enabled: true,
  details: {
    Flag: 'OK',
    SoftwareStatus: 'AdminStatus_OK',
    Subtype: 'Slot',
    NetType: 'Sling',
    Arch: 'X86',
    Class: 'River',
    Locked: false,
    ReservationDisabled: true,
  },
  endpoint: { enabled: true, fqdn: 'nid001.cluster.example' },
};
const SPELLED: SmdNode = {
  xname: 'x1000c0s0b0n1',
  nid: '2',
  macs: ['A4BF0123010A', 'A4-BF-01-23-01-0B', 'A4:BF:01:23:01:0C', 'a4bf0123010d'],
  addresses: ['::ffff:172.16.1.2', 'FD00:0:0:0::1:2', '172.16.1.2'],
  role: 'Compute',
};
const DISABLED: SmdNode = { xname: 'x1000c0s1b0n0', nid: 3, macs: ['02:00:00:00:01:00'], enabled: false };
const ENDPOINT_DISABLED: SmdNode = {
  xname: 'x1000c0s1b0n1',
  nid: 4,
  macs: ['02:00:00:00:01:01'],
  enabled: true,
  endpoint: { enabled: false, fqdn: 'NID004.Cluster.Example' },
};
const BARE: SmdNode = { xname: 'x1000c0s2b0n0', macs: ['02:00:00:00:02:00'] };
const MALFORMED: SmdNode = {
  xname: 'x1000c0s2b0n1',
  nid: 0,
  macs: [
    'not available',
    '',
    'ff:ff:ff:ff:ff:ff',
    'FFFFFFFFFFFF',
    '02:00:00:00:02',
    '02:00:00:00:02:0g',
    '02:00:00:00:02:01',
  ],
  addresses: ['', 'none', '172.16.1', '0x7f.0.0.1', '172.16.1.256', '172.16.1.6/24', '172.16.1.6'],
  role: '',
  subRole: '',
  endpoint: { fqdn: '' },
};
const EMPTY: SmdNode = {
  xname: 'x1000c0s3b0n0',
  nid: 7,
  macs: ['02:00:00:00:03:00'],
  addresses: ['172.16.1.7'],
  state: 'Empty',
  role: 'Compute',
};
const REPEATED: SmdNode = { xname: 'x1000c0s3b0n1', nid: 8, macs: ['02:00:00:00:03:01', '020000000301'] };
const NODES = [BOTH, SPELLED, DISABLED, ENDPOINT_DISABLED, BARE, MALFORMED, EMPTY, REPEATED];

const UNKNOWN = [
  byMac('02:00:00:00:0f:ff'),
  byXname('x9999c0s0b0n0'),
  byNid(4711),
  byHostname('nid999.cluster.example'),
  byHostname('nid999'),
];

/** What every `Inventory` does, whatever it reads; `make` makes one that knows the given nodes. */
export function describeInventory(
  name: string,
  make: (nodes: readonly SmdNode[]) => Promise<InventoryUnderTest>,
): void {
  describe(`${name}, as an inventory`, () => {
    let made: InventoryUnderTest;
    beforeAll(async () => {
      made = await make(NODES);
    });
    afterAll(() => made.close());

    /** Asks for one node by itself, among few and among many: the answers must be the same. */
    async function look(key: NodeKey): Promise<Component | undefined> {
      const alone = await made.inventory.find(key);
      expect((await made.inventory.findAll([...UNKNOWN.slice(0, 1), key]))[1], 'among few').toEqual(alone);
      expect((await made.inventory.findAll([...UNKNOWN, ...UNKNOWN, key]))[10], 'among many').toEqual(alone);
      expect(alone?.age).toBeUndefined();
      return alone?.component;
    }
    const xnameAt = async (address: string): Promise<string | undefined> =>
      (await found(made.inventory, byAddress(address)))?.xname;
    const xnameFor = async (key: NodeKey): Promise<string | undefined> => (await look(key))?.xname;

    it('says all that it knows of a node', async () => {
      expect(await look(byXname('x1000c0s0b0n0'))).toEqual({
        xname: 'x1000c0s0b0n0',
        nid: 1,
        macs: ['02:00:00:00:00:00', '02:00:00:01:00:00'],
        addresses: ['172.16.1.1', '10.15.3.1', 'fd00::1:1'],
        role: 'Application',
        subRole: 'UAN',
        groups: ['compute', 'canary'],
        enabled: true,
        fqdn: 'nid001.cluster.example',
        details: {
          Type: 'Node',
          State: 'Ready',
          Flag: 'OK',
          Enabled: true,
          SoftwareStatus: 'AdminStatus_OK',
          Subtype: 'Slot',
          NetType: 'Sling',
          Arch: 'X86',
          Class: 'River',
          Locked: false,
          EndpointEnabled: true,
        },
      });
    });

    it('says of a node whether it and its endpoint are enabled, each for itself', async () => {
      const off = { enabled: false, details: { Enabled: true, EndpointEnabled: false } };
      expect(await look(byXname('x1000c0s1b0n1'))).toMatchObject(off);
      expect((await look(byXname('x1000c0s1b0n0')))?.details).toEqual({ Type: 'Node', Enabled: false });
    });

    it.each(['172.16.1.1', '10.15.3.1', 'fd00::1:1', '::ffff:10.15.3.1'])(
      'finds a node by each of its addresses: %s',
      async (address) => {
        expect(await found(made.inventory, byAddress(address))).toEqual(await look(byXname('x1000c0s0b0n0')));
      },
    );

    it('answers addresses in one spelling, each once', async () => {
      expect((await look(byXname('x1000c0s0b0n1')))?.addresses).toEqual(['172.16.1.2', 'fd00::1:2']);
      expect(await xnameAt('172.16.1.2')).toBe('x1000c0s0b0n1');
    });

    it('takes what is no address for none', async () => {
      expect((await look(byXname('x1000c0s2b0n1')))?.addresses).toEqual(['172.16.1.6']);
      expect(await xnameAt('172.16.1.6')).toBe('x1000c0s2b0n1');
    });

    it.each(['172.16.1.99', 'fd00::1:99', '127.0.0.1', '0.0.0.0', '::'])(
      'does not know the address %s',
      async (address) => {
        expect(await xnameAt(address)).toBeUndefined();
      },
    );

    it.each(['02:00:00:00:00:00', '02:00:00:01:00:00'])('finds a node by each of its MACs: %s', async (mac) => {
      expect(await xnameFor(byMac(mac))).toBe('x1000c0s0b0n0');
    });

    it.each([
      ['with nothing between its pairs', 'a4:bf:01:23:01:0a'],
      ['with dashes', 'a4:bf:01:23:01:0b'],
      ['in upper case', 'a4:bf:01:23:01:0c'],
      ['in lower case with nothing between', 'a4:bf:01:23:01:0d'],
    ])('finds a node by a MAC that the source spells %s', async (_, mac) => {
      expect(await xnameFor(byMac(mac))).toBe('x1000c0s0b0n1');
    });

    it('answers MACs in one spelling, in the order of the source', async () => {
      const macs = ['a4:bf:01:23:01:0a', 'a4:bf:01:23:01:0b', 'a4:bf:01:23:01:0c', 'a4:bf:01:23:01:0d'];
      expect((await look(byXname('x1000c0s0b0n1')))?.macs).toEqual(macs);
    });

    it('names a MAC once that the source has twice', async () => {
      expect((await look(byXname('x1000c0s3b0n1')))?.macs).toEqual(['02:00:00:00:03:01']);
    });

    it('finds a node by its xname in any case', async () => {
      expect(await xnameFor(byXname('X1000C0S1B0N0'))).toBe('x1000c0s1b0n0');
    });

    it('finds a node by its NID', async () => {
      expect(await xnameFor(byNid(1))).toBe('x1000c0s0b0n0');
    });

    it('finds a node by a NID that the source has as a text', async () => {
      expect(await look(byNid(2))).toMatchObject({ xname: 'x1000c0s0b0n1', nid: 2 });
    });

    it.each([
      ['nid001.cluster.example', 'x1000c0s0b0n0'],
      ['nid001', 'x1000c0s0b0n0'],
      ['NID001.CLUSTER.EXAMPLE.', 'x1000c0s0b0n0'],
      ['nid004.cluster.example', 'x1000c0s1b0n1'],
      ['nid004', 'x1000c0s1b0n1'],
    ])('finds a node by the host name %s', async (hostname, xname) => {
      expect(await xnameFor(byHostname(hostname))).toBe(xname);
    });

    it.each(UNKNOWN)('does not know %o', async (key) => {
      expect(await look(key)).toBeUndefined();
    });

    it('knows nobody by a part of a host name other than its first label', async () => {
      expect(await look(byHostname('nid001.cluster'))).toBeUndefined();
      expect(await look(byHostname('cluster'))).toBeUndefined();
    });

    it('knows nobody by NID 0, which stands for none', async () => {
      expect(await look(byNid(0))).toBeUndefined();
      expect((await look(byXname('x1000c0s2b0n1')))?.nid).toBeUndefined();
    });

    it('takes a node for disabled when its component is', async () => {
      expect(await look(byMac('02:00:00:00:01:00'))).toMatchObject({ xname: 'x1000c0s1b0n0', enabled: false });
    });

    it('takes a node for disabled when its endpoint is', async () => {
      expect(await look(byMac('02:00:00:00:01:01'))).toMatchObject({ xname: 'x1000c0s1b0n1', enabled: false });
    });

    it('takes a node for enabled of which nothing is said, and knows no more of it', async () => {
      expect(await look(byMac('02:00:00:00:02:00'))).toEqual({
        xname: 'x1000c0s2b0n0',
        macs: ['02:00:00:00:02:00'],
        addresses: [],
        groups: [],
        enabled: true,
        details: { Type: 'Node' },
      });
    });

    it('takes what is no MAC for none, and empty texts for nothing', async () => {
      expect(await look(byXname('x1000c0s2b0n1'))).toEqual({
        xname: 'x1000c0s2b0n1',
        macs: ['02:00:00:00:02:01'],
        addresses: ['172.16.1.6'],
        groups: [],
        enabled: true,
        details: { Type: 'Node' },
      });
      expect(await look(byMac('ff:ff:ff:ff:ff:ff'))).toBeUndefined();
    });

    it('finds a component in state Empty by its xname and NID, but not by its MAC or address', async () => {
      expect(await look(byMac('02:00:00:00:03:00'))).toBeUndefined();
      expect(await xnameAt('172.16.1.7')).toBeUndefined();
      expect(await xnameFor(byXname('x1000c0s3b0n0'))).toBe('x1000c0s3b0n0');
      expect(await xnameFor(byNid(7))).toBe('x1000c0s3b0n0');
    });

    it.each([3, 100])('answers %i keys in their order, with nothing for those that it does not know', async (count) => {
      const some = [byNid(8), byMac('02:00:00:00:0f:ff'), byMac('02:00:00:01:00:00')];
      const keys = Array.from({ length: Math.ceil(count / some.length) }, () => some).flat();
      const xnames = (await foundAll(made.inventory, keys)).map((component) => component?.xname);
      expect(xnames).toEqual(keys.map((key) => (key.kind === 'nid' ? 'x1000c0s3b0n1' : xnameOfKey(key))));
    });

    it('answers nothing to no keys', async () => {
      expect(await made.inventory.findAll([])).toEqual([]);
    });

    it('lists all that it knows, in the order of the source, as it is found one by one', async () => {
      const { components: all } = await made.inventory.list();
      expect(all.map(({ xname }) => xname)).toEqual(NODES.map(({ xname }) => xname));
      expect(all).toEqual(await Promise.all(NODES.map(({ xname }) => found(made.inventory, byXname(xname)))));
    });

    it('can be refreshed, and knows the same then', async () => {
      const before = await made.inventory.list();
      expect(await made.inventory.refresh()).toBeUndefined();
      expect(await made.inventory.list()).toEqual(before);
      expect(await xnameAt('172.16.1.1')).toBe('x1000c0s0b0n0');
    });

    it('is well', async () => {
      await expect(made.inventory.check()).resolves.toBeUndefined();
    });

    it('is ready, with what is not old', async () => {
      const readiness = await made.inventory.readiness();
      expect(readiness).toEqual({ isReady: true, age: expect.any(Number) });
      expect(readiness.isReady && readiness.age).toBeLessThan(60);
    });
  });
}

/** The xname that a MAC of these nodes stands for. */
function xnameOfKey(key: NodeKey): string | undefined {
  return NODES.find(({ macs }) => key.kind === 'mac' && macs?.includes(key.mac))?.xname;
}
