import { beforeEach, describe, expect, it } from 'vitest';
import { createKnowledge, type Knowledge } from '../../src/adapters/inventory/snapshot/knowledge.ts';
import type { NamedComponent } from '../../src/adapters/inventory/snapshot/snapshot.ts';
import { type Clock, clockForTest } from '../support/clock.ts';
import { addressOf, hostnameOf, macOf, nidFrom, tagOf, xnameOf } from '../support/identifiers.ts';
import { byXname } from './keys.ts';

const MAX_AGE = 10_000;
const [ONE, TWO] = [xnameOf('x1000c0s0b0n0'), xnameOf('x1000c0s1b0n0')];
const node = (xname: NamedComponent['xname'], role: string): NamedComponent => ({
  ...{ xname, role, macs: [], addresses: [], groups: [], enabled: true, details: {} },
});
const told = (...components: NamedComponent[]) =>
  components.map((component) => ({ xname: component.xname, component }));

let clock: Clock;
let knowledge: Knowledge;
let start: number;
let changes: [string, string | undefined][];
beforeEach(() => {
  clock = clockForTest();
  changes = [];
  knowledge = createKnowledge(MAX_AGE, (xname, component) => changes.push([xname, component?.role]));
  start = performance.now();
});
const roleOf = (xname: string) => knowledge.recall(byXname(xname))?.component.role;

describe('What is heard of a node', () => {
  it('holds until something is heard that was asked for later', () => {
    knowledge.note(ONE, node(ONE, 'second'), start + 2);
    knowledge.note(ONE, node(ONE, 'first'), start + 1);
    expect(roleOf(ONE)).toBe('second');
    knowledge.note(ONE, undefined, start + 3);
    knowledge.note(ONE, node(ONE, 'first'), start + 1);
    expect(roleOf(ONE)).toBeUndefined();
    expect(changes).toEqual([
      [ONE, 'second'],
      [ONE, undefined],
    ]);
  });

  it('holds against a reading that was begun before, which is told so the next time', () => {
    knowledge.note(ONE, node(ONE, 'heard'), start + 2);
    knowledge.take(told(node(ONE, 'read')), start + 1);
    knowledge.taken(start + 1);
    expect(roleOf(ONE)).toBe('heard');
    expect(knowledge.before().again).toEqual([ONE]);
    knowledge.take(told(node(ONE, 'read')), start + 3);
    knowledge.taken(start + 3);
    expect([roleOf(ONE), knowledge.before().again]).toEqual(['read', []]);
  });

  it('does not hold against what a reading has told already, when it is older', () => {
    knowledge.take(told(node(ONE, 'read')), start + 5);
    knowledge.note(ONE, node(ONE, 'kept'), start - 60_000);
    knowledge.taken(start + 5);
    expect([roleOf(ONE), knowledge.before().again]).toEqual(['read', []]);
    knowledge.note(ONE, node(ONE, 'kept'), start - 60_000);
    expect(roleOf(ONE)).toBe('read');
  });

  it('during a reading that does not tell of the node is to be told again, and is no younger for it', () => {
    knowledge.take(told(node(ONE, 'read')), start + 5);
    knowledge.note(TWO, node(TWO, 'kept'), start - 60_000);
    knowledge.taken(start + 5);
    expect(knowledge.before().again).toEqual([TWO]);
    expect(knowledge.recall(byXname(TWO))).toMatchObject({ component: { role: 'kept' }, age: 60 });
    expect(knowledge.recall(byXname(ONE))).not.toHaveProperty('age');
  });
});

describe('The age of what is known', () => {
  it('is left out until it is more than is allowed, and goes with a reading', () => {
    knowledge.take(told(node(ONE, 'read')), start);
    knowledge.taken(start);
    clock.pass(MAX_AGE - 1000);
    expect([knowledge.isYoung(), knowledge.list()]).toEqual([true, { components: [node(ONE, 'read')] }]);
    clock.pass(2000);
    expect([knowledge.isYoung(), knowledge.list().age, knowledge.recall(byXname(ONE))?.age]).toEqual([false, 11, 11]);
    knowledge.taken(performance.now());
    expect([knowledge.isYoung(), knowledge.list().age, knowledge.recall(byXname(ONE))?.age]).toEqual([
      true,
      undefined,
      undefined,
    ]);
  });

  it('of all is, before the first reading, that of the oldest', () => {
    knowledge.note(ONE, node(ONE, 'kept'), start - 60_000);
    knowledge.note(TWO, node(TWO, 'heard'), start);
    expect(knowledge.list().age).toBe(60);
    expect(knowledge.recall(byXname(TWO))).not.toHaveProperty('age');
  });
});

it('All nodes are to be told again by who remembers no reading, those that are gone too', () => {
  knowledge.take(told(node(ONE, 'read')), start);
  knowledge.taken(start);
  knowledge.note(TWO, undefined, start + 1);
  expect(knowledge.before()).toMatchObject({ counts: { nodes: 1, reachable: 0 }, again: [TWO] });
  expect(knowledge.before().xnames()).toEqual([ONE]);
});

describe('The whole is known', () => {
  it('once it was read, or what was kept of it has been noted, and not by one node', () => {
    expect(knowledge.isLoaded()).toBe(false);
    knowledge.note(ONE, node(ONE, 'heard'), start);
    expect([knowledge.isLoaded(), knowledge.isYoung()]).toEqual([false, false]);
    knowledge.restored();
    expect([knowledge.isLoaded(), knowledge.isYoung()]).toEqual([true, false]);
    knowledge.taken(start);
    expect([knowledge.isLoaded(), knowledge.isYoung()]).toEqual([true, true]);
  });
});

describe('An edition of what is known', () => {
  it('is another one after each change, and none while anything may be older than allowed', () => {
    knowledge.note(ONE, node(ONE, 'kept'), start);
    expect(knowledge.edition()).toBeUndefined();
    knowledge.take(told(node(ONE, 'read')), start + 1);
    knowledge.taken(start + 1);
    const first = knowledge.edition();
    expect(first).toBeDefined();
    expect(knowledge.edition()).toBe(first);
    knowledge.note(ONE, node(ONE, 'heard'), start + 2);
    const second = knowledge.edition();
    knowledge.note(ONE, undefined, start + 3);
    expect(new Set([first, second, knowledge.edition()]).size).toBe(3);
    clock.pass(MAX_AGE + 10);
    expect(knowledge.edition()).toBeUndefined();
  });

  it.each<Partial<NamedComponent>>([
    { nid: nidFrom(2) },
    { macs: [macOf('02:00:00:00:00:02')] },
    { addresses: [addressOf('10.0.0.2')] },
    { role: 'Application' },
    { subRole: 'UAN' },
    { groups: [tagOf('gpu')] },
    { enabled: false },
    { fqdn: hostnameOf('nid2.local') },
  ])('is another one when a node has another %o', (part) => {
    const before = node(ONE, 'Compute');
    knowledge.take(told(before), start);
    knowledge.taken(start);
    const edition = knowledge.edition();
    knowledge.note(ONE, { ...before, ...part }, start + 1);
    expect(knowledge.edition()).not.toBe(edition);
  });

  it('stays when nothing is new but details', () => {
    knowledge.take(told({ ...node(ONE, 'Compute'), details: { State: 'Off' } }), start);
    knowledge.taken(start);
    const edition = knowledge.edition();
    knowledge.note(ONE, { ...node(ONE, 'Compute'), details: { State: 'On' } }, start + 1);
    expect(knowledge.edition()).toBe(edition);
    expect(knowledge.recall(byXname(ONE))?.component.details).toEqual({ State: 'On' });
  });
});

it('tells by which MACs nodes may ask', () => {
  const [first, second] = [macOf('02:00:00:00:00:01'), macOf('02:00:00:00:00:02')];
  knowledge.take(told({ ...node(ONE, 'Compute'), macs: [first, second] }, node(TWO, 'Compute')), start);
  expect([...knowledge.macs()]).toEqual([first, second]);
  knowledge.note(ONE, undefined, start + 1);
  expect([...knowledge.macs()]).toEqual([]);
});
