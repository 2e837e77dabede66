import type { NodeIdentifiers } from '../../../core/component.ts';
import type { Mac } from '../../../core/identifiers/mac.ts';
import type { Tag } from '../../../core/identifiers/tag.ts';
import type { Boot, StoredGroup, StoredImage, StoredNode } from '../../../core/record.ts';
import type { Found } from '../../../ports/store.ts';
import type { Written } from '../written.ts';
import { sharedConfigurations } from './shared-configurations.ts';

/** All that scripts need of the store, in memory, by every identifier. Each change and each look is small, however many nodes there are. */
export type Records = {
  /** The MACs under which nodes are stored. */
  macs(): Iterable<Mac>;
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
  const byMac = indexed(({ mac }: StoredNode) => mac);
  const byXname = indexed(({ xname }: StoredNode) => xname);
  const byNid = indexed(({ nid }: StoredNode) => nid);
  const nodes = table([byMac, byXname, byNid]);
  const byName = indexed(({ name }: StoredGroup) => name);
  const groups = table([byName]);
  const images = new Map<string, StoredImage>();
  let imagesByUri = new Map<string, StoredImage[]>();
  const shareConfiguration = sharedConfigurations();
  /** What is gone, and since when, until nobody can take it for there. */
  const gone = new Map<string, number>();
  const isGone = ({ id, revision }: Row): boolean =>
    gone.size > 0 && revision <= (gone.get(id) ?? Number.NEGATIVE_INFINITY);

  return {
    macs: () => byMac.places.keys(),
    find(by, names) {
      const stored: StoredNode[] = [];
      for (const { macs, xnames, nids } of by) {
        look(byMac, macs, stored);
        look(byXname, xnames, stored);
        look(byNid, nids, stored);
      }
      const found = eachOnce(stored);
      const named: StoredGroup[] = [];
      look(byName, names, named);
      return {
        nodes: found,
        groups: eachOnce(named),
        images: [],
        configurationImages: imagesOf(found, named, imagesByUri),
      };
    },
    take(written, revision) {
      const hadImages = images.size > 0;
      for (const id of written.removed) {
        gone.set(id, revision);
        nodes.remove(id);
        groups.remove(id);
        images.delete(id);
      }
      const share = sharing(shareConfiguration);
      for (const node of written.nodes) {
        if (isGone(node)) continue;
        const boot = node.boot && share(node.boot);
        nodes.put(boot === node.boot ? node : { ...node, boot });
      }
      for (const group of written.groups) if (!isGone(group)) groups.put(group);
      for (const image of written.images) {
        if (!isGone(image) && image.revision >= (images.get(image.id)?.revision ?? 0)) images.set(image.id, image);
      }
      if (hadImages || images.size > 0) imagesByUri = Map.groupBy(images.values(), ({ uri }) => uri);
    },
    settle(revision) {
      for (const [id, since] of gone) if (since <= revision) gone.delete(id);
    },
  };
}

type Row = { readonly id: string; readonly revision: number };

type Key = string | number;

/** A row that keeps its keys is put in the place of the older one by one step, so that ten thousand can be at once. */
type Place<Stored> = { row: Stored };

/** Rows by a key that they may have, which belongs to one row: to the one that had it last. */
type Index<Stored, Of extends Key = Key> = {
  keyOf(row: Stored): Of | undefined;
  readonly places: Map<Of, Place<Stored>>;
};

function indexed<Stored, Of extends Key>(keyOf: (row: Stored) => Of | undefined): Index<Stored, Of> {
  return { keyOf, places: new Map() };
}

/** Rows by their ids and in indexes. */
function table<Stored extends Row>(indexes: readonly Index<Stored>[]) {
  const byId = new Map<string, Place<Stored>>();
  const add = (place: Place<Stored>): void => {
    for (const { keyOf, places } of indexes) {
      const key = keyOf(place.row);
      if (key !== undefined) places.set(key, place);
    }
  };
  const drop = (place: Place<Stored>): void => {
    for (const { keyOf, places } of indexes) {
      const key = keyOf(place.row);
      if (key !== undefined && places.get(key) === place) places.delete(key);
    }
  };
  const hasSameKeys = (row: Stored, before: Stored): boolean =>
    indexes.every(({ keyOf }) => keyOf(row) === keyOf(before));

  return {
    remove(id: string): void {
      const place = byId.get(id);
      if (place === undefined) return;
      byId.delete(id);
      drop(place);
    },
    /** Puts a row in the place of an older one of its id. */
    put(row: Stored): void {
      const place = byId.get(row.id);
      if (place === undefined) {
        const made = { row };
        byId.set(row.id, made);
        add(made);
      } else if (place.row.revision <= row.revision) {
        const isSame = hasSameKeys(row, place.row);
        if (!isSame) drop(place);
        place.row = row;
        if (!isSame) add(place);
      }
    },
  };
}

/** Adds to these the rows under any of the keys. */
function look<Stored, Of extends Key>({ places }: Index<Stored, Of>, keys: readonly Of[], found: Stored[]): void {
  // A site writes its records by one kind of identifier, as a rule: of the others there are none.
  if (places.size === 0) return;
  for (const key of keys) {
    const row = places.get(key)?.row;
    if (row !== undefined) found.push(row);
  }
}

/** A node may be found by several of its identifiers. */
function eachOnce<Stored>(found: readonly Stored[]): readonly Stored[] {
  return found.length < 2 ? found : [...new Set(found)];
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
  let last: { readonly boot: Boot; readonly shared: Boot } | undefined;
  return (boot) => {
    if (last?.boot === boot) return last.shared;
    const key = `${boot.configurationId} ${boot.referralToken}`;
    const same = known.get(key) ?? shareConfiguration(boot);
    known.set(key, same);
    last = { boot, shared: same };
    return same;
  };
}
