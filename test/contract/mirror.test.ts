import { expect, it, vi } from 'vitest';
import { noStoreLookUps } from '../../src/adapters/look-ups.ts';
import { createMirror } from '../../src/adapters/store/mirror/mirror.ts';
import { mirroredStore } from '../../src/adapters/store/mirror/mirrored-store.ts';
import { ownNodes } from '../../src/adapters/store/mirror/own-nodes.ts';
import { createRecords } from '../../src/adapters/store/mirror/records.ts';
import type { Component } from '../../src/core/component.ts';
import type { StoredNode } from '../../src/core/record.ts';
import type { Store } from '../../src/ports/store.ts';
import { macOf, nidFrom } from '../support/identifiers.ts';

const nothing = { nodes: [], groups: [], images: [], removed: [] };

it('A write that is announced before it is acknowledged is known for one of this process', async () => {
  const mirror = createMirror();
  const acknowledged = Promise.withResolvers<void>();
  const writing = mirror.write(async () => {
    await acknowledged.promise;
    mirror.onWritten(5, nothing);
  });
  const isOwn = mirror.isOwn(5);
  acknowledged.resolve();
  expect(await isOwn).toBe(true);
  expect(await mirror.isOwn(6)).toBe(false);
  await writing;
});

it('The write of another process does not wait for those of this one, be they stuck', async () => {
  const mirror = createMirror();
  const stuck = Promise.withResolvers<void>();
  const failed = mirror.write(() => Promise.reject(new Error('away')));
  await expect(failed).rejects.toThrow('away');
  const writing = mirror.write(() => stuck.promise);
  expect(await mirror.isOwn(7)).toBe(false);
  // It has waited once: whatever else is announced meanwhile is taken at once.
  const nextTurn = new Promise((resolve) => setImmediate(resolve, 'still waiting'));
  expect(await Promise.race([mirror.isOwn(8), nextTurn])).toBe(false);
  stuck.resolve();
  await writing;
});

it('The time of the store goes on from when it was told, and is unknown where nobody tells', async () => {
  const mirror = createMirror();
  mirror.isTrue(1);
  expect(mirror.storeTime()).toBeUndefined();
  mirror.isTrue(1, true, 1000);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(mirror.storeTime()).toBeGreaterThan(1000.01);
  expect(mirror.storeTime()).toBeLessThan(1010);
});

it('Its edition is another one after each change, be it of this process, of another one, or read anew', async () => {
  const mirror = createMirror();
  const records = createRecords();
  const editions = [mirror.edition()];
  await mirror.replaceBy(async () => ({ records, revision: 1 }));
  editions.push(mirror.edition());
  mirror.isTrue(1);
  expect(mirror.edition()).toBe(editions.at(-1));
  mirror.onWritten(2, nothing);
  editions.push(mirror.edition());
  mirror.take(nothing, 3);
  editions.push(mirror.edition());
  expect(new Set(editions).size).toBe(4);
});

it('A store in memory has an edition only while its records and the nodes added by hand are true, and another after each change of these', async () => {
  const mirror = createMirror();
  const own = ownNodes({ components: async () => [] });
  const store = mirroredStore({} as Store, mirror, own, noStoreLookUps());
  await mirror.replaceBy(async () => ({ records: createRecords(), revision: 1 }));
  mirror.isTrue(1);
  expect(store.edition?.()).toBeUndefined();
  await vi.waitFor(() => expect(store.edition?.()).toBeDefined());
  const before = store.edition?.();
  own.stale();
  expect(store.edition?.()).toBeUndefined();
  await vi.waitFor(() => expect(store.edition?.()).toBeDefined());
  expect(store.edition?.()).not.toBe(before);
  mirror.isCutOff();
  expect(store.edition?.()).toBeUndefined();
});

it('A store in memory tells under which MACs nodes are stored, or were added by hand', async () => {
  const mirror = createMirror();
  const [stored, added] = [macOf('02:00:00:00:00:01'), macOf('02:00:00:00:00:02')];
  const byHand: Component = { macs: [added], addresses: [], groups: [], enabled: true, details: {} };
  const own = ownNodes({ components: async () => [byHand] });
  const store = mirroredStore({} as Store, mirror, own, noStoreLookUps());
  expect([...(store.macs?.() ?? [])]).toEqual([]);
  const records = createRecords();
  const row = { createdAt: 0, revision: 1 };
  const nodes = [{ id: 'a', mac: stored, ...row } as StoredNode, { id: 'b', nid: nidFrom(1), ...row } as StoredNode];
  records.take({ ...nothing, nodes }, 1);
  await mirror.replaceBy(async () => ({ records, revision: 1 }));
  own.stale();
  await vi.waitFor(() => expect([...(store.macs?.() ?? [])]).toEqual([stored, added]));
});
