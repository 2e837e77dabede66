import { namedGroups } from '../core/changes/planned.ts';
import type { NodeIdentifiers, NodeKey } from '../core/component.ts';
import type { Dialect } from '../core/dialect.ts';
import { isUnavailable } from '../core/errors.ts';
import { foldRecords } from '../core/fold.ts';
import type { Tag } from '../core/identifiers/tag.ts';
import { type BootRecord, type ImageKey, type StoredNode, shownIdentifiers } from '../core/record.ts';
import { keysOf, storedNodesOf } from '../core/target.ts';
import { inTurns } from '../let-others-go.ts';
import type { Log } from '../ports/log.ts';
import type { Found, Store } from '../ports/store.ts';
import { locateTargets } from './locate-targets.ts';
import { identify, type NodeSources } from './node-sources.ts';

/** Whose boot parameters are asked for. */
export type Filter = {
  readonly identifiers: NodeIdentifiers;
  readonly tags: readonly Tag[];
  readonly images: readonly ImageKey[];
};

/** What records are read from, and in which dialect they are answered. */
export type ReadContext = NodeSources & {
  readonly store: Store;
  readonly dialect: Dialect;
  readonly log: Log;
};

/** All records: those of nodes and tags, then those of images. */
export async function listBootParameters(context: ReadContext): Promise<BootRecord[]> {
  const { store, own, dialect } = context;
  const [found, components] = await Promise.all([store.list(), dialect === 'csm' ? own?.components() : undefined]);
  return toRecords({ ...found, components }, context);
}

/** The records of what a filter names; they hold no identifiers but those. Empty when nothing of it has a record. */
export async function findBootParameters(filter: Filter, context: ReadContext): Promise<BootRecord[]> {
  const { wanted, targetsBy } = await locateTargets(filter.identifiers, context);
  const found = await context.store.find({ ...wanted, names: filter.tags, images: filter.images });
  // With nodes that were added by hand comes more than what was asked for.
  const storedOf = await inTurns(storedNodesOf(await targetsBy(found), found.nodes));
  const nodes = [...new Set(storedOf.flat())];
  return toRecords({ ...found, nodes, groups: namedGroups(filter.tags, found.groups) }, context);
}

async function toRecords(found: Found, context: ReadContext): Promise<BootRecord[]> {
  const { nodes, groups, images } = found;
  const shown = context.dialect === 'csm' ? await withXnames(found, context) : nodes;
  return [...foldRecords(shown, groups, context.dialect), ...images.map(imageRecord)];
}

/**
 * Nodes with the xnames that they are known by now, in the inventory or as they were added by hand; while the inventory is
 * away, with those that it had.
 */
async function withXnames(
  found: Pick<Found, 'nodes' | 'components'>,
  { inventory, own, log }: ReadContext,
): Promise<readonly StoredNode[]> {
  const { nodes } = found;
  if (inventory === undefined && own === undefined) return nodes;
  const keys = nodes.map((node) => keysOf(shownIdentifiers(node, 'openchami'))[0]);
  const asked = keys.filter((key): key is NodeKey => key !== undefined && key.kind !== 'xname');
  try {
    const sightings = (await inventory?.findAll(asked)) ?? [];
    const known = identify(
      asked,
      sightings.map((sighting) => sighting?.component),
      found,
    );
    const xnames = new Map(asked.map((key, at) => [key, known[at]?.xname]));
    return nodes.map((node, at) => {
      const key = keys[at];
      return key !== undefined && xnames.has(key) ? { ...node, resolved: xnames.get(key) } : node;
    });
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    log.warn({}, 'records are shown under the xnames known before: the inventory is away');
    return nodes;
  }
}

/** The record of an image: the image and its parameters, without identifiers. */
export function imageRecord({ kind, uri, params }: ImageKey & { readonly params: string | undefined }): BootRecord {
  return { hosts: [], macs: [], nids: [], configuration: { [kind]: uri, params }, priority: 0 };
}
