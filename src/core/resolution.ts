import type { Component } from './component.ts';
import type { Mac } from './identifiers/mac.ts';
import { DEFAULT_TAG, parseTag, perRole, roleTags, type Tag } from './identifiers/tag.ts';
import type { Boot, StoredGroup, StoredNode } from './record.ts';

/** A configuration that was found for a node, and by what. */
export type Resolved = { readonly boot: Boot; readonly by: 'node' | 'group' | 'role' | 'default' };

/** The names under which there may be something for a component, besides its own, each once; the sub-role's has cloud-init data. */
export function namesOf({ groups, role, subRole }: Component): readonly Tag[] {
  const names = roleNames(role, subRole);
  return groups.length === 0 ? names : [...new Set([...groups, ...names])];
}

const roleNames = perRole((role, subRole) => {
  const subRoleTag = parseTag(subRole ?? '');
  return [...new Set([...roleTags(role, subRole), ...(subRoleTag === undefined ? [] : [subRoleTag]), DEFAULT_TAG])];
});

/** The stored nodes that are this component. */
export function nodesOf({ xname, macs, nid }: Component, nodes: readonly StoredNode[]): StoredNode[] {
  return nodes.filter(
    (node) =>
      (node.mac !== undefined && macs.includes(node.mac)) ||
      (node.xname !== undefined && node.xname === xname) ||
      (node.nid !== undefined && node.nid === nid),
  );
}

/**
 * Which configuration a node boots: the most specific record, whole. A record of the node itself; else of a group it
 * is in, by priority, then by name; else of its role and sub-role; else of its role; else `Default`.
 */
export function resolveBoot(
  component: Component,
  nodes: readonly StoredNode[],
  groups: readonly StoredGroup[],
  askedBy?: Mac,
): Resolved | undefined {
  const own = orderNodes(component, nodes, askedBy).find((node) => node.boot !== undefined)?.boot;
  if (own !== undefined) return { boot: own, by: 'node' };
  if (groups.length === 0) return undefined;

  const [group] = groupsOf(component, groups);
  if (group !== undefined) return { boot: group.boot, by: 'group' };

  for (const tag of roleTags(component.role, component.subRole)) {
    const role = groups.find(({ name }) => name === tag);
    if (role !== undefined) return { boot: role.boot, by: 'role' };
  }
  const fallback = groups.find(({ name }) => name === DEFAULT_TAG);
  return fallback && { boot: fallback.boot, by: 'default' };
}

/** The stored nodes that are this component, best first: the MAC asked by, its other MACs in order, xname, NID. */
export function orderNodes(component: Component, nodes: readonly StoredNode[], askedBy?: Mac): readonly StoredNode[] {
  if (nodes.length < 2) return nodes;
  const macs = askedBy === undefined ? component.macs : [askedBy, ...component.macs];
  const rank = (node: StoredNode): number => {
    const mac = node.mac === undefined ? -1 : macs.indexOf(node.mac);
    if (mac >= 0) return mac;
    if (node.xname !== undefined && node.xname === component.xname) return macs.length;
    return macs.length + 1;
  };
  return [...nodes].sort((a, b) => rank(a) - rank(b));
}

/** The groups that a component is in, the one that counts most in front: by priority, then by name. */
export function groupsOf(component: Component, groups: readonly StoredGroup[]): StoredGroup[] {
  const memberOf = new Set<Tag>(component.groups);
  return groups.filter(({ name }) => memberOf.has(name)).sort(byPriority);
}

function byPriority(a: StoredGroup, b: StoredGroup): number {
  return b.priority - a.priority || (a.name < b.name ? -1 : 1);
}
