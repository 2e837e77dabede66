import type { Plan } from '../core/changes/planned.ts';
import type { AddressKey, Component, NodeIdentifiers, NodeKey } from '../core/component.ts';
import type { ConfigurationMatch } from '../core/configuration.ts';
import type { Mac } from '../core/identifiers/mac.ts';
import type { Tag } from '../core/identifiers/tag.ts';
import type { Xname } from '../core/identifiers/xname.ts';
import type { ImageKey, StoredGroup, StoredImage, StoredNode } from '../core/record.ts';
import type { Soon } from '../core/soon.ts';
import type { Readiness } from './readiness.ts';

/** What to look up: whatever any of the parts names. */
export type Wanted = {
  /** Nodes stored under any of these identifiers. */
  readonly nodes?: NodeIdentifiers;
  /** Nodes that the inventory took for these when they were written. */
  readonly takenFor?: readonly Xname[];
  /**
   * Nodes that were added to the service's own inventory, and with each of them what is stored under any of its identifiers
   * and names.
   */
  readonly own?: readonly (NodeKey | AddressKey)[];
  /** Named groups. */
  readonly names?: readonly Tag[];
  /** Image parameters. */
  readonly images?: readonly ImageKey[];
  /** Nodes and named groups by their configuration, and image parameters likewise. */
  readonly matching?: ConfigurationMatch;
};

export type Found = {
  readonly nodes: readonly StoredNode[];
  readonly groups: readonly StoredGroup[];
  /** Those that were asked for. */
  readonly images: readonly StoredImage[];
  /** Those that go with the configurations of what was found. */
  readonly configurationImages: readonly StoredImage[];
  /** Of the service's own inventory, what was asked for. */
  readonly components?: readonly Component[] | undefined;
  /** When that was so, in seconds by the store's own clock: a change that is worked out from it has to come soon. */
  readonly asOf?: number | undefined;
  /** Seconds since this was known to be so, of what is answered while the store is away. */
  readonly age?: number | undefined;
};

export type ImageWrite = ImageKey & { readonly params: string };

/** A change, and what it was worked out from. Configurations and nameless groups follow by themselves. */
export type Change = Plan & {
  readonly basis: { readonly wanted: Wanted; readonly found: Found };
  readonly images: readonly ImageWrite[];
  /** Ids. */
  readonly removeImages: readonly string[];
};

/**
 * Where boot records are kept. Every method throws a `ServiceError` of code `unavailable` when the store cannot be
 * reached, and answers emptiness only when it looked.
 */
export interface Store {
  /** One query. */
  find(wanted: Wanted): Promise<Found>;
  /**
   * The same for who only looks, by identifiers and names: what is found may hold more than was wanted, for others may have
   * asked with it; and while the store is away, it may be what was known last, with its `age`.
   */
  look(wanted: Pick<Wanted, 'nodes' | 'own' | 'names'>): Soon<Found>;
  /**
   * Which edition of the records is in memory: as long as this stays the same, `look` answers what it has answered from there.
   * `undefined` while those are not to be relied on; missing where nothing is kept.
   */
  edition?(): number | undefined;
  /** The MACs under which nodes are stored, or were added by hand, as far as that is in memory; missing where nothing is kept. */
  macs?(): Iterable<Mac>;
  /**
   * What `find` would answer, as far as that is known without asking; it may have changed a moment ago. Enough to work a
   * change out from, since `apply` would tell. `undefined` when it must be asked for; missing where nothing is known.
   */
  recall?(wanted: Wanted): Found | undefined;
  /** Everything, as of one moment: one query. */
  list(): Promise<Found>;
  /**
   * Applies a change as one atomic write, one after the other with all other writes. `false` when what was found has
   * changed in the meantime, or is too long ago: nothing was done, and the change must be worked out anew.
   */
  apply(change: Change): Promise<boolean>;
  /**
   * Does what a write does, from reading on, when no earlier one of this process that wants any of the same is under way.
   * Missing where requests may not wait for each other.
   */
  inTurn?<Result>(wanted: Wanted, write: () => Promise<Result>): Promise<Result>;
  /** Asks the store for nothing, to see whether it is there. */
  check(): Promise<void>;
  /**
   * Whether a node that has a record would get its script now; what is known from before the store went away counts. Never
   * fails. Probes ask every second and from many places: where memory cannot tell, the store is asked at most once a second.
   */
  readiness(): Promise<Readiness>;
}
