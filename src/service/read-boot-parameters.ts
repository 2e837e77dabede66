import type { NodeIdentifiers, NodeKey } from '../core/component.ts';
import type { Dialect } from '../core/dialect.ts';
import { isUnavailable } from '../core/errors.ts';
import { foldRecords } from '../core/fold.ts';
import type { Tag } from '../core/identifiers/tag.ts';
import { type BootRecord, type ImageKey, type StoredNode, shownIdentifiers } from '../core/record.ts';
import { keysOf } from '../core/target.ts';
import type { Inventory } from '../ports/inventory.ts';
import type { Log } from '../ports/log.ts';
import type { Found, Store } from '../ports/store.ts';
import { locateTargets, wantedOf } from './locate-targets.ts';

/** Whose boot parameters are asked for. */
export type Filter = {
  readonly identifiers: NodeIdentifiers;
  readonly tags: readonly Tag[];
  readonly images: readonly ImageKey[];
};

/** What records are read from, and in which dialect they are answered. */
export type ReadContext = {
  readonly store: Store;
  /** `undefined` when the service is its own inventory. */
  readonly inventory: Inventory | undefined;
  readonly dialect: Dialect;
  readonly log: Log;
};

/** All records: those of nodes and tags, then those of images. */
export async function listBootParameters(context: ReadContext): Promise<BootRecord[]> {
  return toRecords(await context.store.list(), context);
}

/** The records of what a filter names; they hold no identifiers but those. Empty when nothing of it has a record. */
export async function findBootParameters(filter: Filter, context: ReadContext): Promise<BootRecord[]> {
  const targets = await locateTargets(filter.identifiers, context.inventory, context.log);
  const wanted = { ...wantedOf(targets), names: filter.tags, images: filter.images };
  return toRecords(await context.store.find(wanted), context);
}

async function toRecords({ nodes, groups, images }: Found, context: ReadContext): Promise<BootRecord[]> {
  const shown = context.dialect === 'csm' ? await withXnames(nodes, context) : nodes;
  return [...foldRecords(shown, groups, context.dialect), ...images.map(imageRecord)];
}

/** Nodes with the xnames that the inventory has for them now; while it is away, with those that it had. */
async function withXnames(
  nodes: readonly StoredNode[],
  { inventory, log }: ReadContext,
): Promise<readonly StoredNode[]> {
  if (inventory === undefined) return nodes;
  const keys = nodes.map((node) => keysOf(shownIdentifiers(node, 'openchami'))[0]);
  const asked = keys.filter((key): key is NodeKey => key !== undefined && key.kind !== 'xname');
  try {
    const sightings = await inventory.findAll(asked);
    const xnames = new Map(asked.map((key, at) => [key, sightings[at]?.component.xname]));
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
