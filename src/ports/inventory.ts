import type { AddressKey, Component, NodeKey } from '../core/component.ts';
import type { Mac } from '../core/identifiers/mac.ts';
import type { Xname } from '../core/identifiers/xname.ts';
import type { Soon } from '../core/soon.ts';
import type { Readiness } from './readiness.ts';

/** A component, as its inventory last saw it. */
export type Sighting = {
  readonly component: Component;
  /** Seconds since then, when that is longer than the inventory's allowed age: its source is away. */
  readonly age?: number | undefined;
};

/** All components, with the age of what is known of them as a sighting has it. */
export type Listing = {
  readonly components: readonly Component[];
  readonly age?: number | undefined;
};

/**
 * What is known of the site's nodes, from SMD or a file. Every method throws a `ServiceError` of code `unavailable` when
 * it could not look; what was known once is then answered with its age.
 */
export interface Inventory {
  /** The component that has this identifier or address; `undefined` when the inventory does not know it. */
  find(key: NodeKey | AddressKey): Soon<Sighting | undefined>;
  /**
   * Which edition of its knowledge is in memory: as long as this stays the same, `find` answers what it has answered from
   * there, but for details. `undefined` while some of it is older than allowed; missing where nothing is kept.
   */
  edition?(): number | undefined;
  /** The MACs of all nodes that are in memory; missing where nothing is kept. */
  macs?(): Iterable<Mac>;
  /** `find` for many keys at once, in their order, at the cost of a few requests in all. */
  findAll(keys: readonly NodeKey[]): Promise<(Sighting | undefined)[]>;
  /** All components, in the order of the source. */
  list(): Promise<Listing>;
  /**
   * Looks again, for some nodes only when they are named: what is answered of them from now on was asked of the source
   * after this was called. Of those that it does not know nothing is said.
   */
  refresh(xnames?: readonly Xname[]): Promise<void>;
  /** Whether its source is there and answers sense; throws `unavailable` when not. */
  check(): Promise<void>;
  /**
   * Whether a node that the source knows would be found now; what is known from before that went away counts. Never fails.
   * Probes ask every second and from many places: where memory cannot tell, the source is asked at most once a second.
   */
  readiness(): Promise<Readiness>;
}
