import type { Context } from 'hono';
import { componentName } from '../../core/component.ts';
import { after } from '../../core/soon.ts';
import { answerScript, type ScriptAnswer } from '../../service/boot-script.ts';
import { askedNode, describeKey } from '../asked-node.ts';
import { chainEndpoint } from '../chain-endpoint.ts';
import { callerOf, describeCaller } from '../client-address.ts';
import type { AppDeps } from '../deps.ts';
import { json } from '../json.ts';
import { problem } from '../problem.ts';
import { firstValue, queryOf } from '../query.ts';
import { requestIdOf } from '../request-id.ts';
import type { Handler } from '../resource.ts';

/**
 * GET of the script, served at `path`. It does by itself what the API has before its handlers: a script that can be answered
 * from memory goes out in the tick in which it was asked for.
 */
export function getBootscript(path: string, deps: AppDeps): Handler {
  const context = {
    store: deps.store,
    inventory: deps.inventory,
    own: deps.own,
    settings: deps.script,
    outside: deps.outside,
  };
  return function bootscript(c) {
    const started = performance.now();
    const endpoint = endpointOf(c, path, deps);
    const query = queryOf(c.req.url);
    const asked = askedNode(query);
    const retry = parseRetry(firstValue(query, 'retry'));
    const request = {
      key: asked.key,
      tag: asked.tag,
      arch: firstValue(query, 'arch') || undefined,
      retry,
      endpoint,
      now: Math.floor(Date.now() / 1000),
      random: Math.random(),
    };
    return after(answerScript(request, context), (answer) => {
      const node = describeKey(asked.key);
      const xname = answer.component?.xname;
      if (answer.remark !== undefined) deps.log.warn({ node, xname }, answer.remark);
      const headers = headersOf(c, answer);
      if (firstValue(query, 'json') === '1') return asJson(answer, headers);
      if (c.req.method === 'GET') tell(c, answer, request.now, deps);
      deps.scriptLog({
        node,
        xname,
        decision: answer.decision,
        retry,
        ipxeError: parseIpxeError(firstValue(query, 'e')),
        milliseconds: performance.now() - started,
      });
      headers['Content-Type'] = 'text/plain; charset=UTF-8';
      return new Response(answer.script, { headers });
    });
  };
}

/** A plain object: what is answered with one needs no `Headers`. */
function headersOf(c: Context, { age }: ScriptAnswer): Record<string, string> {
  const headers: Record<string, string> = { 'X-Request-Id': requestIdOf(c) };
  if (age !== undefined) headers['X-BSS-Age'] = String(age);
  return headers;
}

/** Tells those who want to know that a script goes out. Nothing of it is waited for. */
function tell(c: Context, { component }: ScriptAnswer, now: number, deps: AppDeps): void {
  if (component !== undefined)
    deps.history.note({ name: componentName(component), endpoint: 'bootscript', epoch: now });
  if (deps.notifier === undefined) return;
  const caller = callerOf(c, deps);
  if (caller !== undefined) deps.runtime.background(c, deps.notifier.notify(describeCaller(caller)));
}

function asJson({ bootable, remark }: ScriptAnswer, headers: Readonly<Record<string, string>>): Response {
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
