import type { BootConfiguration } from '../configuration.ts';
import type { Dialect } from '../dialect.ts';
import type { Mac } from '../identifiers/mac.ts';
import type { Nid } from '../identifiers/nid.ts';
import type { Tag } from '../identifiers/tag.ts';
import type { Xname } from '../identifiers/xname.ts';
import type { PhoneHome } from '../phone-home.ts';
import type { BootRecord, StoredGroup, StoredNode } from '../record.ts';
import { shownIdentifiers } from '../record.ts';
import { type NodeTarget, nameOf } from '../target.ts';

/** A node as it is to be: under a new `id`, or in place of what is stored under a known one. */
export type NodeWrite = {
  readonly id: string;
  readonly xname?: Xname | undefined;
  readonly mac?: Mac | undefined;
  readonly nid?: Nid | undefined;
  readonly resolved?: Xname | undefined;
  readonly phoneHome?: PhoneHome | undefined;
  /** Absent for a node that only phoned home. */
  readonly configuration?: BootConfiguration | undefined;
  readonly referralToken?: string | undefined;
};

/** A named group as it is to be. */
export type GroupWrite = {
  readonly id: string;
  readonly name: Tag;
  readonly priority: number;
  readonly configuration: BootConfiguration;
  readonly referralToken?: string | undefined;
};

/** What is stored of all that a request names. */
export type Stored = {
  /** For each target, in order, the stored nodes that it stands for. */
  readonly nodesOf: readonly (readonly StoredNode[])[];
  readonly groups: readonly StoredGroup[];
};

/** What a request comes to, given what is stored. */
export type Plan = {
  readonly nodes: readonly NodeWrite[];
  readonly groups: readonly GroupWrite[];
  readonly removeNodes: readonly string[];
  readonly removeGroups: readonly string[];
};

/** What a plan is made of. Ids and the token are made outside, so that a plan is a pure function. */
export type Makings = { readonly newId: () => string; readonly referralToken: string };

/** The record that answers a write: the identifiers of the request as they are stored, and the configuration. */
export function recordOf(
  plan: Pick<Plan, 'nodes' | 'groups'>,
  configuration: BootConfiguration,
  dialect: Dialect,
): BootRecord {
  const shown = plan.nodes.map((node) => shownIdentifiers(node, dialect));
  const [group, ...otherGroups] = plan.groups;
  return {
    hosts: [...shown.flatMap(({ xnames }) => xnames), ...plan.groups.map(({ name }) => name)],
    macs: shown.flatMap(({ macs }) => macs),
    nids: shown.flatMap(({ nids }) => nids),
    configuration,
    priority: plan.nodes.length === 0 && otherGroups.length === 0 ? (group?.priority ?? 0) : 0,
    phoneHome: plan.nodes.length === 1 ? plan.nodes[0]?.phoneHome : undefined,
  };
}

/** The named groups that a request names, by name. */
export function groupsByName(groups: readonly StoredGroup[]): ReadonlyMap<Tag, StoredGroup> {
  return new Map(groups.map((group) => [group.name, group]));
}

/** The stored groups among the tags that a request names. */
export function namedGroups(tags: readonly Tag[], groups: readonly StoredGroup[]): StoredGroup[] {
  const named = new Set(tags);
  return groups.filter(({ name }) => named.has(name));
}

/** The first of all that a request names that has no record, by its name. */
export function firstWithoutRecord(
  tags: readonly Tag[],
  targets: readonly NodeTarget[],
  stored: Stored,
): string | undefined {
  const without = stored.nodesOf.findIndex((nodes) => !nodes.some(hasRecord));
  const target = targets[without];
  if (target !== undefined) return nameOf(target.keep);
  const groups = groupsByName(stored.groups);
  return tags.find((name) => !groups.has(name));
}

/** Whether a stored node has a record: one that only phoned home has none. */
export function hasRecord(node: StoredNode): node is StoredNode & { readonly boot: NonNullable<StoredNode['boot']> } {
  return node.boot !== undefined;
}
