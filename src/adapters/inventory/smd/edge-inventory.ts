import type { Component } from '../../../core/component.ts';
import type { Inventory } from '../../../ports/inventory.ts';
import { withinDeadline } from '../../deadline.ts';
import { cachedInventory } from '../cached.ts';
import type { QueuedEdgeCache } from '../edge-cache.ts';
import { createMemory, type Memory } from '../memory.ts';
import { rememberingInventory } from '../remembering.ts';
import { createTokenBucket } from '../token-bucket.ts';
import type { SmdClient } from './client.ts';
import { createRoster } from './roster.ts';
import { targetedInventory } from './targeted-inventory.ts';

export type EdgeSmdOptions = {
  readonly maxAgeMs: number;
  readonly timeoutMs: number;
  /** Look-ups of nodes that are not known, in a second, and as many at once after a quiet time; the rest is `unavailable`. */
  readonly strangersPerSecond?: number;
};

const STRANGERS = 50;

/**
 * SMD as an inventory for many isolates that share a cache. A look-up takes no longer than `timeoutMs` in all. Where the
 * cache keeps nothing, what this isolate remembers counts while SMD is away. However many strangers ask, SMD sees a bounded
 * number of look-ups.
 */
export function edgeSmdInventory(
  smd: SmdClient,
  cache: QueuedEdgeCache,
  { maxAgeMs, timeoutMs, strangersPerSecond = STRANGERS }: EdgeSmdOptions,
): Inventory {
  const memory = datedMemory(createMemory(maxAgeMs));
  const targeted = targetedInventory(smd, createRoster(smd, memory), memory);
  const strangers = createTokenBucket(strangersPerSecond);
  const { listedAt, forgetLists } = memory;
  // The deadline and the cache stand within: what is remembered is there for when both have nothing.
  const cached = cachedInventory(withinDeadline(targeted, timeoutMs), cache, {
    maxAgeMs,
    timeoutMs,
    listedAt,
    forgetLists,
    mayAskFor: (key) => memory.recall(key) !== undefined || strangers.take(),
  });
  return rememberingInventory(cached, memory);
}

/** A memory that tells whether what it has of a node came from a list, and whose list is not young after a refresh. */
function datedMemory(memory: Memory): Memory & {
  listedAt(component: Component): number | undefined;
  forgetLists(until: number): void;
} {
  const alone = new WeakSet<Component>();
  let lastList: number | undefined;
  let forgottenUntil = Number.NEGATIVE_INFINITY;

  return {
    ...memory,
    note(key, component, at) {
      if (component !== undefined) alone.add(component);
      memory.note(key, component, at);
    },
    noteList(index, at) {
      lastList = Math.max(lastList ?? at, at);
      memory.noteList(index, at);
    },
    youngList: () => (lastList !== undefined && lastList > forgottenUntil ? memory.youngList() : undefined),
    listedAt: (component) => (alone.has(component) ? undefined : lastList),
    forgetLists(until) {
      forgottenUntil = performance.now() - (Date.now() - until);
    },
  };
}
