import { expect, it } from 'vitest';
import { createMemory, type Memory } from '../../src/adapters/inventory/memory.ts';
import type { Component } from '../../src/core/component.ts';
import { indexComponents } from '../../src/core/component-index.ts';
import { macOf, xnameOf } from '../support/identifiers.ts';
import { byMac, byXname } from './keys.ts';

const [MAC, OTHER_MAC] = ['02:00:00:00:00:01', '02:00:00:00:00:02'];
const nameOf = (at: number): string => `x${at % 10_000}c${Math.floor(at / 10_000)}s0b0n0`;

function component(xname: string, macs: readonly string[] = [], role?: string): Component {
  const none = { addresses: [], groups: [], enabled: true, details: {} };
  return { ...none, xname: xnameOf(xname), macs: macs.map(macOf), role };
}
const roleOf = (memory: Memory, key: Parameters<Memory['recall']>[0]) => memory.recall(key)?.component.role;

it('A memory keeps a hundred thousand names, and lets the oldest go', () => {
  const memory = createMemory(10_000);
  for (let at = 0; at <= 100_000; at++) memory.note(byXname(nameOf(at)), component(nameOf(at)), at);
  expect(memory.recall(byXname(nameOf(0)))).toBeUndefined();
  expect(memory.recall(byXname(nameOf(1)))).toBeDefined();
  expect(memory.recall(byXname(nameOf(100_000)))).toBeDefined();
});

it('A memory goes by what was asked for last, in whichever order the answers come', () => {
  const memory = createMemory(10_000);
  const [old, young] = [component('x0c0s0b0n0', [MAC], 'old'), component('x0c0s0b0n0', [MAC], 'young')];
  memory.note(byMac(MAC), young, 20);
  memory.note(byMac(MAC), old, 10);
  expect(roleOf(memory, byMac(MAC))).toBe('young');
  memory.noteList(indexComponents([old]), 10);
  expect(roleOf(memory, byMac(MAC))).toBe('young');
  memory.noteList(indexComponents([old]), 30);
  expect(roleOf(memory, byMac(MAC))).toBe('old');
  memory.note(byMac(MAC), young, 20);
  expect(roleOf(memory, byMac(MAC))).toBe('old');
});

it('A memory does not take a MAC from the node that got it last for what was asked before', () => {
  const memory = createMemory(10_000);
  const [loser, winner] = [component('x0c0s0b0n0', [MAC, OTHER_MAC]), component('x0c0s1b0n0', [MAC])];
  memory.note(byXname('x0c0s1b0n0'), winner, 20);
  memory.note(byXname('x0c0s0b0n0'), loser, 10);
  expect(memory.recall(byMac(MAC))?.component).toBe(winner);
  expect(memory.recall(byMac(OTHER_MAC))?.component).toBe(loser);
});

it('A memory of nothing remembers nobody, also not those that were never there', () => {
  const memory = createMemory(10_000);
  memory.note(byMac(MAC), undefined, 10);
  expect([memory.recall(byMac(MAC)), memory.youngList(), memory.newest()]).toEqual([undefined, undefined, -Infinity]);
});
