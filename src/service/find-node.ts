import {
  type Component,
  identifiersOf,
  literalIdentifiers,
  type NodeIdentifiers,
  type NodeKey,
} from '../core/component.ts';
import { DEFAULT_TAG, type Tag } from '../core/identifiers/tag.ts';
import { ownComponent } from '../core/own-component.ts';
import { namesOf } from '../core/resolution.ts';
import type { Inventory } from '../ports/inventory.ts';
import type { Found, Store } from '../ports/store.ts';

/** What is known of a node that asks: `component` is `undefined` when the inventory does not know it. */
export type FoundNode = {
  readonly component: Component | undefined;
  readonly found: Found;
};

const NOTHING: Found = { nodes: [], groups: [], images: [], configurationImages: [] };

/**
 * Looks a node up in the inventory, then its records and those of `others` in one query. Standalone, the service's own
 * nodes are the inventory: that query is all.
 */
export async function findNode(
  key: NodeKey,
  others: readonly Tag[],
  { store, inventory }: { readonly store: Store; readonly inventory: Inventory | undefined },
): Promise<FoundNode> {
  if (inventory === undefined) {
    // Nobody has NID 0, even if a record was written under it.
    const nodes = key.kind === 'nid' && key.nid === 0 ? undefined : literalIdentifiers(key);
    const found = await find(store, nodes, [DEFAULT_TAG, ...others]);
    return { component: found.nodes.map(ownComponent).find((component) => component !== undefined), found };
  }
  const component = (await inventory.find(key))?.component;
  if (component === undefined) return { component, found: await find(store, undefined, others) };
  return { component, found: await find(store, identifiersOf(component), [...namesOf(component), ...others]) };
}

/** A node that nothing is asked for needs no database. */
async function find(store: Store, nodes: NodeIdentifiers | undefined, names: readonly Tag[]): Promise<Found> {
  return nodes === undefined && names.length === 0 ? NOTHING : store.find({ ...(nodes && { nodes }), names });
}
