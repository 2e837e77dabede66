import { type AddressKey, type Component, identifiersOf, literalIdentifiers, type NodeKey } from '../core/component.ts';
import { DEFAULT_TAG, type Tag } from '../core/identifiers/tag.ts';
import { ownComponent } from '../core/own-component.ts';
import type { StoredNode } from '../core/record.ts';
import { namesOf } from '../core/resolution.ts';
import { storedUnder } from '../core/target.ts';
import type { Found, Store, Wanted } from '../ports/store.ts';
import { identify, type NodeSources, soughtByHand } from './node-sources.ts';

/** What is known of a node that asks: `component` is `undefined` when it is not known. `found.nodes` are its own. */
export type FoundNode = {
  readonly component: Component | undefined;
  readonly found: Found;
};

const NOTHING: Found = { nodes: [], groups: [], images: [], configurationImages: [] };

/**
 * Looks a node up in the inventory, then its records and those of `others` in one query. Where the inventory does not
 * know it, that query says too whether it was added by hand, and standalone, whether it has a record.
 */
export async function findNode(
  key: NodeKey | AddressKey,
  others: readonly Tag[],
  sources: NodeSources & { readonly store: Store },
): Promise<FoundNode> {
  const { store } = sources;
  const sought = await seekNode(key, sources);
  if (sought === undefined) {
    // Nothing is asked for: that needs no database.
    return { component: undefined, found: others.length === 0 ? NOTHING : await store.look({ names: others }) };
  }
  const names = sought.component === undefined ? [DEFAULT_TAG] : namesOf(sought.component);
  const found = await store.look({ ...sought.wanted, names: [...new Set([...names, ...others])] });
  const { component, nodes } = sought.identify(found);
  return { component, found: { ...found, nodes } };
}

/** A node that may be known, before the store has been asked. */
export type SoughtNode = {
  /** As the inventory knows it. */
  readonly component: Component | undefined;
  /** What is to be looked up to know more. */
  readonly wanted: Wanted;
  /** Who the node is, and what is stored of it, by what was found. */
  identify(found: Found): { readonly component: Component | undefined; readonly nodes: StoredNode[] };
};

/** Looks a node up in the inventory; `undefined` when nobody can know it. */
export async function seekNode(key: NodeKey | AddressKey, sources: NodeSources): Promise<SoughtNode | undefined> {
  const { inventory } = sources;
  const component = (await inventory?.find(key))?.component;
  // Standalone a node is known that has a record. Nobody has NID 0, even if a record was written under it.
  const mayHaveRecord = inventory === undefined && !(key.kind === 'nid' && key.nid === 0);
  const literal = mayHaveRecord ? literalIdentifiers(key) : undefined;
  const own = soughtByHand([key], [component], sources);
  const nodes = component === undefined ? literal : identifiersOf(component);
  if (nodes === undefined && own === undefined) return undefined;
  return {
    component,
    wanted: { ...(nodes && { nodes }), ...own },
    identify(found) {
      const [known] = identify([key], [component], found);
      const recorded = literal === undefined ? [] : storedUnder(literal, found.nodes).map(ownComponent);
      const node = known ?? recorded.find((one) => one !== undefined);
      return { component: node, nodes: node === undefined ? [] : storedUnder(identifiersOf(node), found.nodes) };
    },
  };
}
