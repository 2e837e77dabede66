import type { AddressKey, Component, NodeKey } from '../../core/component.ts';
import { type ComponentIndex, isKnownBy } from '../../core/component-index.ts';
import type { Listing, Sighting } from '../../ports/inventory.ts';
import { everyKeyOf, nameOf } from './names.ts';

/** So many names from single look-ups are kept; the oldest go first. */
const CAPACITY = 100_000;

/** What was heard of a name: the component that had it, or that nobody had it any more. */
type Heard = { readonly component: Component | undefined; readonly at: number };

/**
 * What was last heard of each node: the last whole list, and what single look-ups said since. Times are of the
 * performance clock and say when something was asked for: what changed until the answer may be missing from it.
 */
export type Memory = {
  /** The last whole list, while it is no older than the inventory may be. */
  youngList(): ComponentIndex | undefined;
  /** Takes a whole list, and forgets what was heard before it was asked for. */
  noteList(index: ComponentIndex, at: number): void;
  /** Takes what a look-up said; that nobody has a name is remembered only of a name that somebody had. */
  note(key: NodeKey | AddressKey, component: Component | undefined, at: number): void;
  /** What is known of a node, however old. `undefined` when that is nothing, which does not make it unknown. */
  recall(key: NodeKey | AddressKey): Sighting | undefined;
  /** The last whole list, however old; `undefined` when there was none. */
  recallList(): Listing | undefined;
  /** When the newest of all this was asked for. */
  newest(): number;
};

/** An empty memory. What is older than `maxAgeMs` is answered with its age. */
export function createMemory(maxAgeMs: number): Memory {
  const heard = new Map<string, Heard>();
  let list: { readonly index: ComponentIndex; readonly at: number } | undefined;
  let newest = Number.NEGATIVE_INFINITY;

  function latest(key: NodeKey | AddressKey): Heard | undefined {
    return heard.get(nameOf(key)) ?? (list && { component: list.index.find(key), at: list.at });
  }

  function recall(key: NodeKey | AddressKey): Sighting | undefined {
    const named = latest(key)?.component;
    const known = named?.xname === undefined ? undefined : latest({ kind: 'xname', xname: named.xname });
    if (known?.component === undefined) return undefined;
    // A later look-up of the same node, by another name, may have said that it has this one no longer.
    if (known.component !== named && !isKnownBy(known.component, key)) return undefined;
    return { component: known.component, ...ageSince(known.at) };
  }

  function ageSince(at: number): { age?: number } {
    const age = performance.now() - at;
    return age > maxAgeMs ? { age: Math.floor(age / 1000) } : {};
  }

  return {
    recall,
    recallList: () => list && { components: list.index.all, ...ageSince(list.at) },
    newest: () => newest,
    youngList: () => (list !== undefined && performance.now() - list.at < maxAgeMs ? list.index : undefined),
    noteList(index, at) {
      newest = Math.max(newest, at);
      if (list !== undefined && at < list.at) return;
      list = { index, at };
      for (const [name, what] of heard) if (what.at <= at) heard.delete(name);
    },
    note(key, component, at) {
      if (component !== undefined) newest = Math.max(newest, at);
      const before = latest(key);
      if (before !== undefined && at < before.at) return;
      if (component === undefined && before?.component === undefined) return;
      // Under every name: who was asked for by MAC may be asked for by address next.
      for (const known of component === undefined ? [key] : everyKeyOf(component)) {
        const name = nameOf(known);
        if (at < (heard.get(name)?.at ?? at)) continue;
        // Taken out first, so that it goes to the end of the line.
        heard.delete(name);
        heard.set(name, { component, at });
      }
      for (const oldest of heard.keys()) {
        if (heard.size <= CAPACITY) break;
        heard.delete(oldest);
      }
    },
  };
}
