import { type AddressKey, type Component, identifiersOf, literalIdentifiers, type NodeKey } from '../core/component.ts';
import { DEFAULT_TAG, type Tag } from '../core/identifiers/tag.ts';
import { ownComponent } from '../core/own-component.ts';
import type { StoredNode } from '../core/record.ts';
import { namesOf, nodesOf } from '../core/resolution.ts';
import { after, type Soon } from '../core/soon.ts';
import { storedUnder } from '../core/target.ts';
import type { Found, Store, Wanted } from '../ports/store.ts';
import { identify, type NodeSources, soughtByHand } from './node-sources.ts';

/** What is known of a node that asks: `component` is `undefined` when it is not known. `found.nodes` are its own. */
export type FoundNode = {
  readonly component: Component | undefined;
  readonly found: Found;
  /** Seconds since this was known, of what is older than allowed. */
  readonly age: number | undefined;
};

const NOTHING: Found = { nodes: [], groups: [], images: [], configurationImages: [] };

/**
 * Looks a node up in the inventory, then its records and those of `others` in one query. Where the inventory does not
 * know it, that query says too whether it was added by hand, and standalone, whether it has a record.
 */
export function findNode(
  key: NodeKey | AddressKey,
  others: readonly Tag[],
  sources: NodeSources & { readonly store: Store },
): Soon<FoundNode> {
  const { store } = sources;
  return after(seekNode(key, sources), (sought) => {
    if (sought === undefined) {
      // Nothing is asked for: that needs no database.
      const found = others.length === 0 ? NOTHING : store.look({ names: others });
      return after(found, (found) => ({ component: undefined, found, age: found.age }));
    }
    const names = sought.component === undefined ? [DEFAULT_TAG] : namesOf(sought.component);
    const wanted = { ...sought.wanted, names: others.length === 0 ? names : [...new Set([...names, ...others])] };
    return after(store.look(wanted), (found) => {
      const { component, nodes } = sought.identify(found);
      return { component, found: { ...found, nodes }, age: older(sought.age, found.age) };
    });
  });
}

/** A node that may be known, before the store has been asked. */
export type SoughtNode = {
  /** As the inventory knows it. */
  readonly component: Component | undefined;
  /** Seconds since the inventory knew that, when that is longer than allowed. */
  readonly age: number | undefined;
  /** What is to be looked up to know more. */
  readonly wanted: Pick<Wanted, 'nodes' | 'own'>;
  /** Who the node is, and what is stored of it, by what was found. */
  identify(found: Found): { readonly component: Component | undefined; readonly nodes: StoredNode[] };
};

/** Looks a node up in the inventory; `undefined` when nobody can know it. */
export function seekNode(key: NodeKey | AddressKey, sources: NodeSources): Soon<SoughtNode | undefined> {
  return after(sources.inventory?.find(key), (sighting) => {
    const component = sighting?.component;
    return component === undefined ? unknownNode(key, sources) : knownNode(component, sighting?.age);
  });
}

/** A node that the inventory knows. */
function knownNode(component: Component, age: number | undefined): SoughtNode {
  const nodes = identifiersOf(component);
  return {
    component,
    age,
    wanted: { nodes },
    identify: (found) => ({ component, nodes: nodesOf(component, found.nodes) }),
  };
}

/** A node that may have been added by hand, or standalone, have a record. */
function unknownNode(key: NodeKey | AddressKey, sources: NodeSources): SoughtNode | undefined {
  // Standalone a node is known that has a record. Nobody has NID 0, even if a record was written under it.
  const mayHaveRecord = sources.inventory === undefined && !(key.kind === 'nid' && key.nid === 0);
  const literal = mayHaveRecord ? literalIdentifiers(key) : undefined;
  const own = soughtByHand([key], [undefined], sources);
  if (literal === undefined && own === undefined) return undefined;
  return {
    component: undefined,
    age: undefined,
    wanted: { ...(literal && { nodes: literal }), ...own },
    identify(found) {
      const [known] = identify([key], [undefined], found);
      const recorded = literal === undefined ? [] : storedUnder(literal, found.nodes).map(ownComponent);
      const component = known ?? recorded.find((one) => one !== undefined);
      return { component, nodes: component === undefined ? [] : nodesOf(component, found.nodes) };
    },
  };
}

function older(age: number | undefined, other: number | undefined): number | undefined {
  return age === undefined || other === undefined ? (age ?? other) : Math.max(age, other);
}
