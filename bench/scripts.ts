/**
 * `npm run bench`: how fast the Node entry hands out scripts, against a bare Hono server that gives an answer of the same
 * length and headers. Services and bare server take turns, three runs each of BENCH_SECONDS (5); a ratio is the median of the
 * ratios within each turn, so that a machine that is busy now and then falls out. Takes about three minutes.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../test/support/postgres.ts';
import { type Fleet, type Inventory, makeFleet } from './fleet.ts';
import { type Load, load } from './load.ts';
import { machine } from './machine.ts';
import { scriptPath } from './nodes.ts';
import { median } from './percentile.ts';
import { type Server, startBareServer } from './server.ts';
import { table } from './table.ts';

const SECONDS = Number(process.env.BENCH_SECONDS ?? 5);
const TURNS = 3;
const SIZES = [100, 10_000];

/** A row of the table while it is being measured. */
type Subject = { name: string; server: Server; paths: string[]; start: string[]; loads: Load[] };

const HEAD = 'requests/s  ratio  p50 ms  ratio  p99 ms  ratio  client busy  RSS MiB  status ms  script ms'.split('  ');

const LEGEND = `Medians; ratios are to bare Hono in the same turn. Client busy: near 100 % it is the load generator that limits the rate.
RSS after the load. Status and script: from the start of a process over existing data to its first answer and first boot script.`;

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Measures the services over all fleets, and the bare server, in turns. The first row is the bare server's. */
async function measure(fleets: readonly Fleet[], inventory: Inventory, folder: string): Promise<string[][]> {
  const subjects: Subject[] = [];
  try {
    for (const fleet of fleets) {
      const { server, status, script } = await fleet.start(inventory);
      const name = `${inventory}, ${fleet.store}, ${fleet.nodes.length.toLocaleString('en')} nodes`;
      subjects.push({
        name,
        server,
        paths: fleet.nodes.map(scriptPath),
        start: [status.toFixed(0), script.toFixed(0)],
        loads: [],
      });
    }
    const [model] = subjects;
    if (model === undefined) return [];
    const answer = join(folder, `answer-${inventory}.json`);
    writeFileSync(answer, await answerOf(model.server.url + model.paths[0]));
    const server = await startBareServer(answer, join(folder, 'bare.log'));
    const bare: Subject = { ...model, name: `${inventory}, bare Hono`, server, start: [], loads: [] };
    subjects.unshift(bare);
    await server.until(bare.paths[0] ?? '/');

    for (const { server, paths } of subjects) await load(server.url, paths, 1);
    for (let turn = 1; turn <= TURNS; turn++) {
      say(`${inventory} inventory: turn ${turn} of ${TURNS}`);
      for (const { server, paths, loads } of subjects) loads.push(await load(server.url, paths, SECONDS));
    }
    return subjects.map((subject) => row(subject, bare.loads));
  } finally {
    await Promise.all(subjects.map(({ server }) => server.stop()));
  }
}

/** The body of an answer and those of its headers that no server adds by itself. */
async function answerOf(url: string): Promise<string> {
  const answer = await fetch(url);
  const own = [...answer.headers].filter(([name]) => !/^(connection|content-length|date|keep-alive)$/.test(name));
  return JSON.stringify({ text: await answer.text(), headers: Object.fromEntries(own) });
}

function row({ name, server, start, loads }: Subject, bare: readonly Load[]): string[] {
  const middle = (key: keyof Load): number => median(loads.map((one) => one[key]));
  const ratio = (key: keyof Load): string =>
    median(loads.map((one, turn) => one[key] / (bare[turn]?.[key] ?? Number.NaN))).toFixed(2);
  return [
    name,
    middle('rate').toFixed(0),
    ratio('rate'),
    middle('p50').toFixed(1),
    ratio('p50'),
    middle('p99').toFixed(1),
    ratio('p99'),
    `${(middle('client') * 100).toFixed(0)} %`,
    server.resident()?.toFixed(0) ?? '',
    ...start,
  ];
}

async function main(): Promise<void> {
  const began = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'bss-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  const postgres = await startPostgres();
  try {
    const fleets: Fleet[] = [];
    for (const store of [undefined, postgres]) {
      for (const size of SIZES) fleets.push(await makeFleet(size, folder, store));
    }
    say('nodes are written');
    const rows = [...(await measure(fleets, 'standalone', folder)), ...(await measure(fleets, 'file', folder))];
    console.log(table([[`GET /boot/v1/bootscript, ${TURNS} runs of ${SECONDS} s`, ...HEAD], ...rows]));
    console.log(LEGEND);
    console.log(`${machine()}; 64 connections; ${((performance.now() - began) / 1000).toFixed(0)} s in all`);
  } finally {
    await postgres.stop();
  }
}

await main();
