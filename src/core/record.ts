import type { NodeIdentifiers } from './component.ts';
import type { BootConfiguration } from './configuration.ts';
import type { Dialect } from './dialect.ts';
import type { Mac } from './identifiers/mac.ts';
import type { Nid } from './identifiers/nid.ts';
import type { Tag } from './identifiers/tag.ts';
import type { Xname } from './identifiers/xname.ts';
import type { PhoneHome } from './phone-home.ts';

/** A node as it is stored: under the identifiers that it was first written by, with its own configuration if it has one. */
export type StoredNode = {
  readonly id: string;
  /** The revision of the store that last wrote this node. */
  readonly revision: number;
  /** When it was first stored, in seconds of Unix time. */
  readonly createdAt: number;
  readonly xname?: Xname | undefined;
  readonly mac?: Mac | undefined;
  readonly nid?: Nid | undefined;
  /** The xname that the inventory gave for it when it was last written. */
  readonly resolved?: Xname | undefined;
  readonly phoneHome?: PhoneHome | undefined;
  /** Absent for a node that only phoned home. */
  readonly boot?: Boot | undefined;
};

/** A boot group with a name: a tag, or a group of the inventory. */
export type StoredGroup = {
  readonly id: string;
  readonly revision: number;
  readonly name: Tag;
  /** Orders groups, higher first. */
  readonly priority: number;
  readonly boot: Boot;
};

/** What a record says about booting. */
export type Boot = {
  readonly configurationId: string;
  readonly configuration: BootConfiguration;
  readonly referralToken?: string | undefined;
};

/** Parameters that go with a kernel or an initrd, on every node that boots it. */
export type StoredImage = ImageKey & { readonly id: string; readonly revision: number; readonly params: string };
export type ImageKey = { readonly kind: 'kernel' | 'initrd'; readonly uri: string };

/** The identifiers that a record is answered under: those of its nodes, and the tags among the hosts. */
export type RecordIdentifiers = {
  readonly hosts: readonly (Xname | Tag)[];
  readonly macs: readonly Mac[];
  readonly nids: readonly Nid[];
};

/** A record as the API shows it. */
export type BootRecord = RecordIdentifiers & {
  readonly configuration: BootConfiguration;
  readonly priority: number;
  readonly phoneHome?: PhoneHome | undefined;
};

/**
 * The one identifier that a stored node is answered under: the xname, else the MAC, else the NID; in `csm` the xname
 * that the inventory knows it by before all else.
 */
export function shownIdentifiers(
  node: Pick<StoredNode, 'xname' | 'mac' | 'nid' | 'resolved'>,
  dialect: Dialect,
): NodeIdentifiers {
  const xname = node.xname ?? (dialect === 'csm' ? node.resolved : undefined);
  if (xname !== undefined) return { xnames: [xname], macs: [], nids: [] };
  if (node.mac !== undefined) return { xnames: [], macs: [node.mac], nids: [] };
  return { xnames: [], macs: [], nids: node.nid === undefined ? [] : [node.nid] };
}
