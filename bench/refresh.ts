/**
 * `npm run bench:refresh`: how long scripts take while the service reads all of a large SMD, and how much memory it needs
 * for it. BENCH_NODES (100000) are in SMD. A gentle client asks for a script now and then, first alone, then beside
 * connections that never rest; refreshes are forced, and happen by themselves. Takes about a minute and a half. Fails when
 * a bound at the end of the table is not kept.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startPostgres } from '../test/support/postgres.ts';
import { judge } from './bounds.ts';
import { type Sample, startGentle } from './gentle.ts';
import { watchRun } from './machine.ts';
import { isBootScript, makeNodes, postDefault, scriptPath } from './nodes.ts';
import { HEAD, type Phase, type Refresh, refreshBounds, rows } from './refresh-report.ts';
import { startReporter } from './reporter.ts';
import { say } from './say.ts';
import { scratchFolder } from './scratch.ts';
import { type Server, startService } from './server.ts';
import { setting } from './setting.ts';
import { type SmdOrder, type SmdProcess, startSmdProcess } from './smd-process.ts';
import { table } from './table.ts';

const NODES = setting('BENCH_NODES', 100_000);
/** Scripts a second that the gentle client asks for. */
const RATE = 50;
const CONNECTIONS = 20;
/** Seconds, for `BSS_HSM_RETRIEVAL_DELAY`. */
const DELAY = 5;
/** What changes in SMD before each forced refresh. */
const TOUCHES: readonly NonNullable<SmdOrder['touch']>[] = ['none', 'some', 'all', 'all'];
/** Milliseconds between them. */
const PAUSE = 5000;
/** Milliseconds for which a refresh counts as going on after SMD's last answer: the service still works on it. */
const TAIL = 1500;
/** Milliseconds since 1970. */
type Span = { readonly start: number; readonly end: number };

function now(): number {
  return performance.timeOrigin + performance.now();
}

function toMegabytes(mebibytes: number | undefined): number {
  return (mebibytes ?? Number.NaN) * 1.048576;
}

/** Has the service read all of SMD, after a change there. */
async function refresh(
  server: Server,
  smd: SmdProcess,
  touch: NonNullable<SmdOrder['touch']>,
): Promise<Refresh & Span> {
  await smd.order({ touch });
  const start = now();
  const { status } = await fetch(`${server.url}/boot/v1/hosts`, { method: 'POST' });
  const end = now();
  return { touch, status, milliseconds: end - start, start, end };
}

async function runPhase(name: string, server: Server, smd: SmdProcess, paths: string[], busy: boolean): Promise<Phase> {
  let memory = 0;
  const watching = setInterval(() => {
    memory = Math.max(memory, toMegabytes(server.resident()));
  }, 100);
  const seconds = (TOUCHES.length + 1) * (PAUSE / 1000);
  const others = busy
    ? startReporter(['bench/flat-out.ts', server.url, String(NODES), String(CONNECTIONS), String(seconds)])
    : undefined;
  await smd.order({ forget: true });
  const gentle = startGentle(server.url, paths, RATE);
  const refreshes: (Refresh & Span)[] = [];
  for (const touch of TOUCHES) {
    await sleep(PAUSE);
    refreshes.push(await refresh(server, smd, touch));
  }
  await sleep(PAUSE);
  const samples = await gentle.stop();
  const { whole, wholes } = await smd.counts();
  clearInterval(watching);
  const measured = await others?.stop();

  const spans = [...refreshes, ...wholes].map(({ start, end = now() }): Span => ({ start, end: end + TAIL }));
  const isInside = ({ start, milliseconds }: Sample): boolean =>
    spans.some((span) => start < span.end && start + milliseconds > span.start);
  return {
    name,
    inside: samples.filter(isInside),
    outside: samples.filter((sample) => !isInside(sample)),
    refreshes,
    whole,
    memory,
    rate: rateOf(measured),
  };
}

function rateOf(measured: unknown): number | undefined {
  return typeof measured === 'object' && measured !== null && 'rate' in measured ? Number(measured.rate) : undefined;
}

async function main(): Promise<void> {
  const end = await watchRun();
  const folder = scratchFolder();
  const postgres = await startPostgres();
  const servers: Server[] = [];
  try {
    const log = join(folder, 'service.log');
    const settings = { BSS_STORE: 'postgres', DATABASE_URL: await postgres.createDatabase() };
    const writer = await startService(settings, log);
    await writer.until('/boot/v1/bootparameters');
    await postDefault(writer.url);
    await writer.stop();

    const smd = await startSmdProcess(NODES, join(folder, 'smd.log'));
    servers.push(smd.server);
    const delay = { HSM_URL: smd.server.url, BSS_HSM_RETRIEVAL_DELAY: String(DELAY) };
    const server = await startService({ ...settings, ...delay }, log);
    servers.push(server);
    const paths = makeNodes(NODES).map(scriptPath);
    const first = await server.until(paths[0] ?? '/', isBootScript);
    say(`first script after ${first.toFixed(0)} ms`);
    // What is compiled and allocated once falls into nobody's time.
    const warming = startGentle(server.url, paths, RATE);
    await refresh(server, smd, 'all');
    await sleep(PAUSE);
    await warming.stop();

    const phases: Phase[] = [];
    for (const [name, busy] of [
      ['alone', false],
      [`beside ${CONNECTIONS} connections`, true],
    ] as const) {
      say(name);
      phases.push(await runPhase(name, server, smd, paths, busy));
    }
    const title = `${RATE} scripts/s, ${NODES.toLocaleString('en')} nodes in SMD`;
    console.log(table([[title, ...HEAD], ...phases.flatMap(rows)]));
    console.log(
      `\nInside: while the service reads SMD's lists, and ${TAIL} ms after that. Others/s: what the connections beside got.`,
    );
    judge(refreshBounds(phases, toMegabytes(server.resident('peak'))));
    end('PostgreSQL');
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
    await postgres.stop();
  }
}

await main();
