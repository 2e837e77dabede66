import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { isProbe } from '../adapters/probes.ts';

type Kind = 'script' | 'api' | 'probe';
type Count = readonly [kind: Kind, status: string, count: number];

/** What a server has answered. */
export type ServedRequests = {
  /** How many clients are connected. */
  connections(): Promise<number>;
  inFlight(): number;
  /** Answers so far. `status` is a class like `2xx`, or `503`, or `aborted` when the client went away before the end. */
  responses(): Iterable<Count>;
};

/** Counts what a server answers, whoever in it does: also what is turned away before it is looked at. */
export function servedRequests(server: Server): ServedRequests {
  const counts = new Map<string, Count>();
  let inFlight = 0;

  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    inFlight += 1;
    const kind = kindOf(request.url ?? '');
    response.once('close', () => {
      inFlight -= 1;
      const status = response.writableFinished ? classOf(response.statusCode) : 'aborted';
      const key = `${kind} ${status}`;
      counts.set(key, [kind, status, (counts.get(key)?.[2] ?? 0) + 1]);
    });
  });
  return {
    connections: () => promisify(server.getConnections.bind(server))(),
    inFlight: () => inFlight,
    responses: () => counts.values(),
  };
}

function kindOf(url: string): Kind {
  const at = url.indexOf('?');
  const end = at < 0 ? url.length : at;
  if (url.endsWith('/bootscript', end)) return 'script';
  return isProbe(url.slice(0, end)) ? 'probe' : 'api';
}

function classOf(status: number): string {
  return status === 503 ? '503' : `${Math.floor(status / 100)}xx`;
}
