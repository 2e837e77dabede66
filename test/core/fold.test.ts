import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BootConfiguration } from '../../src/core/configuration.ts';
import { foldRecords } from '../../src/core/fold.ts';
import { EMPTY_PHONE_HOME } from '../../src/core/phone-home.ts';
import type { StoredGroup, StoredNode } from '../../src/core/record.ts';
import { macOf, nidFrom, xnameOf } from '../support/identifiers.ts';
import { boot, shuffled, storedGroup, storedNode } from './stored.ts';

const linux: BootConfiguration = { kernel: 'http://files/vmlinuz', params: 'quiet', metaData: { a: 1 } };
const rescue: BootConfiguration = { kernel: 'http://files/rescue' };
const home = { ...EMPTY_PHONE_HOME, hostname: 'nid1' };
const macs = [5, 3, 1, 4, 2].map((last) => macOf(`02:00:00:00:00:0${last}`));
const byMac = macs.map((mac, at) => storedNode(`mac ${at}`, { mac, boot: boot(linux, `token ${at}`) }));
const byXname = storedNode('x', { xname: xnameOf('x0c0s0b0n0'), mac: macOf('02:00:00:00:00:0a'), boot: boot(linux) });

const fold = (nodes: readonly StoredNode[], groups: readonly StoredGroup[]) => foldRecords(nodes, groups, 'openchami');

describe('records', () => {
  it('of five MACs with one configuration are one record with five MACs and no hosts', () => {
    expect(fold(byMac, [])).toEqual([
      {
        hosts: [],
        macs: ['02:00:00:00:00:01', '02:00:00:00:00:02', '02:00:00:00:00:03', '02:00:00:00:00:04', '02:00:00:00:00:05'],
        nids: [],
        configuration: linux,
        priority: 0,
        phoneHome: undefined,
      },
    ]);
  });

  it('of nodes with different configurations stay apart, whatever they differ in [get-bootparameters.openchami-keeps-differing-nodes-apart]', () => {
    const others: BootConfiguration[] = [
      { ...linux, kernel: 'other' },
      { ...linux, initrd: 'other' },
      { ...linux, params: undefined },
      { ...linux, metaData: { a: 2 } },
      { ...linux, userData: {} },
    ];
    const nodes = [linux, ...others].map((one, at) => storedNode(`n${at}`, { nid: nidFrom(at), boot: boot(one) }));
    expect(fold(nodes, []).map(({ nids }) => nids)).toEqual([[0], [1], [2], [3], [4], [5]]);
  });

  it('hold each node under one identifier, of its kind, tags among the hosts, NIDs in the order of numbers', () => {
    const nids = [10, 9, 100].map((nid) => storedNode(`nid ${nid}`, { nid: nidFrom(nid), boot: boot(linux) }));
    expect(fold([...nids, ...byMac, byXname], [storedGroup('Default', linux)])).toMatchObject([
      { hosts: ['Default', 'x0c0s0b0n0'], macs: [...macs].sort(), nids: [9, 10, 100] },
    ]);
  });

  it('of a tag with a priority stand alone', () => {
    const groups = [storedGroup('blue', linux, 5), storedGroup('amber', linux, 5), storedGroup('Compute', linux)];
    expect(fold(byMac, groups)).toMatchObject([
      { hosts: ['Compute'], macs: [...macs].sort(), priority: 0 },
      { hosts: ['amber'], macs: [], priority: 5 },
      { hosts: ['blue'], macs: [], priority: 5 },
    ]);
  });

  it('are not there for a node that only phoned home [cloud-init.phone-home-alone-is-not-listed]', () => {
    expect(fold([storedNode('a', { mac: macOf('02:00:00:00:00:01'), phoneHome: home })], [])).toEqual([]);
  });

  it('are none of nothing', () => {
    expect(fold([], [])).toEqual([]);
  });

  it('come in an order of their own: hosts, then MACs, then NIDs', () => {
    const nodes = [
      storedNode('a', { nid: nidFrom(10), boot: boot({ kernel: 'a' }) }),
      storedNode('b', { nid: nidFrom(9), boot: boot({ kernel: 'b' }) }),
      storedNode('c', { mac: macOf('02:00:00:00:00:02'), boot: boot({ kernel: 'c' }) }),
      storedNode('d', { mac: macOf('02:00:00:00:00:01'), boot: boot({ kernel: 'd' }) }),
      storedNode('e', { xname: xnameOf('x0c0s1b0n0'), boot: boot({ kernel: 'e' }) }),
      storedNode('f', { xname: xnameOf('x0c0s0b0n0'), boot: boot({ kernel: 'f' }) }),
    ];
    expect(fold(nodes, []).map(({ configuration }) => configuration.kernel)).toEqual([...'fedcba']);
  });
});

describe('phone-home', () => {
  const phoned = (node: StoredNode): StoredNode => ({ ...node, phoneHome: home });
  const [first = byXname, second = byXname] = byMac;

  it('is filled in where a record has one node [get-bootparameters.openchami-phone-home-of-one-node]', () => {
    expect(fold([phoned(byXname)], [])[0]?.phoneHome).toEqual(home);
    expect(fold([phoned(first), { ...second, boot: boot(rescue) }], []).map((one) => one.phoneHome)).toEqual([
      undefined,
      home,
    ]);
  });

  it('is left out where a record has several nodes, whichever of them phoned home [get-bootparameters.openchami-folds-over-phone-home]', () => {
    for (const nodes of [
      [phoned(first), second],
      [first, phoned(second)],
      [phoned(first), phoned(second)],
      [first, second, phoned(byXname)],
    ]) {
      expect(fold(nodes, []).map(({ phoneHome }) => phoneHome)).toEqual([undefined]);
    }
  });

  it('is left out where a tag shares the record: PUT takes phone-home with nodes only, and must take what GET answers', () => {
    expect(fold([phoned(first)], [storedGroup('Default', linux)])).toMatchObject([
      { hosts: ['Default'], macs: ['02:00:00:00:00:05'], phoneHome: undefined },
    ]);
  });
});

it('in csm the record of a node with several is that of a MAC, else of the xname, whatever the order [get-bootparameters.csm-one-record-per-node]', () => {
  const resolved = xnameOf('x0c0s0b0n0');
  const of = (parts: Pick<StoredNode, 'mac' | 'xname' | 'nid'>, kernel: string) =>
    storedNode(kernel, { ...parts, resolved, boot: boot({ kernel }) });
  const [byNid, byName] = [of({ nid: nidFrom(1) }, 'nid'), of({ xname: resolved }, 'xname')];
  const all = [byNid, byName, of({ mac: macOf('02:00:00:00:00:01') }, 'mac')];
  for (const [nodes, kernel] of [
    [all, 'mac'],
    [all.toReversed(), 'mac'],
    [[byNid, byName], 'xname'],
    [[byName, byNid], 'xname'],
  ] as const) {
    expect(foldRecords(nodes, [], 'csm')).toMatchObject([{ hosts: [resolved], configuration: { kernel } }]);
  }
});

it('the order of what is stored changes nothing', () => {
  const all = [
    ...byMac.map((node, at) => ({ ...node, phoneHome: at % 2 === 0 ? home : undefined })),
    byXname,
    storedNode('r', { mac: macOf('02:00:00:00:00:0f'), boot: boot(rescue), phoneHome: home }),
    ...[3, 20, 100].map((nid) => storedNode(`nid ${nid}`, { nid: nidFrom(nid), boot: boot({ kernel: `${nid % 2}` }) })),
    storedNode('h', { mac: macOf('02:00:00:00:00:0e'), phoneHome: home }),
  ];
  const groups = [
    ...['Default', 'Compute', 'blue'].map((name) => storedGroup(name, rescue)),
    ...['red', 'green'].map((name) => storedGroup(name, linux, 3)),
    storedGroup('Global', { metaData: { a: 1 } }),
  ];
  const expected = fold(all, groups);
  const order = fc.array(fc.double({ noNaN: true }), { minLength: 12, maxLength: 12 });
  fc.assert(
    fc.property(order, order, (nodeOrder, groupOrder) => {
      expect(fold(shuffled(all, nodeOrder), shuffled(groups, groupOrder))).toEqual(expected);
    }),
  );
});
