import { after, type Soon } from '../../core/soon.ts';
import { answerScript, type ScriptAnswer, type ScriptContext } from '../../service/boot-script.ts';
import { reachVerdict } from '../../service/verdict.ts';
import { type Answer, toResponse } from '../answer.ts';
import { askedNode, describeKey } from '../asked-node.ts';
import { chainEndpoint } from '../chain-endpoint.ts';
import { callerOf, describeCaller } from '../client-address.ts';
import type { AppDeps } from '../deps.ts';
import { jsonAnswer } from '../json.ts';
import { problemAnswer } from '../problem.ts';
import { firstValue, queryOf } from '../query.ts';
import { refusal } from '../refusal.ts';
import { requestIdOf } from '../request-id.ts';
import type { RequestReader } from '../request-reader.ts';
import { apiPaths, type Handler } from '../resource.ts';
import { contextReader } from '../runtime.ts';

/** Where scripts are asked for. */
export const SCRIPT_PATHS: readonly string[] = [...apiPaths('/bootscript'), '/bootscript', '/boot-service/bootscript'];

/** GET of the script, by the path that it is served at. */
export function getBootscript(deps: AppDeps): (path: string) => Handler {
  const answersAt = scriptAnswers(deps, contextReader(deps.runtime));
  return (path) => {
    const answer = answersAt(path);
    return (c) => after(answer(c), toResponse);
  };
}

/**
 * Answers requests for scripts at a path, on any server; it never fails. It does by itself what the API has before its
 * handlers: a script that can be made from memory goes out in the tick in which it was asked for.
 */
export function scriptAnswers<Request>(
  deps: AppDeps,
  reader: RequestReader<Request>,
): (path: string) => (request: Request) => Soon<Answer> {
  const { store, inventory, own, outside, script: settings } = deps;
  const sources = { store, inventory, own, settings };
  const context = {
    reachVerdict: deps.verdicts?.reach ?? ((request) => reachVerdict(request, sources)),
    settings,
    outside,
  };
  return (path) => scriptAnswersAt(path, deps, reader, context);
}

function scriptAnswersAt<Request>(
  path: string,
  deps: AppDeps,
  reader: RequestReader<Request>,
  context: ScriptContext,
): (request: Request) => Soon<Answer> {
  function script(request: Request, requestId: string): Soon<Answer> {
    const started = performance.now();
    const endpoint = chainEndpoint(request, reader, path, deps.chain, deps.isTrustedProxy(reader.peerAddress(request)));
    const query = queryOf(reader.url(request));
    const asked = askedNode(query);
    const retry = parseRetry(firstValue(query, 'retry'));
    const now = Math.floor(Date.now() / 1000);
    const wanted = {
      key: asked.key,
      tag: asked.tag,
      arch: firstValue(query, 'arch') || undefined,
      retry,
      endpoint,
      now,
      random: Math.random(),
    };
    return after(answerScript(wanted, context), (answer) => {
      const node = describeKey(asked.key);
      const { xname } = answer;
      if (answer.remark !== undefined) deps.log.warn({ node, xname }, answer.remark);
      const headers: Record<string, string> = { 'X-Request-Id': requestId };
      if (answer.age !== undefined) headers['X-BSS-Age'] = String(answer.age);
      if (firstValue(query, 'json') === '1') return asJson(answer, headers);
      if (reader.method(request) === 'GET') tell(request, answer, now);
      deps.scriptLog({
        node,
        xname,
        decision: answer.decision,
        retry,
        ipxeError: parseIpxeError(firstValue(query, 'e')),
        milliseconds: performance.now() - started,
      });
      headers['Content-Type'] = 'text/plain; charset=UTF-8';
      return { status: 200, headers, body: answer.script };
    });
  }

  /** Tells those who want to know that a script goes out. Nothing of it is waited for. */
  function tell(request: Request, { access }: ScriptAnswer, now: number): void {
    if (access !== undefined) deps.history.note(access, now);
    if (deps.notifier === undefined) return;
    const caller = callerOf(request, reader, deps);
    if (caller !== undefined) reader.background(request, deps.notifier.notify(describeCaller(caller)));
  }

  return function answer(request) {
    const requestId = requestIdOf(reader.header(request, 'x-request-id'));
    const refuse = (error: unknown): Answer =>
      refusal(error, { kind: 'script', method: reader.method(request), path, requestId }, deps);
    try {
      const answer = script(request, requestId);
      return answer instanceof Promise ? answer.catch(refuse) : answer;
    } catch (error) {
      return refuse(error);
    }
  };
}

function asJson({ bootable, remark }: ScriptAnswer, headers: Readonly<Record<string, string>>): Answer {
  if (bootable === undefined) return problemAnswer(404, remark ?? 'this node has no boot configuration', headers);
  const { kernel, initrd, params, kernelImageParams, initrdImageParams } = bootable;
  const body = {
    params: `kernel ${params}`.trimEnd(),
    kernel: { path: kernel, params: kernelImageParams },
    ...(initrd !== undefined && { initrd: { path: initrd, params: initrdImageParams } }),
  };
  return jsonAnswer(body, 200, headers);
}

/** What is no integer is 0, and so is one that could not be counted up. */
function parseRetry(text: string | undefined): number {
  return text !== undefined && /^[+-]?[0-9]{1,15}$/.test(text) ? Number(text) : 0;
}

function parseIpxeError(text: string | undefined): string | undefined {
  return text !== undefined && /^[0-9a-f]{8}$/.test(text) ? text : undefined;
}
