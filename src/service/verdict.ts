import { type Component, componentName } from '../core/component.ts';
import { ServiceError } from '../core/errors.ts';
import { roleTags, type Tag, unknownTag } from '../core/identifiers/tag.ts';
import type { StoredImage } from '../core/record.ts';
import { type Resolved, resolveBoot } from '../core/resolution.ts';
import { hasKernel, type KernelRecord } from '../core/script/compose.ts';
import { after, type Soon } from '../core/soon.ts';
import { accessOf, type NotedAccess } from '../ports/access-history.ts';
import type { Found, Store } from '../ports/store.ts';
import { findNode } from './find-node.ts';
import type { NodeSources } from './node-sources.ts';
import type { ScriptRequest } from './script-request.ts';

/** What a node that asks for a script is to get, and why. */
export type Verdict = Known & (Boots | Waits);

type Known = {
  /** Who it is; `undefined` when that is not known. */
  readonly component: Component | undefined;
  /** Where it is noted that it asks; `undefined` when it is not known. */
  readonly access: NotedAccess | undefined;
  /** Parameters that go with the images of the record. */
  readonly images: readonly StoredImage[];
  /** Seconds since this was so, when that is longer than allowed. */
  readonly age: number | undefined;
};

type Boots = { readonly decision: Resolved['by'] | 'tag' | 'discovery'; readonly record: KernelRecord };

type Waits = { readonly decision: 'unknown' | 'disabled' | 'unconfigured'; readonly record?: undefined };

export type VerdictContext = NodeSources & {
  readonly store: Store;
  /** In lower case. */
  readonly blockedRoles: readonly string[];
};

/**
 * Looks up what a node is to get: its own record; or that of discovery for its architecture, or nothing, which has it wait.
 * Throws `not_found` for a node whose role is blocked, and `unavailable` when inventory or store could not be asked.
 */
export function reachVerdict(request: ScriptRequest, context: VerdictContext): Soon<Verdict> {
  const { key, tag, arch } = request;
  const discovery = arch === undefined ? undefined : unknownTag(arch);
  const ownTag = context.inventory === undefined ? tag : undefined;
  const others =
    discovery === undefined && ownTag === undefined ? NONE : [discovery, ownTag].filter((name) => name !== undefined);
  return after(findNode(key, others, context), ({ component, found, age }) => {
    const access = component && accessOf(componentName(component), 'bootscript');
    const known = { component, access, images: found.configurationImages, age };
    const taken = component === undefined && ownTag !== undefined ? recordOf(ownTag, found) : undefined;
    if (taken !== undefined) return { ...known, decision: 'tag', record: taken };
    const own = judge(request, context, component, found);
    const isToDiscover = own.record === undefined && discovery !== undefined;
    const record = isToDiscover ? recordOf(discovery, found) : undefined;
    return record === undefined ? { ...known, ...own } : { ...known, decision: 'discovery', record };
  });
}

const NONE: readonly Tag[] = [];

/** What there is for the node itself. */
function judge(
  { key }: ScriptRequest,
  { blockedRoles }: VerdictContext,
  component: Component | undefined,
  { nodes, groups }: Found,
): Boots | Waits {
  if (component === undefined) return { decision: 'unknown' };
  if (!component.enabled) return { decision: 'disabled' };
  const askedBy = key.kind === 'mac' ? key.mac : undefined;
  const { role, subRole } = component;
  const isBlocked = role !== undefined && blockedRoles.includes(role.toLowerCase());
  const resolved = isBlocked
    ? resolveBoot({ ...component, groups: [] }, nodes, ofRole(groups, role, subRole), askedBy)
    : resolveBoot(component, nodes, groups, askedBy);
  if (isBlocked && resolved === undefined) {
    throw new ServiceError('not_found', `nodes of role ${role} are not to boot`);
  }
  if (resolved === undefined || !hasKernel(resolved.boot)) return { decision: 'unconfigured' };
  return { decision: resolved.by, record: resolved.boot };
}

function ofRole(groups: Found['groups'], role: string, subRole: string | undefined): Found['groups'] {
  const names = roleTags(role, subRole);
  return groups.filter(({ name }) => names.includes(name));
}

/** The record of a name, if it has something to boot. */
function recordOf(name: Tag, { groups }: Found): KernelRecord | undefined {
  const boot = groups.find((group) => group.name === name)?.boot;
  return boot !== undefined && hasKernel(boot) ? boot : undefined;
}
