import type { Component, NodeKey } from '../core/component.ts';
import { ServiceError } from '../core/errors.ts';
import type { Mac } from '../core/identifiers/mac.ts';
import { roleTags, type Tag, unknownTag } from '../core/identifiers/tag.ts';
import { type Resolved, resolveBoot } from '../core/resolution.ts';
import { type ChainIdentifier, retryUrl, waitUrl } from '../core/script/chain.ts';
import {
  type Bootable,
  bootable,
  hasKernel,
  type KernelRecord,
  preparedOnce,
  type Unfit,
} from '../core/script/compose.ts';
import { bootScript, messageScript, type ScriptForm, waitScript } from '../core/script/ipxe.ts';
import { pause } from '../core/script/pause.ts';
import { after, type Soon } from '../core/soon.ts';
import type { Found, Store } from '../ports/store.ts';
import { fetchable, type Outside } from './fetchable.ts';
import { findNode } from './find-node.ts';
import type { NodeSources } from './node-sources.ts';

/** How a site wants its scripts; from the settings. */
export type ScriptSettings = {
  readonly form: ScriptForm;
  readonly bootif: boolean;
  /** The base URL of cloud-init's data source, without a slash at the end. */
  readonly advertise: string | undefined;
  /** Seconds. */
  readonly retryDelay: number;
  /** Seconds. */
  readonly waitDelay: number;
  /** In lower case. */
  readonly blockedRoles: readonly string[];
};

export type ScriptContext = NodeSources & {
  readonly store: Store;
  readonly settings: ScriptSettings;
  readonly outside: Outside;
};

/** A request for a script. */
export type ScriptRequest = {
  readonly key: NodeKey;
  /** The name asked by, when it may be a tag: standalone, that tag's record is given. */
  readonly tag: Tag | undefined;
  /** iPXE's `${buildarch}`, from the second request of a node that is not known. */
  readonly arch: string | undefined;
  /** How often the node has come back after a failed boot. */
  readonly retry: number;
  /** The URL of this endpoint as the node can reach it. */
  readonly endpoint: string;
  /** Seconds of Unix time. */
  readonly now: number;
  /** In [0, 1). */
  readonly random: number;
};

/** Bytes of kernel parameters from which on an administrator is warned. */
const LONG = 2000;

/** Why a script is as it is, for the log. */
export type Decision = Resolved['by'] | 'tag' | 'discovery' | 'unknown' | 'disabled' | 'unconfigured' | 'unfit';

export type ScriptAnswer = {
  readonly decision: Decision;
  readonly script: string;
  /** What the script boots, when it boots something of the node's own. */
  readonly bootable?: Bootable | undefined;
  /** Whom it is for, when the inventory knows. */
  readonly component?: Component | undefined;
  /** What an administrator should know about it. */
  readonly remark?: string | undefined;
  /** Seconds since what it says was known, when that is longer than allowed. */
  readonly age?: number | undefined;
};

/**
 * The script for a node, whatever is known of it: its configuration, or one that waits and asks again. Throws
 * `not_found` for a node whose role is blocked, and `unavailable` when inventory or store could not be asked.
 */
export function answerScript(request: ScriptRequest, context: ScriptContext): Soon<ScriptAnswer> {
  const { key, tag, arch } = request;
  const discovery = arch === undefined ? undefined : unknownTag(arch);
  const ownTag = context.inventory === undefined ? tag : undefined;
  const others =
    discovery === undefined && ownTag === undefined ? NONE : [discovery, ownTag].filter((name) => name !== undefined);
  return after(findNode(key, others, context), ({ component, found, age }) => {
    const decided = decide({ request, context, component, found }, discovery, ownTag);
    return after(decided, ({ decision, script, bootable, remark }) => {
      return { decision, script, bootable, component, remark, age };
    });
  });
}

const NONE: readonly Tag[] = [];

type Decided = Omit<ScriptAnswer, 'component' | 'age'>;

function decide(node: Asking, discovery: Tag | undefined, ownTag: Tag | undefined): Soon<Decided> {
  const { component, found } = node;
  if (component === undefined && ownTag !== undefined) {
    const record = found.groups.find(({ name }) => name === ownTag);
    if (record !== undefined && hasKernel(record.boot)) return boot(node, record.boot, 'tag');
  }
  if (component === undefined) return gate(node, 'unknown', discovery);
  if (!component.enabled) return gate(node, 'disabled', discovery);
  const resolved = resolve(node, component);
  if (resolved === undefined || !hasKernel(resolved.boot)) return gate(node, 'unconfigured', discovery);
  return boot(node, resolved.boot, resolved.by);
}

type Asking = {
  readonly request: ScriptRequest;
  readonly context: ScriptContext;
  readonly component: Component | undefined;
  readonly found: Found;
};

function resolve({ request, context, found }: Asking, component: Component): Resolved | undefined {
  const askedBy = request.key.kind === 'mac' ? request.key.mac : undefined;
  const { role, subRole } = component;
  if (role === undefined || !context.settings.blockedRoles.includes(role.toLowerCase())) {
    return resolveBoot(component, found.nodes, found.groups, askedBy);
  }
  const own = found.groups.filter(({ name }) => roleTags(role, subRole).includes(name));
  const resolved = resolveBoot({ ...component, groups: [] }, found.nodes, own, askedBy);
  if (resolved === undefined) throw new ServiceError('not_found', `nodes of role ${role} are not to boot`);
  return resolved;
}

/** A script that boots a record's kernel, or says on the console why the stored record cannot be booted. */
function boot(asking: Asking, record: KernelRecord, decision: Decision): Soon<Decided> {
  const { request, context, component, found } = asking;
  const { settings } = context;
  const prepared = preparedOnce(record.configuration, found.configurationImages);
  if ('reason' in prepared) return unfit(asking, prepared);
  const identifier = chainIdentifier(asking);
  const target = { endpoint: request.endpoint, identifier };
  const discovering = decision === 'discovery';
  // A node that is discovered is nobody yet, also when the inventory knows it and has it disabled.
  const known = discovering ? undefined : component;
  const node = {
    component: known,
    bootMac: settings.bootif && 'mac' in identifier ? identifier.mac : undefined,
    referralToken: discovering ? undefined : record.referralToken,
  };
  const made = fetchable(bootable(prepared, node, settings.advertise), known, context.outside);
  return after(made, (made) => {
    if ('reason' in made) return unfit(asking, made);
    const retry = discovering ? waitUrl(target, request.now) : retryUrl(target, request.retry + 1);
    const wait = pause(settings.form, settings.retryDelay, request.random);
    const { kernel, initrd, params } = made;
    const script = bootScript(settings.form, { kernel, initrd, params, pause: wait, retry });
    return { decision, script, bootable: discovering ? undefined : made, remark: remarkOn(params) };
  });
}

function unfit(asking: Asking, { field, reason }: Unfit): Decided {
  const message = `The stored ${field} cannot be booted: ${reason}`;
  return { decision: 'unfit', script: askAgain(asking, message, messageScript, 'retryDelay'), remark: message };
}

/** Characters that have no more bytes than are fine. */
const SHORT = Math.floor(LONG / 3);

function remarkOn(params: string): string | undefined {
  if (params.length <= SHORT) return undefined;
  const bytes = new TextEncoder().encode(params).length;
  return bytes > LONG ? `The kernel parameters have ${bytes} bytes, and Linux may cut them at 2047` : undefined;
}

/** What a node gets that has no configuration: the discovery kernel of its architecture, or a script that asks again. */
function gate(
  asking: Asking,
  decision: 'unknown' | 'disabled' | 'unconfigured',
  discovery: Tag | undefined,
): Soon<Decided> {
  const record = discovery && asking.found.groups.find(({ name }) => name === discovery);
  if (record !== undefined && hasKernel(record.boot)) return boot(asking, record.boot, 'discovery');
  const message = `This node ${REASONS[decision]}, asking again`;
  return { decision, script: askAgain(asking, message, waitScript, 'waitDelay') };
}

function askAgain(
  asking: Asking,
  message: string,
  write: typeof waitScript,
  delay: 'retryDelay' | 'waitDelay',
): string {
  const { request, context } = asking;
  const { form, [delay]: seconds } = context.settings;
  const target = { endpoint: request.endpoint, identifier: chainIdentifier(asking) };
  const wait = pause(form, seconds, request.random);
  return write(form, { pause: wait, retry: waitUrl(target, request.now), message });
}

const REASONS = {
  unknown: 'is not in the inventory yet',
  disabled: 'is disabled in the inventory',
  unconfigured: 'has no boot configuration yet',
} as const;

/** The MAC if it is known, else the name, else the NID. */
function chainIdentifier({ request: { key, tag }, component }: Asking): ChainIdentifier {
  const mac: Mac | undefined = key.kind === 'mac' ? key.mac : component?.macs[0];
  if (mac !== undefined) return { mac };
  if (key.kind === 'xname') return { name: key.xname };
  if (key.kind === 'hostname') return { name: tag ?? key.hostname };
  if (component?.xname !== undefined) return { name: component.xname };
  return key.kind === 'nid' ? { nid: key.nid } : { mac: key.mac };
}
