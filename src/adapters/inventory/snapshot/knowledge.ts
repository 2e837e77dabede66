import type { AddressKey, Component, NodeKey } from '../../../core/component.ts';
import type { Mac } from '../../../core/identifiers/mac.ts';
import type { Xname } from '../../../core/identifiers/xname.ts';
import type { Listing, Sighting } from '../../../ports/inventory.ts';
import type { KnownNames, NodeChange } from './change-teller.ts';
import { createSnapshot, type NamedComponent } from './snapshot.ts';

/** What is known of all nodes, and since when. Times are of the performance clock and say when something was asked for. */
export type Knowledge = {
  /** A node as it was last heard of, with its age when that is more than is allowed. */
  recall(key: NodeKey | AddressKey): Sighting | undefined;
  list(): Listing;
  /** Counts up with each change but of details; `undefined` while some of what is known is older than allowed. */
  edition(): number | undefined;
  /** The MACs of all nodes. */
  macs(): Iterable<Mac>;
  /** Whether all of the source was read no longer ago than so many times what is allowed: who is not known was not there then. */
  isYoung(times?: number): boolean;
  /** Whether anything was ever heard of the whole, be it from what was kept. */
  isLoaded(): boolean;
  /** Seconds since the whole was last heard of; of what was kept, since the oldest of that. */
  age(): number;
  /** How many nodes are known. */
  size(): number;
  /** Takes in what was heard of one node. */
  note(xname: Xname, component: Component | undefined, at: number): void;
  /** All that was kept of the source has been noted, and that was not nothing. */
  restored(): void;
  /** What a reading of the whole source has to know. */
  before(): KnownNames;
  /** Takes in a part of a reading that was begun at a time. What was heard of a node since then stands. */
  take(changes: readonly NodeChange[], at: number): void;
  /** All parts of a reading, which was begun at a time, have been taken in. */
  taken(at: number): void;
};

/**
 * Knowledge of nothing yet. `onChange` is told of every node that is taken in, `undefined` for one that is gone, and when
 * that was asked for.
 */
export function createKnowledge(
  maxAgeMs: number,
  onChange: (xname: Xname, component: NamedComponent | undefined, at: number) => void = () => {},
): Knowledge {
  const snapshot = createSnapshot();
  /** When a node was heard of by itself, since the last reading or before the first, or in the reading under way. */
  let heard = new Map<Xname, number>();
  let edition = 0;
  let readAt = Number.NEGATIVE_INFINITY;
  /** Of what is known before the first reading. */
  let restoredAt: number | undefined;

  const heardAt = (xname: Xname): number => heard.get(xname) ?? readAt;

  function set(xname: Xname, component: Component | undefined, at: number, isNewer: boolean): void {
    const before = snapshot.find({ kind: 'xname', xname });
    if (component === undefined) snapshot.remove(xname);
    const now = component && snapshot.put({ ...component, xname }, isNewer);
    if (!isAlike(before, now)) edition += 1;
    onChange(xname, now, at);
  }

  const wholeAt = (): number => (readAt === Number.NEGATIVE_INFINITY ? (restoredAt ?? oldest()) : readAt);

  function isYoung(times = 1): boolean {
    return performance.now() - readAt <= times * maxAgeMs;
  }

  function ageSince(at: number): number | undefined {
    const age = performance.now() - at;
    return age > maxAgeMs ? Math.floor(age / 1000) : undefined;
  }

  return {
    recall(key) {
      const component = snapshot.find(key);
      if (component === undefined) return undefined;
      const age = ageSince(heardAt(component.xname));
      return age === undefined ? { component } : { component, age };
    },
    // Whoever was heard of by itself was heard of later.
    edition: () => (isYoung() ? edition : undefined),
    macs: snapshot.macs,
    list: () => ({ components: snapshot.all(), age: ageSince(wholeAt()) }),
    isYoung,
    isLoaded: () => readAt > Number.NEGATIVE_INFINITY || restoredAt !== undefined,
    age: () => Math.floor((performance.now() - wholeAt()) / 1000),
    size: () => snapshot.counts().nodes,
    note(xname, component, at) {
      if (at < Math.max(readAt, heardAt(xname))) return;
      heard.set(xname, at);
      // What was kept is put before the first reading: that comes in the order of the source.
      set(xname, component, at, readAt > Number.NEGATIVE_INFINITY);
    },
    restored() {
      restoredAt = oldest();
    },
    before: () => ({ counts: snapshot.counts(), again: [...heard.keys()], xnames: snapshot.xnames }),
    take(changes, at) {
      for (const { xname, component } of changes) {
        if ((heard.get(xname) ?? at) > at) continue;
        // Until the reading is through: what was kept may be noted meanwhile, and is older.
        heard.set(xname, at);
        set(xname, component, at, false);
      }
    },
    taken(at) {
      readAt = at;
      const since = new Map<Xname, number>();
      for (const [xname, when] of heard) if (when !== at) since.set(xname, when);
      heard = since;
    },
  };

  function oldest(): number {
    return [...heard.values()].reduce((before, at) => Math.min(before, at), performance.now());
  }
}

/** All that a node is known by and boots by: all but its name, and its details. */
const PARTS = Object.keys({
  nid: true,
  macs: true,
  addresses: true,
  role: true,
  subRole: true,
  groups: true,
  enabled: true,
  fqdn: true,
} satisfies Record<BootPart, true>) as BootPart[];

type BootPart = Exclude<keyof NamedComponent, 'xname' | 'details'>;

/** Whether a node boots as before. Details are what changes most: each node that is switched on changes its state some times. */
function isAlike(before: NamedComponent | undefined, now: NamedComponent | undefined): boolean {
  return PARTS.every((part) => before?.[part] === now?.[part]);
}
