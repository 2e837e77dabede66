import type { Context } from 'hono';
import type { NodeKey } from '../core/component.ts';
import { ServiceError } from '../core/errors.ts';
import { parseHostname } from '../core/identifiers/hostname.ts';
import { parseTag, type Tag } from '../core/identifiers/tag.ts';
import { parseXname } from '../core/identifiers/xname.ts';
import { answerScript, type ScriptAnswer } from '../service/boot-script.ts';
import { chainEndpoint } from './chain-endpoint.ts';
import { isFromTrustedProxy } from './client.ts';
import type { AppDeps } from './deps.ts';
import { json } from './json.ts';
import { problem } from './problem.ts';
import { firstValue, queryMac, queryNid } from './query.ts';
import type { Handler } from './resource.ts';

/** GET of the script, served at `path`. */
export function getBootscript(path: string, deps: AppDeps): Handler {
  return async function bootscript(c) {
    const started = performance.now();
    const query = new URL(c.req.url).searchParams;
    const asked = parseAsked(query);
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
    deps.scriptLog({
      node: describe(asked.key),
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

function asJson({ bootable }: ScriptAnswer): Response {
  if (bootable === undefined) return problem(404, 'this node has no boot configuration');
  const { kernel, initrd, params, kernelImageParams, initrdImageParams } = bootable;
  return json({
    params: `kernel ${params}`.trimEnd(),
    kernel: { path: kernel, params: kernelImageParams },
    ...(initrd !== undefined && { initrd: { path: initrd, params: initrdImageParams } }),
  });
}

function endpointOf(c: Context, path: string, { chain, runtime, trustedProxies }: AppDeps): string {
  return chainEndpoint(c, path, chain, isFromTrustedProxy(c, runtime, trustedProxies));
}

/** `mac`, else `name`, else `nid`: the first that is there. */
function parseAsked(query: URLSearchParams): { key: NodeKey; tag: Tag | undefined } {
  const mac = firstValue(query, 'mac');
  if (mac !== undefined) return { key: { kind: 'mac', mac: queryMac(mac) }, tag: undefined };
  const name = firstValue(query, 'name');
  if (name !== undefined) return parseName(name);
  const nid = firstValue(query, 'nid');
  if (nid !== undefined) return { key: { kind: 'nid', nid: queryNid(nid) }, tag: undefined };
  throw new ServiceError('invalid', 'one of mac, name and nid is needed');
}

function parseName(name: string): { key: NodeKey; tag: Tag | undefined } {
  const xname = parseXname(name);
  if (xname !== undefined) return { key: { kind: 'xname', xname }, tag: undefined };
  const hostname = parseHostname(name);
  if (hostname === undefined) throw new ServiceError('invalid', 'name: must be an xname or a host name');
  return { key: { kind: 'hostname', hostname }, tag: parseTag(name) };
}

/** What is no count is 0. */
function parseRetry(text: string | undefined): number {
  return text !== undefined && /^[0-9]{1,9}$/.test(text) ? Number(text) : 0;
}

function parseIpxeError(text: string | undefined): string | undefined {
  return text !== undefined && /^[0-9a-f]{8}$/.test(text) ? text : undefined;
}

function describe(key: NodeKey): string {
  switch (key.kind) {
    case 'mac':
      return key.mac;
    case 'xname':
      return key.xname;
    case 'hostname':
      return key.hostname;
    case 'nid':
      return `nid ${key.nid}`;
  }
}
