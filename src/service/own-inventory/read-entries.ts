import { ServiceError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { EntryKind } from '../../core/own-inventory/entry.ts';
import { knownEntries, requireEntry } from '../../core/own-inventory/entry-plan.ts';
import { type Condition, meets } from '../../core/own-inventory/filters.ts';
import { membersOf } from '../../core/own-inventory/groups.ts';
import { textOf } from '../../core/own-inventory/members.ts';
import type { EntryFilter, OwnInventory } from '../../ports/own-inventory.ts';

/** A question for a list. */
export type ListQuery = {
  /** Finds at least what meets the conditions. */
  readonly filter: EntryFilter;
  readonly conditions: readonly Condition[];
};

/** What groups components may be asked to be in: any of these, or none at all. */
export type GroupQuery = { readonly labels: readonly string[]; readonly orNone: boolean };

/** The groups of a component, as SMD tells of them. There are no partitions here. */
export type Membership = { readonly id: string; readonly groupLabels: readonly string[]; readonly partitionName: '' };

/** The documents that a query means, in the order of their ids. */
export async function listEntries({ filter, conditions }: ListQuery, own: OwnInventory): Promise<JsonObject[]> {
  const { entries } = await own.read([filter]);
  return entries.flatMap(({ document }) => (meets(document, conditions) ? [document] : []));
}

/** The components that a query means, and that are in some groups. */
export async function listComponents(
  { filter, conditions }: ListQuery,
  groups: GroupQuery | undefined,
  own: OwnInventory,
): Promise<JsonObject[]> {
  if (groups === undefined) return listEntries({ filter, conditions }, own);
  const wanted = groups.orNone ? {} : { ids: groups.labels };
  const { entries } = await own.read([filter, { kind: 'group', ...wanted }]);
  const [inAny, inSome] = [new Set<string>(), new Set<string>()];
  for (const { kind, id, document } of entries) {
    if (kind !== 'group') continue;
    for (const member of membersOf(document)) {
      inAny.add(member);
      if (groups.labels.includes(id)) inSome.add(member);
    }
  }
  const isMeant = (id: string): boolean => inSome.has(id) || (groups.orNone && !inAny.has(id));
  return entries.flatMap(({ kind, id, document }) =>
    kind === 'component' && isMeant(id) && meets(document, conditions) ? [document] : [],
  );
}

/** One document. Throws `not_found`. */
export async function readEntry(kind: EntryKind, id: string, own: OwnInventory): Promise<JsonObject> {
  const { entries } = await own.read([{ kind, ids: [id] }]);
  return requireEntry(knownEntries(entries), kind, id);
}

/** The component with a NID. Throws `not_found`. */
export async function readComponentByNid(query: ListQuery, own: OwnInventory): Promise<JsonObject> {
  const [component] = await listEntries(query, own);
  if (component === undefined) throw new ServiceError('not_found', 'no component has this NID');
  return component;
}

/** The groups of the components that a query means. */
export async function listMemberships(
  query: ListQuery,
  groups: GroupQuery | undefined,
  own: OwnInventory,
): Promise<Membership[]> {
  const { entries } = await own.read([query.filter, { kind: 'group' }]);
  const labels = new Map<string, string[]>();
  for (const { kind, id, document } of entries) {
    if (kind !== 'group') continue;
    for (const member of membersOf(document)) labels.set(member, [...(labels.get(member) ?? []), id]);
  }
  return entries.flatMap(({ kind, id, document }) => {
    if (kind !== 'component' || !meets(document, query.conditions)) return [];
    const groupLabels = labels.get(id) ?? [];
    const isMeant = groups === undefined || (groupLabels.length === 0 && groups.orNone);
    if (!isMeant && !groupLabels.some((label) => groups?.labels.includes(label))) return [];
    return { id, groupLabels, partitionName: '' as const };
  });
}

/** The labels of all groups. */
export async function listLabels(own: OwnInventory): Promise<string[]> {
  const { entries } = await own.read([{ kind: 'group' }]);
  return entries.flatMap(({ document }) => textOf(document, 'label') ?? []);
}

/** Asks for nothing, to see whether the inventory is there. */
export async function checkEntries(own: OwnInventory): Promise<void> {
  await own.read([]);
}
