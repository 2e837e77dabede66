import * as v from 'valibot';
import type { Component } from '../../core/component.ts';
import type { EntryKind, KnownEntry } from '../../core/own-inventory/entry.ts';
import { componentsAnswer, endpointsAnswer, interfacesAnswer, type SmdMembership } from './smd/answers.ts';
import { assemble } from './smd/assemble.ts';

const groups = v.array(v.object({ label: v.string(), members: v.object({ ids: v.array(v.string()) }) }));

/**
 * The nodes among entries of the service's own inventory, put together as SMD's lists are, in the order of their components:
 * the entries are in SMD's words. Throws when they hold what this program never writes.
 */
export function assembleEntries(entries: readonly Pick<KnownEntry, 'kind' | 'document'>[]): Component[] {
  const byKind = Map.groupBy(entries, ({ kind }) => kind);
  const documents = (kind: EntryKind) => (byKind.get(kind) ?? []).map(({ document }) => document);
  return assemble({
    components: v.parse(componentsAnswer, { Components: documents('component') }).Components,
    interfaces: v.parse(interfacesAnswer, documents('interface')),
    endpoints:
      v.parse(endpointsAnswer, { ComponentEndpoints: documents('component endpoint') }).ComponentEndpoints ?? [],
    memberships: membershipsOf(v.parse(groups, documents('group'))),
  });
}

/** The labels of the groups of each member. */
function membershipsOf(known: v.InferOutput<typeof groups>): SmdMembership[] {
  const pairs = known.flatMap(({ label, members }) => members.ids.map((id) => ({ id, label })));
  return [...Map.groupBy(pairs, ({ id }) => id)].map(([id, memberships]) => ({
    id,
    groupLabels: memberships.map(({ label }) => label),
  }));
}
