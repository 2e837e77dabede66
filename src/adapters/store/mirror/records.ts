import type { NodeIdentifiers } from '../../../core/component.ts';
import type { Tag } from '../../../core/identifiers/tag.ts';
import type { Boot, StoredGroup, StoredImage, StoredNode } from '../../../core/record.ts';
import type { Found } from '../../../ports/store.ts';
import type { Written } from '../written.ts';
import { sharedConfigurations } from './shared-configurations.ts';

/** All that scripts need of the store, in memory, by every identifier. Each change and each look is small, however many nodes there are. */
export type Records = {
  find(by: readonly NodeIdentifiers[], names: readonly Tag[]): Found;
  /**
   * Takes in what was written up to a revision. Of a row that is known as of a later one, that stands; what is gone does not
   * come back with rows that were read before it went.
   */
  take(written: Written, revision: number): void;
  /** Nothing that was read before this revision will be taken in any more. */
  settle(revision: number): void;
};

export function createRecords(): Records {
  const nodes = table<StoredNode>();
  const groups = table<StoredGroup>();
  const images = table<StoredImage>();
  const byIdentifier = new Map<string | number, StoredNode>();
  const byName = new Map<Tag, StoredGroup>();
  const byUri = new Map<string, readonly StoredImage[]>();
  const shareConfiguration = sharedConfigurations();
  /** What is gone, and since when, until nobody can take it for there. */
  const gone = new Map<string, number>();
  const isGone = ({ id, revision }: Row): boolean => revision <= (gone.get(id) ?? Number.NEGATIVE_INFINITY);

  function dropNode(node: StoredNode | undefined): void {
    for (const identifier of identifiersOf(node))
      if (byIdentifier.get(identifier) === node) byIdentifier.delete(identifier);
  }
  function dropGroup(group: StoredGroup | undefined): void {
    if (group !== undefined && byName.get(group.name) === group) byName.delete(group.name);
  }
  function dropImage(image: StoredImage | undefined): void {
    if (image === undefined) return;
    const others = (byUri.get(image.uri) ?? []).filter((other) => other !== image);
    if (others.length === 0) byUri.delete(image.uri);
    else byUri.set(image.uri, others);
  }

  return {
    find(by, names) {
      const found: StoredNode[] = [];
      const look = (identifier: string | number): void => {
        const node = byIdentifier.get(identifier);
        if (node !== undefined && !found.includes(node)) found.push(node);
      };
      for (const { macs, xnames, nids } of by) {
        macs.forEach(look);
        xnames.forEach(look);
        nids.forEach(look);
      }
      const named: StoredGroup[] = [];
      for (const name of names) {
        const group = byName.get(name);
        if (group !== undefined && !named.includes(group)) named.push(group);
      }
      return { nodes: found, groups: named, images: [], configurationImages: imagesOf(found, named, byUri) };
    },
    take(written, revision) {
      for (const id of written.removed) {
        gone.set(id, revision);
        dropNode(nodes.remove(id));
        dropGroup(groups.remove(id));
        dropImage(images.remove(id));
      }
      const share = sharing(shareConfiguration);
      for (const node of written.nodes) {
        if (isGone(node)) continue;
        const kept = { ...node, boot: node.boot && share(node.boot) };
        nodes.put(kept, dropNode, () => {
          for (const identifier of identifiersOf(kept)) byIdentifier.set(identifier, kept);
        });
      }
      for (const group of written.groups)
        if (!isGone(group)) groups.put(group, dropGroup, () => byName.set(group.name, group));
      for (const image of written.images) {
        if (isGone(image)) continue;
        images.put(image, dropImage, () => byUri.set(image.uri, [...(byUri.get(image.uri) ?? []), image]));
      }
    },
    settle(revision) {
      for (const [id, since] of gone) if (since <= revision) gone.delete(id);
    },
  };
}

type Row = { readonly id: string; readonly revision: number };

/** Rows by their ids. */
function table<Stored extends Row>() {
  const rows = new Map<string, Stored>();
  return {
    remove(id: string): Stored | undefined {
      const row = rows.get(id);
      rows.delete(id);
      return row;
    },
    /** Puts a row in the place of an older one of its id. */
    put(row: Stored, drop: (before: Stored | undefined) => void, add: () => void): void {
      const before = rows.get(row.id);
      if (before !== undefined && before.revision > row.revision) return;
      rows.set(row.id, row);
      drop(before);
      add();
    },
  };
}

function identifiersOf(node: StoredNode | undefined): (string | number)[] {
  return [node?.mac, node?.xname, node?.nid].filter((identifier) => identifier !== undefined);
}

/** Image parameters that go with the configurations of what was found. */
function imagesOf(
  nodes: readonly StoredNode[],
  groups: readonly StoredGroup[],
  byUri: ReadonlyMap<string, readonly StoredImage[]>,
): StoredImage[] {
  if (byUri.size === 0) return [];
  const configurations = new Set([...nodes, ...groups].flatMap(({ boot }) => boot?.configuration ?? []));
  const uris = new Set([...configurations].flatMap(({ kernel, initrd }) => [kernel ?? [], initrd ?? []].flat()));
  return [...uris].flatMap((uri) => byUri.get(uri) ?? []);
}

/** Nodes that were written together have their token in common too: once is enough. */
function sharing(shareConfiguration: (boot: Boot) => Boot): (boot: Boot) => Boot {
  const known = new Map<string, Boot>();
  return (boot) => {
    const key = `${boot.configurationId} ${boot.referralToken}`;
    const same = known.get(key) ?? shareConfiguration(boot);
    known.set(key, same);
    return same;
  };
}
