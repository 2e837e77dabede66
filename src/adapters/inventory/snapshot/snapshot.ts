import type { AddressKey, Component, ComponentDetails, NodeKey } from '../../../core/component.ts';
import { parseHostname } from '../../../core/identifiers/hostname.ts';
import type { Mac } from '../../../core/identifiers/mac.ts';
import type { Tag } from '../../../core/identifiers/tag.ts';
import type { Xname } from '../../../core/identifiers/xname.ts';
import { sharedValues } from '../shared-values.ts';

/** A component that can be told from others: what the sources of a snapshot have. */
export type NamedComponent = Component & { readonly xname: Xname };

/** How many nodes there are, and of how many of them there is something without which they boot otherwise or not at all. */
export type Counts = {
  readonly nodes: number;
  /** With a MAC. */
  readonly reachable: number;
  /** In a group. */
  readonly grouped: number;
  /** With something that only an endpoint tells. */
  readonly endpoints: number;
};

export const NO_NODES: Counts = { nodes: 0, reachable: 0, grouped: 0, endpoints: 0 };

/** What one node adds to the counts. */
export function countsOf({ macs, groups, fqdn, details }: Component): Counts {
  return {
    nodes: 1,
    reachable: Number(macs.length > 0),
    grouped: Number(groups.length > 0),
    endpoints: Number(fqdn !== undefined || details.EndpointEnabled !== undefined),
  };
}

/** Counts and those of others, `times` over. */
export function plus(counts: Counts, others: Counts, times = 1): Counts {
  return {
    nodes: counts.nodes + times * others.nodes,
    reachable: counts.reachable + times * others.reachable,
    grouped: counts.grouped + times * others.grouped,
    endpoints: counts.endpoints + times * others.endpoints,
  };
}

/** All components in memory, by every identifier. Each change of one node is small, however many there are. */
export type Snapshot = {
  find(key: NodeKey | AddressKey): NamedComponent | undefined;
  /**
   * Adds a component, or puts it in the place of the one with its xname; answers it as it is kept. With `isNewer` it was
   * heard of later than all others: what it has now, another one had before.
   */
  put(component: NamedComponent, isNewer?: boolean): NamedComponent;
  remove(xname: Xname): void;
  /** In the order in which they came. */
  all(): NamedComponent[];
  /** The MACs of all components, also while some are put or removed. */
  macs(): Iterable<Mac>;
  counts(): Counts;
  xnames(): Xname[];
};

/** Which components claim an identifier, by their places: the first has it, which is the one that came first. */
type Claims<Key> = Map<Key, number | readonly number[]>;

/** An empty snapshot. */
export function createSnapshot(): Snapshot {
  const components: (NamedComponent | undefined)[] = [];
  const places = new Map<Xname, number>();
  const byIdentifier: Claims<string | number> = new Map();
  // Apart, since an address is a host name too by its looks.
  const byHostname: Claims<string> = new Map();
  const shared = {
    roles: sharedValues<string>(),
    groups: sharedValues<readonly Tag[]>(),
    details: sharedValues<ComponentDetails>(),
  };
  let counts = NO_NODES;

  function replace(place: number, next: NamedComponent | undefined, isNewer = false): void {
    const before = components[place];
    components[place] = next;
    if (!haveSameNames(before, next)) {
      const [old, now] = [namesOf(before), namesOf(next)];
      for (const name of now.identifiers) if (!old.identifiers.has(name)) claim(byIdentifier, name, place, isNewer);
      for (const name of now.hostnames) if (!old.hostnames.has(name)) claim(byHostname, name, place, isNewer);
      for (const name of old.identifiers) if (!now.identifiers.has(name)) release(byIdentifier, name, place);
      for (const name of old.hostnames) if (!now.hostnames.has(name)) release(byHostname, name, place);
    }
    if (next !== undefined) counts = plus(counts, countsOf(next));
    if (before !== undefined) counts = plus(counts, countsOf(before), -1);
  }

  function holder<Key>(claims: Claims<Key>, key: Key): NamedComponent | undefined {
    const place = claims.get(key);
    const first = typeof place === 'number' ? place : place?.[0];
    return first === undefined ? undefined : components[first];
  }

  return {
    find(key) {
      switch (key.kind) {
        case 'xname': {
          const place = places.get(key.xname);
          return place === undefined ? undefined : components[place];
        }
        case 'mac':
          return holder(byIdentifier, key.mac);
        case 'nid':
          return holder(byIdentifier, key.nid);
        case 'address':
          return holder(byIdentifier, key.address);
        case 'hostname':
          return holder(byHostname, key.hostname);
      }
    },
    put(component, isNewer) {
      const place = places.get(component.xname) ?? components.length;
      const before = components[place];
      const { nid, macs, addresses, role, subRole, groups, enabled, fqdn, details } = component;
      // Most changes are of a state. What is long lived and stays the same stays where it is: it need not be collected.
      const kept = {
        xname: before?.xname ?? component.xname,
        nid,
        macs: sameOr(before?.macs, macs),
        addresses: sameOr(before?.addresses, addresses),
        role: role && shared.roles(role),
        subRole: subRole && shared.roles(subRole),
        groups: shared.groups(groups),
        enabled,
        fqdn: before?.fqdn === fqdn ? before?.fqdn : fqdn,
        details: shared.details(details),
      };
      places.set(kept.xname, place);
      replace(place, kept, isNewer);
      return kept;
    },
    remove(xname) {
      const place = places.get(xname);
      if (place === undefined) return;
      replace(place, undefined);
      places.delete(xname);
    },
    all: () => components.filter((component) => component !== undefined),
    *macs() {
      for (const component of components) yield* component?.macs ?? [];
    },
    counts: () => counts,
    xnames: () => [...places.keys()],
  };
}

const NONE: readonly never[] = [];

/** The list that was there, when this is the same. */
function sameOr<Entry>(before: readonly Entry[] | undefined, now: readonly Entry[]): readonly Entry[] {
  if (now.length === 0) return NONE;
  return before?.length === now.length && before.every((entry, at) => entry === now[at]) ? before : now;
}

function haveSameNames(before: NamedComponent | undefined, now: NamedComponent | undefined): boolean {
  return (
    before?.nid === now?.nid &&
    before?.macs === now?.macs &&
    before?.addresses === now?.addresses &&
    before?.fqdn === now?.fqdn
  );
}

/** All that a component is asked for by, but its xname. */
function namesOf(component: NamedComponent | undefined): {
  readonly identifiers: ReadonlySet<string | number>;
  readonly hostnames: ReadonlySet<string>;
} {
  if (component === undefined) return { identifiers: new Set(), hostnames: new Set() };
  const { nid, macs, addresses, fqdn } = component;
  const label = parseHostname(fqdn?.split('.')[0] ?? '');
  return {
    identifiers: new Set([...macs, ...addresses, ...(nid === undefined ? [] : [nid])]),
    hostnames: new Set([fqdn, label].filter((name) => name !== undefined)),
  };
}

function claim<Key>(claims: Claims<Key>, key: Key, place: number, isNewer: boolean): void {
  const others = claims.get(key);
  if (others === undefined) claims.set(key, place);
  else if (isNewer) claims.set(key, [place, ...[others].flat()]);
  else claims.set(key, inOrder([...[others].flat(), place]));
}

function inOrder(places: readonly number[]): number[] {
  return places.toSorted((a, b) => a - b);
}

function release<Key>(claims: Claims<Key>, key: Key, place: number): void {
  const left = [claims.get(key) ?? []].flat().filter((other) => other !== place);
  const [only] = left;
  if (only === undefined) claims.delete(key);
  else claims.set(key, left.length === 1 ? only : left);
}
