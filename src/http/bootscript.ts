import type { Context } from 'hono';
import { answerScript, type ScriptAnswer } from '../service/boot-script.ts';
import { askedNode, describeKey } from './asked-node.ts';
import { chainEndpoint } from './chain-endpoint.ts';
import type { AppDeps } from './deps.ts';
import { json } from './json.ts';
import { problem } from './problem.ts';
import { firstValue } from './query.ts';
import type { Handler } from './resource.ts';

/** GET of the script, served at `path`. */
export function getBootscript(path: string, deps: AppDeps): Handler {
  return async function bootscript(c) {
    const started = performance.now();
    const query = new URL(c.req.url).searchParams;
    const asked = askedNode(query);
    const retry = parseRetry(firstValue(query, 'retry'));
    const answer = await answerScript(
      {
        ...asked,
        arch: firstValue(query, 'arch') || undefined,
        retry,
        endpoint: endpointOf(c, path, deps),
        now: Math.floor(Date.now() / 1000),
        random: Math.random(),
      },
      { store: deps.store, inventory: deps.inventory, settings: deps.script },
    );
    const node = describeKey(asked.key);
    if (answer.remark !== undefined) deps.log.warn({ node, xname: answer.xname }, answer.remark);
    deps.scriptLog({
      node,
      xname: answer.xname,
      decision: answer.decision,
      retry,
      ipxeError: parseIpxeError(firstValue(query, 'e')),
      milliseconds: performance.now() - started,
    });
    return firstValue(query, 'json') === '1' ? asJson(answer) : asScript(answer);
  };
}

function asScript({ script }: ScriptAnswer): Response {
  return new Response(script, { headers: { 'Content-Type': 'text/plain; charset=UTF-8' } });
}

function asJson({ bootable, remark }: ScriptAnswer): Response {
  if (bootable === undefined) return problem(404, remark ?? 'this node has no boot configuration');
  const { kernel, initrd, params, kernelImageParams, initrdImageParams } = bootable;
  return json({
    params: `kernel ${params}`.trimEnd(),
    kernel: { path: kernel, params: kernelImageParams },
    ...(initrd !== undefined && { initrd: { path: initrd, params: initrdImageParams } }),
  });
}

function endpointOf(c: Context, path: string, { chain, runtime, isTrustedProxy }: AppDeps): string {
  return chainEndpoint(c, path, chain, isTrustedProxy(runtime.peerAddress(c)));
}

/** What is no count is 0. */
function parseRetry(text: string | undefined): number {
  return text !== undefined && /^[0-9]{1,9}$/.test(text) ? Number(text) : 0;
}

function parseIpxeError(text: string | undefined): string | undefined {
  return text !== undefined && /^[0-9a-f]{8}$/.test(text) ? text : undefined;
}
