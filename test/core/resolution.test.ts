import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Component } from '../../src/core/component.ts';
import { namesOf, resolveBoot } from '../../src/core/resolution.ts';
import { macOf, nidFrom, tagOf, xnameOf } from '../support/identifiers.ts';
import { boot, shuffled, storedGroup, storedNode } from './stored.ts';

const [m1, m2, m3] = [macOf('02:00:00:00:00:01'), macOf('02:00:00:00:00:02'), macOf('02:00:00:00:00:03')];
const component: Component = {
  xname: xnameOf('x1000c0s0b0n0'),
  nid: nidFrom(1),
  // Not in the order of their numbers: the inventory's order counts.
  macs: [m3, m1, m2],
  role: 'Application',
  subRole: 'UAN',
  groups: [tagOf('rack1'), tagOf('blue'), tagOf('amber')],
  addresses: [],
  details: {},
  enabled: true,
};

const own = {
  m1: storedNode('a', { mac: m1, boot: boot({ kernel: 'm1' }) }),
  nid: storedNode('b', { nid: nidFrom(1), boot: boot({ kernel: 'nid' }) }),
  m3: storedNode('c', { mac: m3, boot: boot({ kernel: 'm3' }) }),
  xname: storedNode('d', { xname: xnameOf('x1000c0s0b0n0'), boot: boot({ kernel: 'xname' }) }),
  m2: storedNode('e', { mac: m2, boot: boot({ kernel: 'm2' }) }),
};
const groups = ['Default', 'Application', 'Application_UAN', 'amber', 'blue', 'rack1'].map((name) =>
  storedGroup(name, { kernel: name }),
);
const without = (...names: string[]) => groups.filter(({ name }) => !names.includes(name));
const orders = fc.array(fc.double({ noNaN: true }), { minLength: 6, maxLength: 6 });

describe('the records of the node itself', () => {
  it.each([
    ['the MAC that it asked by', ['m1', 'm2', 'm3', 'xname', 'nid'], m2, 'm2'],
    ['its first MAC, when it asked by something else', ['m1', 'm2', 'm3', 'xname', 'nid'], undefined, 'm3'],
    ['its other MACs in the inventory’s order', ['m1', 'm2', 'xname', 'nid'], m3, 'm1'],
    ['its last MAC before its xname', ['m2', 'xname', 'nid'], m3, 'm2'],
    ['its xname', ['xname', 'nid'], m3, 'xname'],
    ['its NID', ['nid'], m3, 'nid'],
  ] as const)('are taken by %s [resolution.several-records]', (_, stored, askedBy, expected) => {
    fc.assert(
      fc.property(orders, (order) => {
        const nodes = shuffled(
          stored.map((name) => own[name]),
          order,
        );
        expect(resolveBoot(component, nodes, groups, askedBy)).toEqual({ boot: own[expected].boot, by: 'node' });
      }),
    );
  });

  it('are found by a MAC that it asked by and that the inventory does not list', () => {
    const unlisted = macOf('02:00:00:00:00:99');
    const node = storedNode('f', { mac: unlisted, boot: boot({ kernel: 'unlisted' }) });
    expect(resolveBoot(component, [own.m3, node], [], unlisted)?.boot.configuration.kernel).toBe('unlisted');
  });

  it('do not count when it only phoned home [resolution.node-first]', () => {
    const onlyHome = storedNode('a', { mac: m3 });
    expect(resolveBoot(component, [onlyHome, own.nid], groups, m3)?.boot).toBe(own.nid.boot);
    expect(resolveBoot(component, [onlyHome], groups, m3)).toEqual({ boot: bootOfGroup('amber'), by: 'group' });
    expect(resolveBoot(component, [onlyHome], [], m3)).toBeUndefined();
  });

  it('count whole: what they lack is not taken from anywhere else [resolution.whole-record]', () => {
    const paramsOnly = storedNode('a', { mac: m1, boot: boot({ params: 'quiet' }) });
    expect(resolveBoot(component, [paramsOnly, own.xname], groups)?.boot.configuration).toEqual({ params: 'quiet' });
  });
});

describe('without a record of its own a node has that of', () => {
  it('a group it is in, the first by name among those of one priority [resolution.group-before-role] [resolution.groups-by-name]', () => {
    fc.assert(
      fc.property(orders, (order) => {
        expect(resolveBoot(component, [], shuffled(groups, order))).toEqual({
          boot: bootOfGroup('amber'),
          by: 'group',
        });
      }),
    );
  });

  it('the group of the highest priority before the first by name [resolution.groups-by-priority]', () => {
    const rack1 = storedGroup('rack1', { kernel: 'rack1' }, 1);
    const amber = storedGroup('amber', { kernel: 'amber' }, -1);
    fc.assert(
      fc.property(orders, (order) => {
        const stored = shuffled([...without('rack1', 'amber'), rack1, amber], order);
        expect(resolveBoot(component, [], stored)?.boot).toBe(rack1.boot);
        const others = stored.filter((group) => group !== rack1);
        expect(resolveBoot(component, [], others)?.boot.configuration.kernel).toBe('blue');
      }),
    );
  });

  it('no group that it is not in, whatever its priority', () => {
    const foreign = storedGroup('Rack1', { kernel: 'foreign' }, 99);
    expect(resolveBoot(component, [], [foreign, ...without('amber', 'blue')])?.boot.configuration.kernel).toBe('rack1');
    expect(resolveBoot(component, [], [foreign])).toBeUndefined();
  });

  it('its role and sub-role, then its role, then Default [resolution.sub-role-before-role]', () => {
    const rest = without('amber', 'blue', 'rack1');
    expect(resolveBoot(component, [], rest)).toEqual({ boot: bootOfGroup('Application_UAN'), by: 'role' });
    const role = rest.filter(({ name }) => name !== 'Application_UAN');
    expect(resolveBoot(component, [], role)).toEqual({ boot: bootOfGroup('Application'), by: 'role' });
    const fallback = role.filter(({ name }) => name !== 'Application');
    expect(resolveBoot(component, [], fallback)).toEqual({ boot: bootOfGroup('Default'), by: 'default' });
    expect(resolveBoot(component, [], [])).toBeUndefined();
  });

  it('its role whatever the priority of Default or of the bare role', () => {
    const stored = [
      storedGroup('Default', { kernel: 'Default' }, 9),
      storedGroup('Application', { kernel: 'Application' }, 5),
      storedGroup('Application_UAN', { kernel: 'Application_UAN' }, -5),
    ];
    expect(resolveBoot(component, [], stored)?.boot.configuration.kernel).toBe('Application_UAN');
  });

  it('that level alone: a record without kernel hides the kernels of the levels behind it [resolution.whole-record]', () => {
    const cloudOnly = storedGroup('blue', { metaData: { a: 1 } }, 5);
    expect(resolveBoot(component, [], [cloudOnly, ...without('blue')])?.boot.configuration).toEqual({
      metaData: { a: 1 },
    });
  });
});

it('the names under which there may be something for a component are its groups, its roles, its sub-role and Default', () => {
  expect(namesOf(component)).toEqual(['rack1', 'blue', 'amber', 'Application_UAN', 'Application', 'UAN', 'Default']);
  expect(namesOf({ macs: [], groups: [], addresses: [], details: {}, enabled: true })).toEqual(['Default']);
});

function bootOfGroup(name: string) {
  return storedGroup(name, { kernel: name }).boot;
}
