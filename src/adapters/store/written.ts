import type { StoredGroup, StoredImage, StoredNode } from '../../core/record.ts';

/** What a write has left, or what others have written: rows as they are since a revision, and the ids of those that are gone. */
export type Written = {
  readonly nodes: readonly StoredNode[];
  readonly groups: readonly StoredGroup[];
  readonly images: readonly StoredImage[];
  readonly removed: readonly string[];
};

/** Who is told of each write of this process, in the same tick in which it is acknowledged. */
export type OnWritten = (revision: number, written: Written) => void;
