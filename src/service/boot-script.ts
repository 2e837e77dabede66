import type { Xname } from '../core/identifiers/xname.ts';
import { type ChainIdentifier, retryUrl, waitUrl } from '../core/script/chain.ts';
import { type Bootable, bootable, type Unfit } from '../core/script/compose.ts';
import { bootScript, messageScript, waitScript } from '../core/script/ipxe.ts';
import { pause } from '../core/script/pause.ts';
import { after, type Soon } from '../core/soon.ts';
import type { NotedAccess } from '../ports/access-history.ts';
import { fetchable, type Outside } from './fetchable.ts';
import type { ScriptRequest } from './script-request.ts';
import type { ScriptSettings } from './script-settings.ts';
import { macOf, type Verdict } from './verdict.ts';

export type ScriptContext = {
  /** What a node is to get; fails as `reachVerdict` does. */
  reachVerdict(request: ScriptRequest): Soon<Verdict>;
  readonly settings: ScriptSettings;
  readonly outside: Outside;
};

/** Bytes of kernel parameters from which on an administrator is warned. */
const LONG = 2000;

/** Why a script is as it is, for the log. */
export type Decision = Verdict['decision'] | 'unfit';

export type ScriptAnswer = {
  readonly decision: Decision;
  readonly script: string;
  /** What the script boots, when it boots something of the node's own. */
  readonly bootable?: Bootable | undefined;
  /** Whom it is for, when that is known. */
  readonly xname?: Xname | undefined;
  /** Where it is noted that it was asked for. */
  readonly access?: NotedAccess | undefined;
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
  return after(context.reachVerdict(request), (verdict) => {
    const { xname, age } = verdict;
    const access = verdict.component === undefined ? undefined : verdict;
    return after(write({ request, context, verdict }), ({ decision, script, bootable, remark }) => {
      return { decision, script, bootable, xname, access, remark, age };
    });
  });
}

type Asking = { readonly request: ScriptRequest; readonly context: ScriptContext; readonly verdict: Verdict };

type Booting = Extract<Verdict, { readonly prepared: object }>;

type Written = Omit<ScriptAnswer, 'xname' | 'access' | 'age'>;

function write(asking: Asking): Soon<Written> {
  const { verdict } = asking;
  return verdict.prepared === undefined ? waiting(asking, verdict.decision) : boot(asking, verdict);
}

/** A script that boots a record's kernel, or says on the console why the stored record cannot be booted. */
function boot(asking: Asking, verdict: Booting): Soon<Written> {
  const { decision, component, prepared } = verdict;
  const { request, context } = asking;
  const { settings } = context;
  if ('reason' in prepared) return unfit(asking, prepared);
  const discovering = decision === 'discovery';
  // A node that is discovered is nobody yet, also when the inventory knows it and has it disabled.
  const { xname, nid, referralToken } = discovering ? NOBODY : verdict;
  const bootMac = settings.bootif ? macOf(request.key, component) : undefined;
  const own = bootable(prepared, { xname, nid, referralToken, bootMac, advertise: settings.advertise });
  return after(fetchable(own, discovering ? undefined : component, context.outside), (made) => {
    if ('reason' in made) return unfit(asking, made);
    const target = { endpoint: request.endpoint, identifier: chainIdentifier(asking) };
    const retry = discovering ? waitUrl(target, request.now) : retryUrl(target, request.retry + 1);
    const wait = pause(settings.form, settings.retryDelay, request.random);
    const { kernel, initrd, params } = made;
    const script = bootScript(settings.form, { kernel, initrd, params, pause: wait, retry });
    return { decision, script, bootable: discovering ? undefined : made, remark: remarkOn(params) };
  });
}

const NOBODY = { xname: undefined, nid: undefined, referralToken: undefined };

function unfit(asking: Asking, { field, reason }: Unfit): Written {
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

/** A script that asks again. */
function waiting(asking: Asking, decision: keyof typeof REASONS): Written {
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
function chainIdentifier({ request: { key, tag }, verdict: { component } }: Asking): ChainIdentifier {
  const mac = macOf(key, component);
  if (mac !== undefined) return { mac };
  if (key.kind === 'xname') return { name: key.xname };
  if (key.kind === 'hostname') return { name: tag ?? key.hostname };
  if (component?.xname !== undefined) return { name: component.xname };
  return key.kind === 'nid' ? { nid: key.nid } : { mac: key.mac };
}
