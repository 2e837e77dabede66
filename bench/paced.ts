/**
 * Nodes that ask for scripts at an even pace, whether or not those before are answered, as a process of its own:
 * `node bench/paced.ts <url> <nodes> <scripts a second> <versions>`. Any of so many later configurations may be theirs.
 * Ends when its standard input does, and then writes what they were answered, as JSON.
 */
import { createHistogram } from 'node:perf_hooks';
import { type Connection, openConnection } from './connection.ts';
import { makeNodes, scriptPath } from './nodes.ts';
import type { PacedCounts } from './paced-process.ts';
import { judgeScript } from './right-script.ts';

/** Milliseconds between two looks at who is due, and those that an answer may stand still. */
const [TICK, STALL] = [2, 10_000];
/** Microseconds in a millisecond. */
const MICRO = 1000;

const [url = '', count, rate, versions] = process.argv.slice(2);
const nodes = makeNodes(Number(count));
const pace = Number(rate) / 1000;
const free: Connection[] = [];
/** In microseconds, from the moment at which a request was due. */
const latencies = createHistogram({ figures: 3 });
const counts = { right: 0, wrong: 0, broken: 0 };
const examples: string[] = [];
const began = performance.now();
const idle = performance.eventLoopUtilization();
let sent = 0;
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
  const node = nodes[at];
  if (node === undefined) return;
  waiting += 1;
  const connection = freeConnection();
  try {
    const { status, body } = await connection.get(scriptPath(node));
    latencies.record(Math.max(1, Math.round((performance.now() - due) * MICRO)));
    const verdict = judgeScript(body, node, at, Number(versions));
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
  for (const due = (performance.now() - began) * pace; sent < due; sent++) void ask(began + sent / pace);
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
