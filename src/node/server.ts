import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import { createApp } from '../http/app.ts';
import type { AppDeps } from '../http/deps.ts';
import { HOST_RULE, parseHost } from '../http/host.ts';
import { type ProblemStatus, problem, problemAnswer, problemBody } from '../http/problem.ts';
import { newRequestId } from '../http/request-id.ts';
import type { Runtime } from '../http/runtime.ts';
import { scriptListener } from './script-listener.ts';
import { sendAnswer } from './send-answer.ts';
import { settleShapes } from './settle-shapes.ts';
import { takingTurns } from './turns.ts';

/** Milliseconds. iPXE keeps an idle connection for 10 s: the server must not close it first. */
const KEEP_ALIVE = 65_000;
/** Milliseconds that headers, and a whole request, may take to come in. */
const SLOWEST_REQUEST = 30_000;
/** Milliseconds that nothing at all may come in or go out while a request is worked on or an answer read. */
const STANDSTILL = 30_000;

/**
 * A server that answers with the application, and with problems what it does not let through to it. Scripts it answers
 * itself.
 */
export function createNodeServer(deps: AppDeps): Server {
  const answerScript = scriptListener(deps);
  const answer = getRequestListener(createApp(deps).fetch, {
    errorHandler: () => problem(400, 'the request cannot be read', { 'X-Request-Id': newRequestId() }),
  });
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const refusal = refusalOf(request);
    if (refusal !== undefined) refuse(response, refusal);
    else if (!answerScript(request, response)) answer(request, response);
  };
  const server = createServer(
    {
      keepAliveTimeout: KEEP_ALIVE,
      headersTimeout: SLOWEST_REQUEST,
      requestTimeout: SLOWEST_REQUEST,
      connectionsCheckingInterval: 5000,
      maxHeaderSize: 16 * 1024,
      // Its absence is answered with a problem, like every Host that is none.
      requireHostHeader: false,
    },
    listener,
  );
  settleShapes(server);
  server.timeout = STANDSTILL;
  server.on('checkExpectation', (_request, response: ServerResponse) => refuse(response, 'Expect: cannot be met'));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable) return void socket.destroy();
    const [status, reason] = statusOf(error.code);
    const body = problemBody(status, 'the request is not valid HTTP');
    const head = [
      `HTTP/1.1 ${status} ${reason}`,
      'Content-Type: application/problem+json',
      `Content-Length: ${body.length}`,
      `X-Request-Id: ${newRequestId()}`,
      'Connection: close',
    ];
    // Closed for both sides: what the client goes on sending is not read any more.
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
  });
  return server;
}

/** What this runtime knows of a request. `@hono/node-server` drops the body of a GET, which BSS clients do send. */
export const nodeRuntime: Runtime = {
  peerAddress: (c) => peerOf(c)?.remoteAddress,
  peerPort: (c) => peerOf(c)?.remotePort,
  forwardedFor: (c) => c.req.header('x-forwarded-for'),
  body(c) {
    const incoming = incomingOf(c);
    if (incoming === undefined || (c.req.method !== 'GET' && c.req.method !== 'HEAD')) return c.req.raw.body;
    const hasBody = 'content-length' in incoming.headers || 'transfer-encoding' in incoming.headers;
    return hasBody ? ReadableStream.from(Readable.from(incoming)) : null;
  },
  ...takingTurns(),
  background: () => {},
};

function incomingOf(c: Context<{ Bindings: Partial<HttpBindings> }>): IncomingMessage | undefined {
  return c.env?.incoming;
}

function peerOf(c: Context): Socket | undefined {
  return incomingOf(c)?.socket;
}

/** A target in absolute form or a second Host could reach a chain URL. */
function refusalOf(request: IncomingMessage): string | undefined {
  if (!request.url?.startsWith('/')) return 'the request target must be a path';
  if (countHosts(request.rawHeaders) > 1) return 'Host: must be given once';
  return parseHost(request.headers.host ?? '') === undefined ? HOST_RULE : undefined;
}

/** Names and values take turns. */
function countHosts(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  return count;
}

function refuse(response: ServerResponse, detail: string): void {
  sendAnswer(response, problemAnswer(400, detail, { 'X-Request-Id': newRequestId(), Connection: 'close' }));
}

function statusOf(code: string | undefined): [ProblemStatus, string] {
  if (code === 'HPE_HEADER_OVERFLOW') return [431, 'Request Header Fields Too Large'];
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? [408, 'Request Timeout'] : [400, 'Bad Request'];
}
