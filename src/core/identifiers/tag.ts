import type { Brand } from './brand.ts';
import { componentType } from './xname.ts';

/** A name in `hosts` that is no xname: `Default`, `Global`, a role, a group's label, `Unknown-<arch>`. Case counts. */
export type Tag = Brand<string, 'Tag'>;

/** What a tag is written with. The xname of every component is, too. */
export const TAG_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** Reads a tag; the xname of a component of any type is none. */
export function parseTag(text: string): Tag | undefined {
  return TAG_PATTERN.test(text) && componentType(text) === undefined ? (text as Tag) : undefined;
}

/** The tag of what every node without something more specific gets. */
export const DEFAULT_TAG = 'Default' as Tag;

/** The tag of cloud-init data that every node is shown beside its own. */
export const GLOBAL_TAG = 'Global' as Tag;

/** The tag that gives a script to a node that the inventory does not know, by iPXE's `${buildarch}`. */
export function unknownTag(arch: string): Tag | undefined {
  return parseTag(`Unknown-${arch}`);
}

/** So many roles with their sub-roles are remembered: a site has a few. */
const MAX_ROLES = 1000;

/** What a role and its sub-role come to, worked out once for each. */
export function perRole(work: (role: string | undefined, subRole: string | undefined) => readonly Tag[]): typeof work {
  const known = new Map<string | undefined, Map<string | undefined, readonly Tag[]>>();
  return (role, subRole) => {
    const ofRole = known.get(role);
    const before = ofRole?.get(subRole);
    if (before !== undefined) return before;
    const tags = work(role, subRole);
    if (known.size >= MAX_ROLES || (ofRole?.size ?? 0) >= MAX_ROLES) known.clear();
    known.set(role, new Map(ofRole).set(subRole, tags));
    return tags;
  };
}

/** The tags of a role and its sub-role, most specific first. */
export const roleTags = perRole((role, subRole) => {
  if (role === undefined || role === '') return [];
  const both = subRole === undefined || subRole === '' ? undefined : parseTag(`${role}_${subRole}`);
  return [both, parseTag(role)].filter((tag) => tag !== undefined);
});
