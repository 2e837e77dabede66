import { describe, expect, it } from 'vitest';
import type { Component } from '../../src/core/component.ts';
import { joinComponents } from '../../src/core/component-index.ts';
import { addressOf, hostnameOf, macOf, nidFrom, xnameOf } from '../support/identifiers.ts';

const [x1, x2, x3] = ['x1c0s0b0n0', 'x1c0s1b0n0', 'x1c0s2b0n0'].map(xnameOf);
const [m1, m2] = ['02:00:00:00:00:01', '02:00:00:00:00:02'].map(macOf);
const node = (parts: Partial<Component>): Component => ({
  ...{ macs: [], addresses: [], groups: [], enabled: true, details: {} },
  ...parts,
});

describe('components of two sources', () => {
  const first = [node({ xname: x1, macs: [m1 ?? macOf('')], nid: nidFrom(1) }), node({ xname: x2, nid: nidFrom(1) })];

  it('are all of the first, also where two of them claim one identifier', () => {
    expect(joinComponents(first, [])).toEqual(first);
    expect(joinComponents([], first)).toEqual(first);
  });

  it('are behind them those of the other that have no identifier in common with any', () => {
    const fqdn = hostnameOf('n1');
    const others = [
      node({ xname: x1 }),
      node({ macs: [m2 ?? macOf(''), m1 ?? macOf('')] }),
      node({ xname: x3, nid: nidFrom(1) }),
      node({ xname: x3, macs: [m2 ?? macOf('')], nid: nidFrom(3), addresses: [addressOf('10.0.0.1')], fqdn }),
      node({ nid: nidFrom(4) }),
    ];
    expect(joinComponents(first, others)).toEqual([...first, ...others.slice(3)]);
  });
});
