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
  readonly role?: string | undefined;
  readonly subRole?: string | undefined;
  readonly groups: readonly Tag[];
  /** False when the component or its Redfish endpoint is disabled; what is not said counts as enabled. */
  readonly enabled: boolean;
  readonly fqdn?: Hostname | undefined;
};

/** The one identifier by which somebody asks for a node. */
export type NodeKey =
  | { readonly kind: 'mac'; readonly mac: Mac }
  | { readonly kind: 'xname'; readonly xname: Xname }
  | { readonly kind: 'nid'; readonly nid: Nid }
  | { readonly kind: 'hostname'; readonly hostname: Hostname };

/** Identifiers of one node or of many, by kind. */
export type NodeIdentifiers = {
  readonly xnames: readonly Xname[];
  readonly macs: readonly Mac[];
  readonly nids: readonly Nid[];
};

/** All identifiers under which a component may be stored. */
export function identifiersOf(component: Component): NodeIdentifiers {
  return {
    xnames: component.xname === undefined ? [] : [component.xname],
    macs: component.macs,
    nids: component.nid === undefined ? [] : [component.nid],
  };
}

/** An identifier taken literally, without an inventory. */
export function literalIdentifiers(key: NodeKey): NodeIdentifiers {
  return {
    xnames: key.kind === 'xname' ? [key.xname] : [],
    macs: key.kind === 'mac' ? [key.mac] : [],
    nids: key.kind === 'nid' ? [key.nid] : [],
  };
}
