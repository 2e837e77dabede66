import type { Component } from './component.ts';
import type { BootConfiguration } from './configuration.ts';
import { DEFAULT_TAG, GLOBAL_TAG, parseTag, roleTags, type Tag } from './identifiers/tag.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';
import type { StoredGroup, StoredNode } from './record.ts';
import { groupsOf, orderNodes } from './resolution.ts';

/** Cloud-init's data for one node, merged from everything that has some for it. */
export type CloudInitData = {
  readonly metaData: JsonObject;
  readonly userData: JsonObject;
  /** The meta-data of `Global`. */
  readonly global: JsonObject;
};

/** The names under which there is data for anybody. */
export const COMMON_NAMES: readonly Tag[] = [DEFAULT_TAG, GLOBAL_TAG];

/**
 * Merges from the least to the most specific: the record named like the sub-role (as HPE's sites have it), the role's,
 * that of role and sub-role together, the groups' by priority, the node's own. `Default` counts only where none of these
 * exists, and is all that an unknown client gets.
 */
export function mergeCloudInit(
  component: Component | undefined,
  nodes: readonly StoredNode[],
  groups: readonly StoredGroup[],
): CloudInitData {
  const named = (tags: readonly Tag[]): BootConfiguration[] =>
    tags.flatMap((tag) => groups.find(({ name }) => name === tag)?.boot.configuration ?? []);
  const own = component === undefined ? [] : levelsOf(component, nodes, groups, named);
  const levels = own.length > 0 ? own : named([DEFAULT_TAG]);
  return {
    metaData: levels.reduce<JsonObject>((merged, { metaData }) => mergeOver(merged, metaData), {}),
    userData: levels.reduce<JsonObject>((merged, { userData }) => mergeOver(merged, userData), {}),
    global: named([GLOBAL_TAG])[0]?.metaData ?? {},
  };
}

function levelsOf(
  component: Component,
  nodes: readonly StoredNode[],
  groups: readonly StoredGroup[],
  named: (tags: readonly Tag[]) => BootConfiguration[],
): BootConfiguration[] {
  const node = orderNodes(component, nodes).find(({ boot }) => boot !== undefined);
  return [
    ...named(subRoleTags(component)),
    ...named(roleTags(component.role, component.subRole).toReversed()),
    // The first of the groups is the strongest.
    ...groupsOf(component, groups)
      .toReversed()
      .map(({ boot }) => boot.configuration),
    ...(node?.boot === undefined ? [] : [node.boot.configuration]),
  ];
}

/** Objects are merged; all else, lists too, is replaced. Unlike in a merge-patch, `null` is a value like any other. */
function mergeOver(base: JsonObject, over: JsonObject | undefined): JsonObject {
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over ?? {})) {
    const below = merged.get(key);
    merged.set(key, isJsonObject(below) && isJsonObject(value) ? mergeOver(below, value) : value);
  }
  return Object.fromEntries(merged);
}

/** The value at a path of keys; `undefined` where there is none. */
export function dig(object: JsonObject, path: readonly string[]): Json | undefined {
  let value: Json | undefined = object;
  for (const key of path) value = isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return value;
}

function subRoleTags({ subRole }: Component): Tag[] {
  return [parseTag(subRole ?? '')].filter((tag) => tag !== undefined);
}
