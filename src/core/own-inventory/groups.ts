import { ServiceError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { ComponentId } from './component-id.ts';
import { type EntryPlan, type KnownEntries, requireAbsence, requireEntry } from './entry-plan.ts';
import { entryOf } from './keys.ts';
import { objectOf, textOf, textsOf } from './members.ts';

/** What a label, a tag or the name of an exclusive group is written with, once it is in lower case. */
export const LABEL_PATTERN = /^[-A-Za-z0-9:._]{1,128}$/;

/** A group as a request has it. */
export type GivenGroup = {
  readonly label: string;
  readonly members: readonly ComponentId[];
  readonly said: JsonObject;
};

/** Reads a label in any case. */
export function parseLabel(text: string): string | undefined {
  return LABEL_PATTERN.test(text) ? text.toLowerCase() : undefined;
}

/** The xnames of the members of a group. */
export function membersOf(group: JsonObject): string[] {
  return textsOf(objectOf(group, 'members'), 'ids');
}

/** POST: a new group. */
export function planGroup({ label, members, said }: GivenGroup, known: KnownEntries): EntryPlan {
  requireAbsence(known, 'group', label, 'PATCH changes it');
  return groupWith({ description: '', ...said, label }, members, known);
}

/** PATCH of the description and the tags. Throws `not_found`. */
export function planGroupChange(label: string, said: JsonObject, known: KnownEntries): EntryPlan {
  return { put: [entryOf('group', label, { ...requireEntry(known, 'group', label), ...said })], remove: [] };
}

/** PUT of all members. Throws `not_found`. */
export function planMembers(label: string, members: readonly ComponentId[], known: KnownEntries): EntryPlan {
  return groupWith(requireEntry(known, 'group', label), members, known);
}

/** POST of one member. Throws `not_found` and `exists`. */
export function planMember(label: string, member: ComponentId, known: KnownEntries): EntryPlan {
  const group = requireEntry(known, 'group', label);
  const members = membersOf(group);
  if (members.includes(member)) throw new ServiceError('exists', `${member} is in the group ${label} already`);
  return groupWith(group, [...members, member], known);
}

/** DELETE of one member. Throws `not_found`. */
export function planMemberRemoval(label: string, member: ComponentId, known: KnownEntries): EntryPlan {
  const group = requireEntry(known, 'group', label);
  const members = membersOf(group);
  if (!members.includes(member)) throw new ServiceError('not_found', `${member} is not in the group ${label}`);
  return groupWith(
    group,
    members.filter((one) => one !== member),
    known,
  );
}

/** Throws `exists` when a member is in another group that excludes this one. */
function groupWith(group: JsonObject, members: readonly string[], known: KnownEntries): EntryPlan {
  const label = textOf(group, 'label') ?? '';
  const exclusive = textOf(group, 'exclusiveGroup');
  for (const { kind, id, document } of known.all) {
    if (kind !== 'group' || id === label || exclusive === undefined) continue;
    if (textOf(document, 'exclusiveGroup') !== exclusive) continue;
    const others = new Set(membersOf(document));
    const twice = members.find((member) => others.has(member));
    if (twice === undefined) continue;
    throw new ServiceError('exists', `${twice} is in the group ${id}, which excludes ${label}`);
  }
  return { put: [entryOf('group', label, { ...group, members: { ids: [...new Set(members)] } })], remove: [] };
}
