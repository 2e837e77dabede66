import { type Component, literalIdentifiers, type NodeKey } from '../core/component.ts';
import { joinComponents } from '../core/component-index.ts';
import { ownComponent } from '../core/own-component.ts';
import type { StoredNode } from '../core/record.ts';
import { storedUnder } from '../core/target.ts';
import type { Found, Store } from '../ports/store.ts';
import { identify, type NodeSources, soughtByHand } from './node-sources.ts';

export type HostsContext = NodeSources & { readonly store: Store };

/** Every component that the service knows: the inventory's, those that were added by hand, and standalone those with a record. */
export async function listHosts({ store, inventory, own }: HostsContext): Promise<readonly Component[]> {
  const [listed, byHand, stored] = await Promise.all([
    inventory?.list(),
    own?.components(),
    inventory === undefined ? store.list() : undefined,
  ]);
  return joinComponents(joinComponents(listed?.components ?? [], byHand ?? []), recorded(stored?.nodes ?? []));
}

/** The components that any of some keys names, each once. */
export async function findHosts(keys: readonly NodeKey[], context: HostsContext): Promise<Component[]> {
  const { inventory } = context;
  const sightings = (await inventory?.findAll(keys)) ?? [];
  const components = sightings.map((sighting) => sighting?.component);
  const found = await findStored(keys, components, context);
  const byHand = identify(keys, components, found);
  return joinComponents(joinComponents(distinct(components), distinct(byHand)), recorded(found.nodes));
}

/** An inventory may make a component anew for each key of it. */
function distinct(components: readonly (Component | undefined)[]): Component[] {
  const known = components.filter((component) => component !== undefined);
  return [...new Map(known.map((component) => [component.xname, component])).values()];
}

/** Who was added by hand of those that the inventory does not know, and standalone who has a record under one of the keys. */
async function findStored(
  keys: readonly NodeKey[],
  components: readonly (Component | undefined)[],
  context: HostsContext,
): Promise<Pick<Found, 'components' | 'nodes'>> {
  const own = soughtByHand(keys, components, context);
  if (context.inventory !== undefined) {
    return own === undefined ? { nodes: [] } : { ...(await context.store.find(own)), nodes: [] };
  }
  const literal = keys.map(literalIdentifiers);
  const nodes = {
    xnames: literal.flatMap(({ xnames }) => xnames),
    macs: literal.flatMap(({ macs }) => macs),
    nids: literal.flatMap(({ nids }) => nids),
  };
  const found = await context.store.find({ nodes, ...own });
  return { ...found, nodes: storedUnder(nodes, found.nodes) };
}

function recorded(nodes: readonly StoredNode[]): Component[] {
  return nodes.flatMap((node) => ownComponent(node) ?? []);
}
