import type { Component, NodeKey } from '../../core/component.ts';
import { ServiceError } from '../../core/errors.ts';
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
    const name = JSON.stringify(key);
    remembered.delete(name);
    if (component !== undefined) remembered.set(name, { component, at });
    const [oldest] = remembered.keys();
    if (remembered.size > CAPACITY && oldest !== undefined) remembered.delete(oldest);
  }

  return {
    async find(key) {
      const at = performance.now();
      try {
        const component = await inventory.find(key);
        note(key, component, at);
        return component;
      } catch (error) {
        const last = remembered.get(JSON.stringify(key));
        const isAway = error instanceof ServiceError && error.code === 'unavailable';
        if (isAway && last !== undefined && at - last.at <= maxAgeMs) return last.component;
        throw error;
      }
    },
    async findAll(keys) {
      const at = performance.now();
      const components = await inventory.findAll(keys);
      keys.forEach((key, index) => {
        note(key, components[index], at);
      });
      return components;
    },
  };
}
