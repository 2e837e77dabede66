/**
 * An SMD with very many nodes, as a process of its own: `node bench/smd.ts <port> <nodes>`.
 * `POST /simulator` controls it: {"mode":…} sets how it answers, {"touch":"all"|"some"|"none"} changes the State of nodes,
 * {"forget":true} begins to count anew. `GET /simulator` answers the counts.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import * as v from 'valibot';
import { manyNodes } from '../test/support/many-nodes.ts';
import { isWholeList } from '../test/support/smd-answers.ts';
import { startSmd } from '../test/support/smd-simulator.ts';
import type { SmdCounts } from './smd-process.ts';

/** Of so many nodes, `some` touches one. */
const SOME = 100;

const order = v.object({
  mode: v.optional(
    v.union([
      v.picklist(['healthy', 'hang', 'refuse', 'garbage', 'empty', 'half-empty']),
      v.object({ slow: v.number() }),
    ]),
  ),
  touch: v.optional(v.picklist(['all', 'some', 'none'])),
  forget: v.optional(v.boolean(), false),
});

const [port, count] = process.argv.slice(2);

const smd = await startSmd({
  nodes: manyNodes(Number(count)),
  port: Number(port),
  frozen: true,
  aside(request, response) {
    if (request.url !== '/simulator') return false;
    const answered = request.method === 'POST' ? control(request, response) : tell(response);
    answered.catch((error: unknown) => response.writeHead(400).end(String(error)));
    return true;
  },
});

async function control(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { mode, touch, forget } = v.parse(order, JSON.parse(await text(request)));
  if (mode !== undefined) smd.mode = mode;
  if (touch === 'all') change(1);
  if (touch === 'some') change(SOME);
  if (forget) {
    smd.requests.length = 0;
    smd.flight.most = smd.flight.now;
  }
  response.writeHead(204).end();
}

async function tell(response: ServerResponse): Promise<void> {
  const wholes = smd.requests.filter(({ target }) => isWholeList(target));
  const counts: SmdCounts = {
    requests: smd.requests.length,
    whole: wholes.length,
    most: smd.flight.most,
    wholes: wholes.map(({ start, end }) => ({
      start: performance.timeOrigin + start,
      end: end === undefined ? undefined : performance.timeOrigin + end,
    })),
  };
  response.end(JSON.stringify(counts));
}

/** Gives every so manieth component another State. */
function change(step: number): void {
  for (const [at, component] of smd.lists.components.entries()) {
    if (at % step === 0) component.State = component.State === 'Ready' ? 'On' : 'Ready';
  }
  smd.changed();
}
