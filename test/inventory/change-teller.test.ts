import { hash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type ChangeTeller,
  changeTeller,
  DoubtfulAnswer,
  type Known,
  type NodeChange,
} from '../../src/adapters/inventory/snapshot/change-teller.ts';
import type { NamedComponent } from '../../src/adapters/inventory/snapshot/snapshot.ts';
import type { Xname } from '../../src/core/identifiers/xname.ts';
import { macOf, xnameOf } from '../support/identifiers.ts';

const node = (at: number, role = 'Compute', hasMac = true): NamedComponent => ({
  xname: xnameOf(`x${1000 + Math.floor(at / 10)}c0s0b0n${at % 10}`),
  macs: hasMac ? [macOf(`02:00:00:00:${hex(at >> 8)}:${hex(at & 255)}`)] : [],
  ...{ addresses: [], role, groups: [], enabled: true, details: {} },
});
const hex = (byte: number): string => byte.toString(16).padStart(2, '0');
const nodes = (count: number, from = 0): NamedComponent[] => Array.from({ length: count }, (_, at) => node(from + at));

/** A teller and who listens to it, as the service has them. */
let tell: ChangeTeller;
let known: Map<Xname, NamedComponent>;
beforeEach(() => {
  tell = changeTeller((text) => hash('md5', text, 'buffer').readUIntBE(0, 6));
  known = new Map();
});

function* parts(components: readonly NamedComponent[], again: readonly Xname[] = []) {
  const byXname = new Map(components.map((component) => [component.xname, component]));
  const reachable = [...known.values()].filter(({ macs }) => macs.length > 0).length;
  const before: Known = { counts: { nodes: known.size, reachable, grouped: 0, endpoints: 0 }, again };
  for (const part of tell({ xnames: () => byXname.keys(), make: (xname) => byXname.get(xname) }, before)) {
    for (const { xname, component } of part) {
      if (component === undefined) known.delete(xname);
      else known.set(xname, component);
    }
    yield part;
  }
}

function told(components: readonly NamedComponent[], again: readonly Xname[] = []): NodeChange[] {
  return [...parts(components, again)].flat();
}
const changed = (component: NamedComponent): NodeChange => ({ xname: component.xname, component });
const gone = ({ xname }: NamedComponent): NodeChange => ({ xname, component: undefined });

describe('A reading', () => {
  it('tells at first of all nodes, and then of none when nothing has changed', () => {
    expect(told(nodes(5))).toEqual(nodes(5).map(changed));
    expect(told(nodes(5))).toEqual([]);
  });

  it('tells of what changed, of what came and of what is gone', () => {
    told(nodes(5));
    const now = [node(0), node(1, 'Application'), node(3), node(4), node(5)];
    expect(told(now)).toEqual([gone(node(2)), changed(node(1, 'Application')), changed(node(5))]);
    expect(told(now)).toEqual([]);
    expect([...known.values()]).toEqual(expect.arrayContaining(now));
  });

  it('tells again of nodes of which something else was heard, also of those that it never knew', () => {
    told(nodes(3));
    const stranger = node(9);
    expect(told(nodes(3), [node(1).xname, stranger.xname])).toEqual([gone(stranger), changed(node(1))]);
  });

  it('tells once of a node that has changed and is to be told of again', () => {
    told(nodes(2));
    expect(told([node(0, 'Application'), node(1)], [node(0).xname])).toEqual([changed(node(0, 'Application'))]);
  });

  it('leaves out what cannot be put together', () => {
    const [one] = nodes(1);
    if (one === undefined) return expect.fail('there is no node');
    const xnames = [one.xname, node(1).xname];
    const make = (xname: Xname) => (xname === one.xname ? one : undefined);
    const all = [
      ...tell(
        { xnames: () => xnames, make },
        { counts: { nodes: 0, reachable: 0, grouped: 0, endpoints: 0 }, again: [] },
      ),
    ];
    expect(all).toEqual([[changed(one)]]);
  });
});

describe('What a reading tells', () => {
  it('comes in parts of at most 250 nodes', () => {
    expect([...parts(nodes(1001))].map(({ length }) => length)).toEqual([250, 250, 250, 250, 1]);
    const rest = nodes(501, 500);
    expect([...parts(rest)].map(({ length }) => length)).toEqual([250, 250]);
    expect([...known.values()]).toEqual(expect.arrayContaining(rest));
  });

  it('and nobody hears to the end is told the next time', () => {
    const first = parts(nodes(1000));
    first.next();
    const heard = new Set([...known.keys(), ...(first.next().value ?? []).map(({ xname }) => xname)]);
    // The second part was handed over, but nobody came back for more: it may not have been taken in.
    first.return(undefined);
    expect(heard.size).toBe(500);
    expect(told(nodes(1000))).toEqual(nodes(750, 250).map(changed));
    expect(told(nodes(1000))).toEqual([]);
  });

  it('of nodes that are gone, and nobody hears to the end, is told the next time', () => {
    told(nodes(1000));
    const first = parts(nodes(600));
    first.next();
    first.return(undefined);
    const missing = new Set(told(nodes(600)).map(({ xname }) => xname));
    for (const { xname } of nodes(400, 600)) expect(missing).toContain(xname);
    expect(told(nodes(600))).toEqual([]);
  });
});

describe('An answer is doubted', () => {
  const doubted: readonly (readonly [string, NamedComponent[]])[] = [
    ['that is empty', []],
    ['that lacks half of the nodes', nodes(50)],
    ['that lacks more than half of the nodes', nodes(49)],
    ['in which half of the MACs are gone', [...nodes(50), ...nodes(50, 50).map((_, at) => node(50 + at, 'C', false))]],
    ['in which all MACs are gone', nodes(100).map((_, at) => node(at, 'Compute', false))],
  ];
  beforeEach(() => {
    told(nodes(100));
  });

  it.each(doubted)('%s, and nothing of it is taken', (_, answer) => {
    expect(() => told(answer)).toThrow(DoubtfulAnswer);
    expect([...known.values()]).toEqual(nodes(100));
  });

  it.each(doubted)('%s, and believed when it comes again', (_, answer) => {
    expect(() => told(answer)).toThrow(DoubtfulAnswer);
    told(answer);
    expect([...known.values()]).toHaveLength(answer.length);
    expect(told(answer)).toEqual([]);
  });

  it('though another one was doubted before it', () => {
    expect(() => told(nodes(40))).toThrow(DoubtfulAnswer);
    expect(() => told(nodes(40, 60))).toThrow(DoubtfulAnswer);
    expect(() => told(nodes(40))).toThrow(DoubtfulAnswer);
    expect([...known.values()]).toEqual(nodes(100));
  });

  it('anew when a good one came between two that are the same', () => {
    expect(() => told([])).toThrow(DoubtfulAnswer);
    expect(told(nodes(100))).toEqual([]);
    expect(() => told([])).toThrow(DoubtfulAnswer);
  });

  it('and says how much of it is missing', () => {
    expect(() => told(nodes(3))).toThrow(
      'it tells of nodes: 3, reachable: 3, grouped: 0, endpoints: 0; there were 100, 100, 0, 0',
    );
  });
});

describe('An answer is believed', () => {
  it('that lacks less than half', () => {
    told(nodes(100));
    expect(told(nodes(51))).toHaveLength(49);
  });

  it('that is empty where nothing was known', () => {
    expect(told([])).toEqual([]);
  });

  it('that lacks one of two nodes: somebody took it out of a lab', () => {
    told(nodes(2));
    expect(told(nodes(1))).toEqual([gone(node(1))]);
  });

  it('in which most nodes have other MACs', () => {
    told(nodes(10));
    const macs = [macOf('02:00:00:00:ff:ff')];
    expect(told(nodes(10).map((one) => ({ ...one, macs })))).toHaveLength(10);
  });
});
