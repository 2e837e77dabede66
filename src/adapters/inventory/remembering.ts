import { type Component, identifiersOf, type NodeKey } from '../../core/component.ts';
import { isUnavailable } from '../../core/errors.ts';
import { keysOf } from '../../core/target.ts';
import type { Inventory } from '../../ports/inventory.ts';

/** So many answers are kept; the oldest go first. */
const CAPACITY = 100_000;

/**
 * Remembers what an inventory last said of each node, and says it again while the inventory is away, as long as it is
 * no older than `maxAgeMs`. Only components are remembered: nothing is ever called unknown from memory.
 */
export function rememberingInventory(inventory: Inventory, maxAgeMs: number): Inventory {
  const remembered = new Map<string, { readonly component: Component; readonly at: number }>();

  function note(key: NodeKey, component: Component | undefined, at: number): void {
    remembered.delete(nameOf(key));
    if (component === undefined) return;
    // Under every identifier: who was asked for by MAC may be asked for by name next.
    for (const known of keysOf(identifiersOf(component))) remembered.set(nameOf(known), { component, at });
    remembered.set(nameOf(key), { component, at });
    for (const oldest of remembered.keys()) {
      if (remembered.size <= CAPACITY) break;
      remembered.delete(oldest);
    }
  }

  /** What is remembered of a key when the inventory failed with `error`; throws that when it is nothing. */
  function recall(key: NodeKey, at: number, error: unknown): Component {
    const last = remembered.get(nameOf(key));
    if (isUnavailable(error) && last !== undefined && at - last.at <= maxAgeMs) return last.component;
    throw error;
  }

  return {
    async find(key) {
      const at = performance.now();
      try {
        const component = await inventory.find(key);
        note(key, component, at);
        return component;
      } catch (error) {
        return recall(key, at, error);
      }
    },
    async findAll(keys) {
      const at = performance.now();
      try {
        const components = await inventory.findAll(keys);
        keys.forEach((key, index) => {
          note(key, components[index], at);
        });
        return components;
      } catch (error) {
        return keys.map((key) => recall(key, at, error));
      }
    },
  };
}

function nameOf(key: NodeKey): string {
  return JSON.stringify(key);
}
