/**
 * `npm run bench:worker`: what a script costs the Worker, in workerd on this machine, with Neon's HTTP in front of a
 * PostgreSQL and an SMD beside it: round trips, processor time, and the size of what is deployed. BENCH_NODES (4000) are in
 * SMD and ask once each, then twenty of them again and again for BENCH_SECONDS (10). Takes about a minute, on Linux only.
 * Fails when a bound at the end of the table is not kept.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { manyNodes } from '../test/support/many-nodes.ts';
import { startPostgres } from '../test/support/postgres.ts';
import { type SmdSimulator, startSmd } from '../test/support/smd-simulator.ts';
import { startWorkerService, type WorkerService } from '../test/support/worker-service.ts';
import { judge } from './bounds.ts';
import { childTime } from './child-time.ts';
import { openConnection } from './connection.ts';
import { type Ask, measure } from './load.ts';
import { watchRun } from './machine.ts';
import { askFor, isBootScript, makeNodes, postNodes } from './nodes.ts';
import { say } from './say.ts';
import { scratchFolder } from './scratch.ts';
import { setting } from './setting.ts';
import { smdSteps } from './smd-steps.ts';
import { table } from './table.ts';
import { measureBundles } from './worker-bundle.ts';
import { type Asked, bundleSummary, HEAD, LEGEND, row, type Trips, workerBounds } from './worker-report.ts';

const NODES = setting('BENCH_NODES', 4000);
const SECONDS = setting('BENCH_SECONDS', 10);
/** Of the nodes, so many ask one by one. */
const SINGLE = 50;
/** And so many ask again and again: each so often that what is known of it is taken as it is. */
const AGAIN = 20;
const CONNECTIONS = 16;
/** When for so many milliseconds nobody was asked anything, nothing of a request goes on. */
const SETTLE = 250;
/** Milliseconds that SMD takes while its requests are counted, so that those sent together are seen to be. */
const SLOW = 50;
/** Milliseconds in which it is seen what workerd takes when it is idle. */
const IDLE = 3000;
/** Milliseconds that an answer may stand still. */
const STALL = 30_000;

/** Waits until what goes on behind answers is done. */
async function settle(worker: WorkerService, smd: SmdSimulator): Promise<void> {
  const seen = (): number => worker.databaseRequests() + smd.requests.length;
  for (let before = Number.NaN; before !== seen(); await sleep(SETTLE)) before = seen();
}

/** What a request makes others do: HEAD gives a script as GET does, but no access is noted behind it. */
async function count(worker: WorkerService, smd: SmdSimulator, path: string): Promise<Trips> {
  const before = worker.databaseRequests();
  smd.requests.length = 0;
  await (await worker.fetch(path, { method: 'HEAD' })).arrayBuffer();
  const answered = performance.now();
  await settle(worker, smd);
  const database = worker.databaseRequests() - before;
  const asked = smd.requests.filter(({ start }) => start < answered);
  await (await worker.fetch(path)).arrayBuffer();
  await settle(worker, smd);
  const withHistory = worker.databaseRequests() - before - database;
  return { database, withHistory, smdRequests: asked.length, smdSteps: smdSteps(asked) };
}

/** Asks for each once, on some connections; how many answers were wrong. */
async function askEach(url: string, asks: readonly Ask[]): Promise<{ right: number; wrong: number }> {
  const result = { right: 0, wrong: 0 };
  let next = 0;
  async function goOn(): Promise<void> {
    const connection = openConnection(url, STALL);
    for (let ask = asks[next++]; ask !== undefined; ask = asks[next++]) {
      const { status, body } = await connection.get(ask.path);
      result[status === 200 && ask.isAnswer(body) ? 'right' : 'wrong'] += 1;
    }
    connection.close();
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, goOn));
  return result;
}

/** Milliseconds of processor time for each script of a load, beside what workerd takes anyway. */
async function timed(
  load: () => Promise<{ right: number; wrong: number }>,
): Promise<{ scripts: number; wrong: number; time: number }> {
  await sleep(IDLE);
  const idle = childTime('workerd');
  await sleep(IDLE);
  const before = childTime('workerd');
  const began = performance.now();
  const { right, wrong } = await load();
  await sleep(SETTLE);
  const anyway = ((before - idle) / IDLE) * (performance.now() - began);
  const scripts = right + wrong;
  return { scripts, wrong, time: (childTime('workerd') - before - anyway) / scripts };
}

async function measureWorker(databaseUrl: string): Promise<Asked[]> {
  const smd = await startSmd({ nodes: manyNodes(NODES), frozen: true });
  const worker = await startWorkerService({ HSM_URL: smd.url, BSS_LOG_LEVEL: 'warn' }, { databaseUrl });
  try {
    const nodes = makeNodes(NODES);
    await postNodes(worker.url, nodes);
    const asks = nodes.map(askFor);
    const [single, once] = [asks.slice(0, SINGLE), asks.slice(SINGLE + AGAIN)];
    const again = asks.slice(SINGLE, SINGLE + AGAIN);
    // What an isolate asks once for all falls into nobody's figures, nor does what is compiled.
    await askEach(worker.url, again);
    await measure(worker.url, again, 2, CONNECTIONS);

    await settle(worker, smd);
    smd.mode = { slow: SLOW };
    const [cold, warm]: [Trips[], Trips[]] = [[], []];
    for (const { path } of single) {
      cold.push(await count(worker, smd, path));
      warm.push(await count(worker, smd, path));
    }
    smd.mode = 'healthy';
    say('single scripts are counted');
    const coldTime = await timed(() => askEach(worker.url, once));
    const warmTime = await timed(() => measure(worker.url, again, SECONDS, CONNECTIONS));
    return [
      { name: 'Worker, nodes that nobody asked for', trips: cold, ...coldTime },
      { name: 'Worker, nodes of a moment ago', trips: warm, ...warmTime },
    ];
  } finally {
    await worker.stop();
    await smd.stop();
  }
}

async function measureBare(databaseUrl: string): Promise<Asked> {
  const worker = await startWorkerService({}, { databaseUrl, main: 'bench/bare-worker.ts' });
  try {
    const asks: Ask[] = [{ path: '/boot/v1/bootscript', isAnswer: (body) => isBootScript(body) }];
    await measure(worker.url, asks, 2, CONNECTIONS);
    return { name: 'bare Worker', trips: [], ...(await timed(() => measure(worker.url, asks, SECONDS, CONNECTIONS))) };
  } finally {
    await worker.stop();
  }
}

async function main(): Promise<void> {
  const end = await watchRun();
  const folder = scratchFolder();
  const postgres = await startPostgres();
  try {
    const bundles = await measureBundles(folder);
    const asked = [
      ...(await measureWorker(await postgres.createDatabase())),
      await measureBare(await postgres.createDatabase()),
    ];
    console.log(table([HEAD, ...asked.map(row)]));
    console.log(`\n${LEGEND}\n\n${bundles.map(bundleSummary).join('\n')}`);
    judge(workerBounds(asked, bundles));
    end(`workerd with Neon's HTTP and SMD, ${NODES.toLocaleString('en')} nodes, ${CONNECTIONS} connections`);
  } finally {
    await postgres.stop();
  }
}

await main();
