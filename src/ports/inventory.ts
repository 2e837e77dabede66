import type { Component, NodeKey } from '../core/component.ts';

/**
 * What is known of the site's nodes, from SMD or a file. Every method answers from knowledge that is at most as old
 * as the inventory's allowed age, and throws a `ServiceError` of code `unavailable` when it could not look.
 */
export interface Inventory {
  /** The component that has this identifier; `undefined` when the inventory does not know it. */
  find(key: NodeKey): Promise<Component | undefined>;
  /** The same for many keys at once, in their order, at the cost of a few requests in all. */
  findAll(keys: readonly NodeKey[]): Promise<(Component | undefined)[]>;
}
