import type { NodeIdentifiers } from '../core/component.ts';
import { foldRecords } from '../core/fold.ts';
import type { Tag } from '../core/identifiers/tag.ts';
import type { BootRecord, ImageKey } from '../core/record.ts';
import { allIdentifiers } from '../core/target.ts';
import type { Inventory } from '../ports/inventory.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';
import { locateTargets } from './locate-targets.ts';

/** Whose boot parameters are asked for. */
export type Filter = {
  readonly identifiers: NodeIdentifiers;
  readonly tags: readonly Tag[];
  readonly images: readonly ImageKey[];
};

/** All records: those of nodes and tags, then those of images. */
export async function listBootParameters(store: Store): Promise<BootRecord[]> {
  const { nodes, groups, images } = await store.list();
  return [...foldRecords(nodes, groups), ...images.map(imageRecord)];
}

/** The records of what a filter names; they hold no identifiers but those. Empty when nothing of it has a record. */
export async function findBootParameters(
  filter: Filter,
  { store, inventory, log }: { store: Store; inventory: Inventory | undefined; log: Log },
): Promise<BootRecord[]> {
  const targets = await locateTargets(filter.identifiers, inventory, log);
  const wanted = { nodes: allIdentifiers(targets), names: filter.tags, images: filter.images };
  const { nodes, groups, images } = await store.find(wanted);
  return [...foldRecords(nodes, groups), ...images.map(imageRecord)];
}

/** The record of an image: the image and its parameters, without identifiers. */
export function imageRecord({ kind, uri, params }: ImageKey & { readonly params: string | undefined }): BootRecord {
  return { hosts: [], macs: [], nids: [], configuration: { [kind]: uri, params }, priority: 0 };
}
