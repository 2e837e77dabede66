import type { Context } from 'hono';
import { componentName } from '../../core/component.ts';
import { answerScript, type ScriptAnswer } from '../../service/boot-script.ts';
import { watchAge } from '../age.ts';
import { askedNode, describeKey } from '../asked-node.ts';
import { chainEndpoint } from '../chain-endpoint.ts';
import { callerOf, describeCaller } from '../client-address.ts';
import type { AppDeps } from '../deps.ts';
import { json } from '../json.ts';
import { problem } from '../problem.ts';
import { firstValue } from '../query.ts';
import type { Handler } from '../resource.ts';

/** GET of the script, served at `path`. */
export function getBootscript(path: string, deps: AppDeps): Handler {
  return async function bootscript(c) {
    const started = performance.now();
    const query = new URL(c.req.url).searchParams;
    const asked = askedNode(query);
    const retry = parseRetry(firstValue(query, 'retry'));
    const seen = watchAge(deps);
    const now = Math.floor(Date.now() / 1000);
    const answer = await answerScript(
      {
        ...asked,
        arch: firstValue(query, 'arch') || undefined,
        retry,
        endpoint: endpointOf(c, path, deps),
        now,
        random: Math.random(),
      },
      {
        store: seen.deps.store,
        inventory: seen.deps.inventory,
        own: deps.own,
        settings: deps.script,
        outside: deps.outside,
      },
    );
    const node = describeKey(asked.key);
    const xname = answer.component?.xname;
    if (answer.remark !== undefined) deps.log.warn({ node, xname }, answer.remark);
    if (firstValue(query, 'json') === '1') return asJson(answer, seen.ageHeader());
    if (c.req.method === 'GET') tell(c, answer, now, deps);
    deps.scriptLog({
      node,
      xname,
      decision: answer.decision,
      retry,
      ipxeError: parseIpxeError(firstValue(query, 'e')),
      milliseconds: performance.now() - started,
    });
    return asScript(answer, seen.ageHeader());
  };
}

/** Tells those who want to know that a script goes out. Nothing of it is waited for. */
function tell(c: Context, { component }: ScriptAnswer, now: number, deps: AppDeps): void {
  if (component !== undefined)
    deps.history.note({ name: componentName(component), endpoint: 'bootscript', epoch: now });
  if (deps.notifier === undefined) return;
  const caller = callerOf(c, deps);
  if (caller !== undefined) deps.runtime.background(c, deps.notifier.notify(describeCaller(caller)));
}

type Headers = Readonly<Record<string, string>>;

function asScript({ script }: ScriptAnswer, headers: Headers): Response {
  return new Response(script, { headers: { 'Content-Type': 'text/plain; charset=UTF-8', ...headers } });
}

function asJson({ bootable, remark }: ScriptAnswer, headers: Headers): Response {
  if (bootable === undefined) return problem(404, remark ?? 'this node has no boot configuration', headers);
  const { kernel, initrd, params, kernelImageParams, initrdImageParams } = bootable;
  const body = {
    params: `kernel ${params}`.trimEnd(),
    kernel: { path: kernel, params: kernelImageParams },
    ...(initrd !== undefined && { initrd: { path: initrd, params: initrdImageParams } }),
  };
  return json(body, 200, headers);
}

function endpointOf(c: Context, path: string, { chain, runtime, isTrustedProxy }: AppDeps): string {
  return chainEndpoint(c, path, chain, isTrustedProxy(runtime.peerAddress(c)));
}

/** What is no integer is 0, and so is one that could not be counted up. */
function parseRetry(text: string | undefined): number {
  return text !== undefined && /^[+-]?[0-9]{1,15}$/.test(text) ? Number(text) : 0;
}

function parseIpxeError(text: string | undefined): string | undefined {
  return text !== undefined && /^[0-9a-f]{8}$/.test(text) ? text : undefined;
}
