import type { Component } from '../core/component.ts';
import type { Address } from '../core/identifiers/address.ts';
import type { Nid } from '../core/identifiers/nid.ts';
import type { Xname } from '../core/identifiers/xname.ts';
import type { Entry, EntryKind } from '../core/own-inventory/entry.ts';

/** An entry as it is kept; each write of it gives it another revision. */
export type StoredEntry = Pick<Entry, 'kind' | 'id' | 'document'> & { readonly revision: number };

/** Entries of one kind: all, or those with any of these ids, or those that say something of any of the others. */
export type EntryFilter = {
  readonly kind: EntryKind;
  readonly ids?: readonly string[];
  readonly xnames?: readonly Xname[];
  readonly addresses?: readonly Address[];
  readonly nids?: readonly Nid[];
};

export type FoundEntries = {
  /** In the order of their kinds and ids. */
  readonly entries: readonly StoredEntry[];
  /** When that was so, in seconds by the store's own clock: a change that is worked out from it has to come soon. */
  readonly asOf: number;
};

/** A change, and what it was worked out from. */
export type EntryChange = {
  readonly basis: { readonly filters: readonly EntryFilter[]; readonly found: FoundEntries };
  readonly put: readonly Entry[];
  readonly remove: readonly Pick<Entry, 'kind' | 'id'>[];
};

/**
 * The inventory of a site without SMD, kept with the records: what was added by hand. Every method throws a
 * `ServiceError` of code `unavailable` when it cannot be reached.
 */
export interface OwnInventory {
  /** What any of the filters finds: one query. */
  read(filters: readonly EntryFilter[]): Promise<FoundEntries>;
  /**
   * Applies a change as one atomic write, one after the other with all other writes; `false` when the filters would find
   * something else by now, or what they found is too long ago: nothing was done.
   */
  apply(change: EntryChange): Promise<boolean>;
  /** As the store's, for entries that the filters find. */
  inTurn?<Result>(filters: readonly EntryFilter[], write: () => Promise<Result>): Promise<Result>;
  /** All nodes that were added, put together from their entries, in the order of their xnames: one query. */
  components(): Promise<readonly Component[]>;
}
