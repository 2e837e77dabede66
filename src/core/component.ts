import type { Address } from './identifiers/address.ts';
import type { Hostname } from './identifiers/hostname.ts';
import type { Mac } from './identifiers/mac.ts';
import type { Nid } from './identifiers/nid.ts';
import type { Tag } from './identifiers/tag.ts';
import type { Xname } from './identifiers/xname.ts';

/** One node as the inventory knows it now. */
export type Component = {
  readonly xname?: Xname | undefined;
  readonly nid?: Nid | undefined;
  /** In the inventory's order, without repeats. */
  readonly macs: readonly Mac[];
  readonly addresses: readonly Address[];
  readonly role?: string | undefined;
  readonly subRole?: string | undefined;
  readonly groups: readonly Tag[];
  /** False when the component or its Redfish endpoint is disabled; what is not said counts as enabled. */
  readonly enabled: boolean;
  readonly fqdn?: Hostname | undefined;
  /** What the inventory's source says besides, in SMD's words; shown and not used. */
  readonly details: ComponentDetails;
};

/** What is left out was not said. */
export type ComponentDetails = {
  readonly Type?: string | undefined;
  readonly State?: string | undefined;
  readonly Flag?: string | undefined;
  readonly Enabled?: boolean | undefined;
  readonly SoftwareStatus?: string | undefined;
  readonly Subtype?: string | undefined;
  readonly NetType?: string | undefined;
  readonly Arch?: string | undefined;
  readonly Class?: string | undefined;
  readonly Locked?: boolean | undefined;
  /** Of the Redfish endpoint, not of the component. */
  readonly EndpointEnabled?: boolean | undefined;
};

/** The one identifier by which somebody asks for a node. */
export type NodeKey =
  | { readonly kind: 'mac'; readonly mac: Mac }
  | { readonly kind: 'xname'; readonly xname: Xname }
  | { readonly kind: 'nid'; readonly nid: Nid }
  | { readonly kind: 'hostname'; readonly hostname: Hostname };

/** The address that a node asks from; nothing is stored under one. */
export type AddressKey = { readonly kind: 'address'; readonly address: Address };

/** Identifiers of one node or of many, by kind. */
export type NodeIdentifiers = {
  readonly xnames: readonly Xname[];
  readonly macs: readonly Mac[];
  readonly nids: readonly Nid[];
};

const NONE: readonly never[] = [];

/** The name by which a component is listed: its xname, else its first MAC, else its NID. */
export function componentName({ xname, macs, nid }: Component): string {
  return xname ?? macs[0] ?? `nid${nid}`;
}

/** All identifiers under which a component may be stored. */
export function identifiersOf(component: Component): NodeIdentifiers {
  return {
    xnames: component.xname === undefined ? NONE : [component.xname],
    macs: component.macs,
    nids: component.nid === undefined ? NONE : [component.nid],
  };
}

/** An identifier taken literally, without an inventory; under a host name or an address nothing is stored. */
export function literalIdentifiers(key: NodeKey | AddressKey): NodeIdentifiers {
  return {
    xnames: key.kind === 'xname' ? [key.xname] : NONE,
    macs: key.kind === 'mac' ? [key.mac] : NONE,
    nids: key.kind === 'nid' ? [key.nid] : NONE,
  };
}
