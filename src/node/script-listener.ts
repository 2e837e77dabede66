import type { IncomingMessage, ServerResponse } from 'node:http';
import { TLSSocket } from 'node:tls';
import { after } from '../core/soon.ts';
import type { AppDeps } from '../http/deps.ts';
import type { RequestReader } from '../http/request-reader.ts';
import { SCRIPT_PATHS, scriptAnswers } from '../http/resources/bootscript.ts';
import { sendAnswer } from './send-answer.ts';

/** Answers a request if it is a plain one for a script, and says whether it has. */
export type ScriptListener = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * Answers scripts from Node's own requests: for what is in memory, a Request and a Response as the web has them would cost as
 * much as the script.
 */
export function scriptListener(deps: AppDeps): ScriptListener {
  const answersAt = scriptAnswers(deps, READER);
  const answers = new Map(SCRIPT_PATHS.map((path) => [path, answersAt(path)]));
  return (request, response) => {
    if (request.method !== 'GET') return false;
    const answer = answers.get(pathOf(request.url ?? ''));
    if (answer === undefined) return false;
    after(answer(request), (answered) => sendAnswer(response, answered));
    return true;
  };
}

const READER: RequestReader<IncomingMessage> = {
  method: ({ method = '' }) => method,
  url: ({ url = '' }) => url,
  isSecure: ({ socket }) => socket instanceof TLSSocket,
  header: ({ headers }, name) => headers[name]?.toString(),
  peerAddress: ({ socket }) => socket.remoteAddress,
  peerPort: ({ socket }) => socket.remotePort,
  forwardedFor: ({ headers }) => headers['x-forwarded-for']?.toString(),
  background: () => {},
};

function pathOf(url: string): string {
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
}
