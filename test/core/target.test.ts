import { describe, expect, it } from 'vitest';
import type { Component } from '../../src/core/component.ts';
import { atOnce } from '../../src/core/steps.ts';
import { allIdentifiers, keysOf, nameOf, storedNodesOf, storedUnder, targetsOf } from '../../src/core/target.ts';
import { macOf, nidFrom, xnameOf } from '../support/identifiers.ts';
import { boot, storedNode } from './stored.ts';

const [x1, x2] = [xnameOf('x1000c0s0b0n0'), xnameOf('x1000c0s0b0n1')];
const [m1, m2] = [macOf('02:00:00:00:00:01'), macOf('02:00:00:00:00:02')];
const [n1, n2] = [nidFrom(1), nidFrom(2)];
const component: Component = {
  xname: x1,
  macs: [m1, m2],
  nid: n1,
  groups: [],
  addresses: [],
  details: {},
  enabled: true,
};
const whole = { xnames: [x1], macs: [m1, m2], nids: [n1] };

describe('the nodes that a request names', () => {
  const targets = (names: Partial<Parameters<typeof keysOf>[0]>, know: (Component | undefined)[] = []) =>
    atOnce(targetsOf(keysOf({ xnames: [], macs: [], nids: [], ...names }), know));

  it('are asked for by xnames first, then MACs, then NIDs', () => {
    expect(keysOf({ xnames: [x1], macs: [m1, m2], nids: [n1] }).map(({ kind }) => kind)).toEqual([
      'xname',
      'mac',
      'mac',
      'nid',
    ]);
  });

  it('count once when several identifiers are of one node, and the xname is kept, else the MAC, else the NID [writing.mac-is-kept-before-nid]', () => {
    const all = [component, component, component];
    expect(targets({ xnames: [x1], macs: [m2], nids: [n1] }, all)).toEqual([
      { identifiers: whole, keep: { xname: x1 }, resolved: x1 },
    ]);
    expect(targets({ macs: [m2, m1], nids: [n1] }, all)).toEqual([
      { identifiers: whole, keep: { mac: m2 }, resolved: x1 },
    ]);
    expect(targets({ nids: [n1] }, all)).toEqual([{ identifiers: whole, keep: { nid: n1 }, resolved: x1 }]);
  });

  it('are taken literally, each for itself, when the inventory does not know them', () => {
    expect(targets({ xnames: [x1], macs: [m1], nids: [n1] })).toEqual([
      { identifiers: { xnames: [x1], macs: [], nids: [] }, keep: { xname: x1 }, resolved: undefined },
      { identifiers: { xnames: [], macs: [m1], nids: [] }, keep: { mac: m1 }, resolved: undefined },
      { identifiers: { xnames: [], macs: [], nids: [n1] }, keep: { nid: n1 }, resolved: undefined },
    ]);
    expect(targets({ macs: [m1, m1], nids: [n1, n1] })).toHaveLength(2);
  });

  it('stay in the order of the request, known and unknown ones', () => {
    const found = targets({ xnames: [x2, x1], macs: [m2], nids: [n2] }, [undefined, component, component, undefined]);
    expect(found.map(({ keep }) => nameOf(keep))).toEqual([x2, x1, 'NID 2']);
  });

  it('may be stored under all their identifiers, and under the one named too', () => {
    const later = macOf('02:00:00:00:00:07');
    expect(targets({ macs: [later] }, [component])[0]?.identifiers.macs).toEqual([m1, m2, later]);
    const found = targets({ xnames: [x1], nids: [n2] }, [component, undefined]);
    expect(atOnce(allIdentifiers(found))).toEqual({
      xnames: [x1],
      macs: [m1, m2],
      nids: [n1, n2],
    });
  });
});

describe('the stored nodes of a target', () => {
  const a = storedNode('a', { nid: n1, createdAt: 3, boot: boot({ kernel: 'a' }) });
  const b = storedNode('c', { xname: x1, mac: m1, createdAt: 2 });
  const c = storedNode('b', { mac: m2, createdAt: 2, boot: boot({ kernel: 'c' }) });
  const other = storedNode('d', { xname: x2, createdAt: 1 });

  it('are all that are stored under any of its identifiers, each once, the first stored in front, then by id', () => {
    const targets = atOnce(targetsOf(keysOf({ xnames: [x1, x2], macs: [], nids: [] }), [component, undefined]));
    for (const stored of [
      [a, b, c, other],
      [other, c, b, a],
    ]) {
      expect(atOnce(storedNodesOf(targets, stored))).toEqual([[c, b, a], [other]]);
    }
  });

  it('are none when nothing is stored of it', () => {
    const targets = atOnce(targetsOf(keysOf({ xnames: [x2], macs: [], nids: [] }), []));
    expect(atOnce(storedNodesOf(targets, [a, b, c]))).toEqual([[]]);
  });

  it('are told from others by identifiers alone where it does not matter whose these are', () => {
    const nobody = { xnames: [], macs: [], nids: [] };
    expect(storedUnder({ xnames: [x2], macs: [m2], nids: [n1] }, [a, b, c, other])).toEqual([a, c, other]);
    expect(storedUnder({ ...nobody, macs: [m1] }, [a, b, c, other])).toEqual([b]);
    expect(storedUnder(nobody, [a, b, c, other])).toEqual([]);
  });
});
