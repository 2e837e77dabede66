/**
 * Nodes that ask for scripts at an even pace, whether or not those before are answered, as a process of its own:
 * `node bench/paced.ts <url> <nodes> <scripts a second> <versions>`. Any of so many later configurations may be theirs.
 * Ends when its standard input does, and then writes what they were answered, as JSON.
 */
import { createHistogram } from 'node:perf_hooks';
import { type Connection, openConnection } from './connection.ts';
import { askFor, makeNodes } from './nodes.ts';
import type { PacedCounts } from './paced-process.ts';
import { judgeScript } from './right-script.ts';

/** Milliseconds between two looks at who is due, and those that an answer may stand still. */
const [TICK, STALL] = [2, 10_000];
/** So many wait for an answer at once; who is due then asks a moment later, and has waited since it was due. */
const MOST = 256;
/** One of so many scripts is read word by word; of the others it must be the node's own and boot. */
const READ = 16;
/** Microseconds in a millisecond. */
const MICRO = 1000;

const [url = '', count, rate, versions] = process.argv.slice(2);
const nodes = makeNodes(Number(count));
const asks = nodes.map(askFor);
const pace = Number(rate) / 1000;
const free: Connection[] = [];
/** In microseconds, from the moment at which a request was due. */
const latencies = createHistogram({ figures: 3 });
const counts = { right: 0, wrong: 0, broken: 0 };
const examples: string[] = [];
const began = performance.now();
const idle = performance.eventLoopUtilization();
const RIGHT = { kind: 'boot' } as const;
let sent = 0;
let answered = 0;
let waiting = 0;

/** As many connections are opened as are needed; some that rested were closed. */
function freeConnection(): Connection {
  for (let connection = free.pop(); connection !== undefined; connection = free.pop()) {
    if (connection.isFree) return connection;
  }
  return openConnection(url, STALL);
}

async function ask(due: number): Promise<void> {
  const at = Math.floor(Math.random() * nodes.length);
  const [node, asked] = [nodes[at], asks[at]];
  if (node === undefined || asked === undefined) return;
  waiting += 1;
  const connection = freeConnection();
  try {
    const { status, body } = await connection.get(asked.path);
    latencies.record(Math.max(1, Math.round((performance.now() - due) * MICRO)));
    answered += 1;
    const isRead = answered % READ === 0 || status !== 200 || !asked.isAnswer(body);
    const verdict = isRead ? judgeScript(body, node, at, Number(versions)) : RIGHT;
    if (status === 200 && verdict.kind === 'boot') counts.right += 1;
    else {
      counts.wrong += 1;
      if (examples.length < 5) examples.push(`${node.xname}: ${status} ${'reason' in verdict ? verdict.reason : ''}`);
    }
    if (connection.isFree) free.push(connection);
  } catch (error) {
    counts.broken += 1;
    if (examples.length < 5) examples.push(String(error));
  }
  waiting -= 1;
}

const ticking = setInterval(() => {
  const due = (performance.now() - began) * pace;
  for (; sent < due && waiting < MOST; sent++) void ask(began + sent / pace);
}, TICK);

process.stdin.resume().once('end', () => {
  clearInterval(ticking);
  const seconds = (performance.now() - began) / 1000;
  const milliseconds = (share: number): number => latencies.percentile(share) / MICRO;
  const report: PacedCounts = {
    ...counts,
    unanswered: waiting,
    examples,
    rate: counts.right / seconds,
    p50: milliseconds(50),
    p99: milliseconds(99),
    longest: latencies.max / MICRO,
    client: performance.eventLoopUtilization(idle).utilization,
  };
  process.stdout.write(JSON.stringify(report), () => process.exit(0));
});
