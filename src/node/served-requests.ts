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

type Counts = Record<number | 'aborted', number>;

/** Counts what a server answers, whoever in it does: also what is turned away before it is looked at. */
export function servedRequests(server: Server): ServedRequests {
  const counts: Record<Kind, Counts> = { script: { aborted: 0 }, api: { aborted: 0 }, probe: { aborted: 0 } };
  let inFlight = 0;

  // One function for all: a closure for each request would be there as long as it.
  function ended(this: ServerResponse<IncomingMessage>): void {
    inFlight -= 1;
    const ofKind = counts[kindOf(this.req.url ?? '')];
    const status = this.writableFinished ? this.statusCode : 'aborted';
    ofKind[status] = (ofKind[status] ?? 0) + 1;
  }

  server.prependListener('request', (_request: IncomingMessage, response: ServerResponse) => {
    inFlight += 1;
    response.on('close', ended);
  });
  return {
    connections: () => promisify(server.getConnections.bind(server))(),
    inFlight: () => inFlight,
    responses: () => (['script', 'api', 'probe'] as const).flatMap((kind) => byClass(kind, counts[kind])),
  };
}

function byClass(kind: Kind, counts: Counts): Count[] {
  const classes = new Map<string, number>();
  for (const [status, count] of Object.entries(counts)) {
    if (count > 0) classes.set(classOf(status), (classes.get(classOf(status)) ?? 0) + count);
  }
  return [...classes].map(([status, count]) => [kind, status, count]);
}

function kindOf(url: string): Kind {
  const at = url.indexOf('?');
  const end = at < 0 ? url.length : at;
  if (url.endsWith('/bootscript', end)) return 'script';
  return isProbe(url.slice(0, end)) ? 'probe' : 'api';
}

function classOf(status: string): string {
  return status === '503' || status === 'aborted' ? status : `${status.charAt(0)}xx`;
}
