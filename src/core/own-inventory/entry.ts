import type { Address } from '../identifiers/address.ts';
import type { Hostname } from '../identifiers/hostname.ts';
import type { Mac } from '../identifiers/mac.ts';
import type { Nid } from '../identifiers/nid.ts';
import type { Tag } from '../identifiers/tag.ts';
import type { Xname } from '../identifiers/xname.ts';
import type { JsonObject } from '../json.ts';

/** What SMD has lists of. */
export type EntryKind = 'component' | 'interface' | 'redfish endpoint' | 'component endpoint' | 'group';

/** One thing that was added by hand. Its kind and id make it one of a kind. */
export type Entry = {
  readonly kind: EntryKind;
  /** As SMD names it: an xname, a MAC without colons, a label. */
  readonly id: string;
  /** In SMD's own words, as it is answered. */
  readonly document: JsonObject;
  /** By what nodes are found that this says something of. */
  readonly keys: EntryKeys;
};

export type EntryKeys = {
  /** The nodes that it is about: the component itself, the owner of an interface, the members of a group. */
  readonly xnames: readonly Xname[];
  readonly macs: readonly Mac[];
  readonly addresses: readonly Address[];
  readonly nids: readonly Nid[];
  /** Whole, and their first labels. */
  readonly hostnames: readonly Hostname[];
  /** Names under which its nodes may have a configuration: a group's label, a role, a sub-role and both together. */
  readonly names: readonly Tag[];
};

/** An entry as it was read. */
export type KnownEntry = Pick<Entry, 'kind' | 'id' | 'document'>;
