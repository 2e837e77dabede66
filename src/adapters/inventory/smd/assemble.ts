import type { Component } from '../../../core/component.ts';
import { type Mac, parseInventoryMac } from '../../../core/identifiers/mac.ts';
import { parseXname, type Xname } from '../../../core/identifiers/xname.ts';
import { sharedValues } from '../shared-values.ts';
import {
  endpointMacs,
  interfaceAddresses,
  type SmdComponent,
  type SmdEndpoint,
  type SmdInterface,
  type SmdMembership,
} from './answers.ts';
import { toComponent } from './to-component.ts';

/** The lists that SMD gives whole, in the order in which they are read. */
export const LIST_NAMES = ['components', 'interfaces', 'endpoints', 'memberships'] as const;
export type SmdListName = (typeof LIST_NAMES)[number];

type Said = Omit<SmdComponent, 'ID' | 'NID'>;
type Endpoint = Pick<SmdEndpoint, 'Enabled' | 'FQDN'> & { readonly macs: readonly string[] };

/** What the lists tell of one node. There may be a hundred thousand: what many say alike is there once. */
type Parts = {
  nid: SmdComponent['NID'];
  said: Said | undefined;
  macs: readonly string[];
  addresses: readonly string[];
  endpoint: Endpoint | undefined;
  groups: readonly string[];
};

const NONE: readonly string[] = [];

/** SMD's lists on their way to be one, each entry by itself. What is of no node is left out. */
export type Assembly = {
  /** Forgets all of a list. */
  clear(name: SmdListName): void;
  /** Of two components with one xname the first counts. */
  addComponent(component: SmdComponent): void;
  addInterface(one: SmdInterface): void;
  addEndpoint(endpoint: SmdEndpoint): void;
  addMembership(membership: SmdMembership): void;
  /** The nodes that have a component, in the order of those. */
  xnames(): Iterable<Xname>;
  /** Lets go what is only needed while nodes are made. */
  rest(): void;
  /** A node with its MACs, addresses, endpoint and groups. */
  make(xname: Xname): (Component & { readonly xname: Xname }) | undefined;
};

export function createAssembly(): Assembly {
  const nodes = new Map<Xname, Parts>();
  const said = sharedValues<Said>();
  const groups = sharedValues<readonly string[]>();
  /** Whose a MAC is by the list of interfaces; made when an endpoint tells of one. */
  let owners: Map<Mac, Xname> | undefined;

  function partsOf(name: string): Parts | undefined {
    const xname = parseXname(name);
    if (xname === undefined) return undefined;
    const known = nodes.get(xname);
    if (known !== undefined) return known;
    const parts: Parts = {
      nid: undefined,
      said: undefined,
      macs: NONE,
      addresses: NONE,
      endpoint: undefined,
      groups: NONE,
    };
    nodes.set(xname, parts);
    return parts;
  }

  function ownerOf(mac: string): Xname | undefined {
    owners ??= ownersIn(nodes);
    const parsed = parseInventoryMac(mac);
    return parsed && owners.get(parsed);
  }

  return {
    clear(name) {
      if (name === 'interfaces') owners = undefined;
      for (const [xname, parts] of nodes) {
        Object.assign(parts, EMPTY[name]);
        const { said, macs, endpoint, groups } = parts;
        if (said === undefined && endpoint === undefined && macs === NONE && groups === NONE) nodes.delete(xname);
      }
    },
    addComponent({ ID, NID, ...rest }) {
      const parts = partsOf(ID);
      if (parts === undefined || parts.said !== undefined) return;
      parts.nid = NID;
      parts.said = said(rest);
    },
    addInterface(one) {
      const parts = partsOf(one.ComponentID ?? '');
      if (parts === undefined) return;
      // What `concat` makes has no room for more, as spreading would leave it.
      parts.macs = parts.macs.concat(one.MACAddress ?? '');
      parts.addresses = parts.addresses.concat(interfaceAddresses(one));
      owners = undefined;
    },
    addEndpoint(endpoint) {
      const { ID, Enabled, FQDN } = endpoint;
      const parts = partsOf(ID);
      if (parts === undefined) return;
      const macs = endpointMacs(endpoint);
      // As a rule its interfaces have the same: then they are there once.
      parts.endpoint = { Enabled, FQDN, macs: areSame(macs, parts.macs) ? parts.macs : macs };
    },
    addMembership({ id, groupLabels }) {
      const parts = partsOf(id);
      if (parts !== undefined) parts.groups = groupLabels?.length ? groups(groupLabels) : NONE;
    },
    *xnames() {
      for (const [xname, { said }] of nodes) if (said !== undefined) yield xname;
    },
    rest() {
      owners = undefined;
    },
    make(xname) {
      const parts = nodes.get(xname);
      if (parts?.said === undefined) return undefined;
      // An endpoint may still tell of a MAC that has moved: the interface list knows better.
      const also = (parts.endpoint?.macs ?? NONE).filter((mac) => (ownerOf(mac) ?? xname) === xname);
      const made = toComponent({
        component: { ...parts.said, ID: xname, NID: parts.nid },
        macs: [...parts.macs, ...also],
        addresses: parts.addresses,
        groups: parts.groups,
        endpointEnabled: parts.endpoint?.Enabled,
        fqdn: parts.endpoint?.FQDN,
      });
      return made && { ...made, xname };
    },
  };
}

function areSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((entry, at) => entry === other[at]);
}

function ownersIn(nodes: ReadonlyMap<Xname, Parts>): Map<Mac, Xname> {
  const owners = new Map<Mac, Xname>();
  for (const [xname, { macs }] of nodes) {
    for (const mac of macs) {
      const parsed = parseInventoryMac(mac);
      if (parsed !== undefined) owners.set(parsed, xname);
    }
  }
  return owners;
}

/** What is left of a node without a list. */
const EMPTY: Record<SmdListName, Partial<Parts>> = {
  components: { nid: undefined, said: undefined },
  interfaces: { macs: NONE, addresses: NONE },
  endpoints: { endpoint: undefined },
  memberships: { groups: NONE },
};

/** SMD's lists as one: every node with its MACs, addresses, endpoint and groups. What it does not give is `undefined`. */
export function assemble(lists: {
  readonly components: readonly SmdComponent[];
  readonly interfaces: readonly SmdInterface[];
  readonly endpoints: readonly SmdEndpoint[] | undefined;
  readonly memberships: readonly SmdMembership[] | undefined;
}): Component[] {
  const assembly = createAssembly();
  lists.components.forEach(assembly.addComponent);
  lists.interfaces.forEach(assembly.addInterface);
  lists.endpoints?.forEach(assembly.addEndpoint);
  lists.memberships?.forEach(assembly.addMembership);
  return [...assembly.xnames()].flatMap((xname) => assembly.make(xname) ?? []);
}
