import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import endpoints from '../fixtures/smd/component-endpoints.json' with { type: 'json' };
import components from '../fixtures/smd/components.json' with { type: 'json' };
import interfaces from '../fixtures/smd/ethernet-interfaces-all.json' with { type: 'json' };
import groups from '../fixtures/smd/groups.json' with { type: 'json' };
import memberships from '../fixtures/smd/memberships.json' with { type: 'json' };
import { parsedTarget, problem, type SmdKnowledge, smdAnswers } from './smd-answers.ts';
import { addNode, emptyLists, type SmdLists, type SmdNode } from './smd-lists.ts';

export type { SmdNode } from './smd-lists.ts';

/**
 * How SMD answers; `slow` is milliseconds, `stall` stops in the middle of the body, `text` is a 200 with that body,
 * and `half-empty` knows nothing of the first half of the components.
 */
export type SmdMode =
  | ('healthy' | 'hang' | 'stall' | 'refuse' | 'garbage' | 'wrong types' | 'empty' | 'half-empty')
  | ({ readonly slow: number } | { readonly status: number } | { readonly text: string });

/** One request; `start` and `end` in milliseconds of the performance clock, no `end` while it waits for its answer. */
export type SmdRequest = {
  /** Path and query, as sent. */
  readonly target: string;
  readonly authorization: string | undefined;
  readonly start: number;
  end: number | undefined;
};

/** An SMD of our own on 127.0.0.1. It starts with what `test/fixtures/smd` recorded, unless it is given nodes. */
export interface SmdSimulator {
  /** For `HSM_URL`. */
  readonly url: string;
  /** How it answers from now on. */
  mode: SmdMode;
  /** The same for single paths below `/hsm/v2`, such as `/memberships`; stands before `mode`. */
  readonly modeOf: Map<string, SmdMode>;
  /** What it knows, in SMD's own words: may be changed at any time, but see `changed`. */
  readonly lists: SmdLists;
  /** All requests so far, in the order they came. Set its `length` to 0 to begin anew. */
  readonly requests: SmdRequest[];
  /** Requests that are neither answered nor given up now, and the most that were so at once. Set `most` to begin anew. */
  readonly flight: { readonly now: number; most: number };
  /** Puts a node at the end of every list that it belongs to. */
  add(node: SmdNode): void;
  /** Of a `frozen` one: says that `lists` were changed. What was asked for whole is ready again when this returns. */
  changed(): void;
  /** From now on, what is not public needs this token; `undefined` opens everything. */
  requireToken(token: string | undefined): void;
  stop(): Promise<void>;
}

export type SmdOptions = {
  readonly nodes?: readonly SmdNode[];
  /** A free one, if left out. */
  readonly port?: number;
  /** For very many nodes: whole answers are kept and look-ups are indexed, until `add` or `changed`. */
  readonly frozen?: boolean;
  /** Answers a request itself when it returns true; SMD then knows nothing of it. */
  readonly aside?: (request: IncomingMessage, response: ServerResponse) => boolean;
};

const RECORDED = { components: components.Components, interfaces, endpoints: endpoints.ComponentEndpoints };
const GARBAGE = '{"Components":[{"ID":"x1000c0s0b';
const PUBLIC = /^\/(State\/Components|Inventory\/EthernetInterfaces|service\/.*)$/;

/** Starts a simulator. */
export async function startSmd(options: SmdOptions = {}): Promise<SmdSimulator> {
  const { frozen = false } = options;
  const lists = options.nodes ? emptyLists() : structuredClone({ ...RECORDED, memberships, groups });
  const flight = { now: 0, most: 0 };
  const answers = smdAnswers(lists, frozen);
  let token: string | undefined;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url: target = '/', headers } = request;
    const seen: SmdRequest = { target, authorization: headers.authorization, start: performance.now(), end: undefined };
    smd.requests.push(seen);
    flight.most = Math.max(flight.most, ++flight.now);
    response.once('close', () => {
      flight.now -= 1;
    });
    const { path } = parsedTarget(target);
    const mode = smd.modeOf.get(path) ?? smd.mode;
    const denied = token !== undefined && !PUBLIC.test(path) && headers.authorization !== `Bearer ${token}`;
    let [status, text] = denied ? [401, problem(401)] : answers.answer(target, knowledgeIn(mode));
    if (mode === 'hang') return;
    if (typeof mode === 'object' && 'slow' in mode) await sleep(mode.slow);
    if (typeof mode === 'object' && 'status' in mode) [status, text] = [mode.status, problem(mode.status)];
    if (mode === 'garbage') text = Buffer.from(GARBAGE);
    if (typeof mode === 'object' && 'text' in mode) text = Buffer.from(mode.text);
    seen.end = performance.now();
    if (mode === 'refuse') return void request.socket.destroy();
    response.writeHead(status, { 'Content-Type': status === 200 ? 'application/json' : 'application/problem+json' });
    if (mode === 'stall') response.write(text.subarray(0, text.length / 2));
    else response.end(text);
  }

  // A backlog for a thousand clients at once: the default drops connections, which then come a second later.
  const server = createServer((request, response) => {
    if (!options.aside?.(request, response)) void serve(request, response);
  });
  server.listen({ port: options.port ?? 0, host: '127.0.0.1', backlog: 4096 });
  await once(server, 'listening');
  const address = server.address();
  const smd: SmdSimulator = {
    url: `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`,
    mode: 'healthy',
    modeOf: new Map(),
    lists,
    requests: [],
    flight,
    add(node) {
      addNode(lists, node);
      answers.forget();
    },
    changed: answers.renew,
    requireToken(wanted) {
      token = wanted;
    },
    async stop() {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  options.nodes?.forEach(smd.add);
  return smd;
}

function knowledgeIn(mode: SmdMode): SmdKnowledge {
  return mode === 'empty' || mode === 'wrong types' || mode === 'half-empty' ? mode : 'all';
}
