import { type Component, componentName, type NodeKey } from '../core/component.ts';
import { ServiceError } from '../core/errors.ts';
import type { Mac } from '../core/identifiers/mac.ts';
import type { Nid } from '../core/identifiers/nid.ts';
import { roleTags, type Tag, unknownTag } from '../core/identifiers/tag.ts';
import type { Xname } from '../core/identifiers/xname.ts';
import { type Resolved, resolveBoot } from '../core/resolution.ts';
import { hasKernel, type KernelRecord, type Prepared, preparedOnce, type Unfit } from '../core/script/compose.ts';
import { after, type Soon } from '../core/soon.ts';
import { accessOf, type NotedAccess } from '../ports/access-history.ts';
import type { Found, Store } from '../ports/store.ts';
import { findNode } from './find-node.ts';
import type { NodeSources } from './node-sources.ts';
import type { ScriptRequest } from './script-request.ts';
import type { ScriptSettings } from './script-settings.ts';

/** What a node that asks for a script is to get, and why. */
export type Verdict = (Known | Unknown) &
  (Boots | Waits) & {
    /** Seconds since this was so, when that is longer than allowed. */
    readonly age: number | undefined;
  };

/** Who it is, and where it is noted that it asks: what each script of a remembered node needs is one place in memory. */
type Known = NotedAccess & {
  readonly component: Component;
  /** The component's. */
  readonly xname: Xname | undefined;
  readonly nid: Nid | undefined;
};

type Unknown = { readonly component: undefined; readonly xname?: undefined; readonly nid?: undefined };

type Boots = {
  readonly decision: Resolved['by'] | 'tag' | 'discovery';
  readonly prepared: Prepared | Unfit;
  /** The record's. */
  readonly referralToken: string | undefined;
};

type Waits = { readonly decision: 'unknown' | 'disabled' | 'unconfigured'; readonly prepared?: undefined };

/** A record that was found for a node, or why there is none. */
type Judgement =
  | { readonly decision: Boots['decision']; readonly record: KernelRecord }
  | { readonly decision: Waits['decision']; readonly record?: undefined };

export type VerdictContext = NodeSources & {
  readonly store: Store;
  readonly settings: Pick<ScriptSettings, 'blockedRoles'>;
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
    const { decision, record } = judge(request, context, component, found, { ownTag, discovery });
    if (record === undefined) return { ...whoIs(component), age, decision };
    const prepared = preparedOnce(record.configuration, found.configurationImages);
    const { referralToken } = record;
    if (component === undefined) return { component, age, decision, prepared, referralToken };
    // All in one place: what comes behind a spread would be in another.
    const { name, endpoint, epoch, xname, nid } = known(component);
    return { name, endpoint, epoch, component, xname, nid, age, decision, prepared, referralToken };
  });
}

function whoIs(component: Component | undefined): Known | Unknown {
  return component === undefined ? { component } : known(component);
}

function known(component: Component): Known {
  const { xname, nid } = component;
  return { ...accessOf(componentName(component), 'bootscript'), component, xname, nid };
}

/** The MAC that a node asks by, else the first that is known of it. */
export function macOf(key: NodeKey, component: Component | undefined): Mac | undefined {
  return key.kind === 'mac' ? key.mac : component?.macs[0];
}

const NONE: readonly Tag[] = [];

type Others = { readonly ownTag: Tag | undefined; readonly discovery: Tag | undefined };

/** What there is for a node: by the tag that it asks by when nobody is known under it, its own, or that of discovery. */
function judge(
  request: ScriptRequest,
  context: VerdictContext,
  component: Component | undefined,
  found: Found,
  { ownTag, discovery }: Others,
): Judgement {
  const taken = component === undefined && ownTag !== undefined ? recordOf(ownTag, found) : undefined;
  if (taken !== undefined) return { decision: 'tag', record: taken };
  const own = judgeOwn(request, context, component, found);
  const isToDiscover = own.record === undefined && discovery !== undefined;
  const record = isToDiscover ? recordOf(discovery, found) : undefined;
  return record === undefined ? own : { decision: 'discovery', record };
}

/** What there is for the node itself. */
function judgeOwn(
  { key }: ScriptRequest,
  { settings: { blockedRoles } }: VerdictContext,
  component: Component | undefined,
  { nodes, groups }: Found,
): Judgement {
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
