/**
 * `npm run bench`: how fast the Node entry hands out scripts, against a bare Hono server that gives an answer of the same
 * length and headers to as many connections. Each service is measured beside the bare server, and nothing else runs: five
 * turns of BENCH_SECONDS (5) each, after each node has asked once, which is measured too. BENCH_NODES (100,10000,100000) are
 * the sizes, smallest first. Takes about ten minutes. Fails when a bound at the end of the table is not kept.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Postgres, startPostgres } from '../test/support/postgres.ts';
import { judge } from './bounds.ts';
import { type Fleet, type Inventory, makeFleet } from './fleet.ts';
import { type Ask, type Measured, measure, measureEach } from './load.ts';
import { watchRun } from './machine.ts';
import { askFor, isBootScript } from './nodes.ts';
import { say } from './say.ts';
import { scratchFolder } from './scratch.ts';
import { HEAD, LEGEND, type Pair, row, scriptBounds } from './scripts-report.ts';
import { type Server, startBareServer } from './server.ts';
import { numbers, setting } from './setting.ts';
import { table } from './table.ts';

const SECONDS = setting('BENCH_SECONDS', 5);
const SIZES = numbers('BENCH_NODES', [100, 10_000, 100_000]);
const TURNS = 5;
/** Seconds until the most of what runs is compiled. */
const WARM_UP = 3;
/** Milliseconds for the service to be still after its start, and after it was paused to hear that it has missed nothing. */
const SETTLE = 2000;

/** The share of the nodes that ask in the warm-up: the others have not asked before they are measured. */
const ASKING = 0.1;

/** A server and what it is asked, while it is measured. */
type Subject = { readonly server: Server; readonly asks: readonly Ask[]; readonly runs: Measured[] };

/** Measures the service over a fleet and the bare server in turns. Who does not run is paused, and takes nothing from who does. */
async function measurePair(fleet: Fleet, inventory: Inventory, folder: string): Promise<Pair> {
  const { server, status, script } = await fleet.start(inventory);
  const servers = [server];
  try {
    const service: Subject = { server, asks: fleet.nodes.map(askFor), runs: [] };
    const [{ path } = { path: '/' }] = service.asks;
    const answer = join(folder, 'answer.json');
    writeFileSync(answer, await answerOf(server.url + path));
    const bareServer = await startBareServer(answer, join(folder, 'bare.log'));
    servers.push(bareServer);
    await bareServer.until(path);
    const bare: Subject = {
      server: bareServer,
      asks: service.asks.map((ask) => ({ ...ask, isAnswer: isBootScript })),
      runs: [],
    };

    const first: Measured[] = [];
    for (const { server, asks } of [service, bare]) {
      const few = Math.ceil(asks.length * ASKING);
      await measure(server.url, asks.slice(0, few), WARM_UP);
      first.push(await measureEach(server.url, asks.slice(few)));
      server.pause();
    }
    for (let turn = 1; turn <= TURNS; turn++) {
      for (const subject of turn % 2 === 1 ? [bare, service] : [service, bare]) {
        subject.server.resume();
        await sleep(SETTLE);
        subject.runs.push(await measure(subject.server.url, subject.asks, SECONDS));
        subject.server.pause();
      }
    }
    const { store, nodes } = fleet;
    const resident = server.resident() ?? Number.NaN;
    return {
      ...{ store, inventory, nodes: nodes.length, resident, start: { status, script } },
      ...{ service: service.runs, bare: bare.runs, first },
    };
  } finally {
    await Promise.all(servers.map((one) => one.stop()));
  }
}

/** The body of an answer and those of its headers that no server adds by itself. */
async function answerOf(url: string): Promise<string> {
  const answer = await fetch(url);
  const own = [...answer.headers].filter(([name]) => !/^(connection|content-length|date|keep-alive)$/.test(name));
  return JSON.stringify({ text: await answer.text(), headers: Object.fromEntries(own) });
}

/** Each fleet with its inventory in a file, and that of the size in the middle without an inventory too. */
async function measureAll(folder: string, postgres: Postgres): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (const store of [postgres, undefined]) {
    for (const [at, size] of SIZES.entries()) {
      say(`${size.toLocaleString('en')} nodes, ${store === undefined ? 'PGlite' : 'PostgreSQL'}`);
      const fleet = await makeFleet(size, folder, store);
      pairs.push(await measurePair(fleet, 'file', folder));
      if (at === SIZES.length >> 1) pairs.push(await measurePair(fleet, 'standalone', folder));
    }
  }
  return pairs;
}

async function main(): Promise<void> {
  const end = await watchRun();
  const folder = scratchFolder();
  const postgres = await startPostgres();
  try {
    const pairs = await measureAll(folder, postgres);
    console.log(table([HEAD, ...pairs.map(row)]));
    console.log(`\n${LEGEND}`);
    judge(scriptBounds(pairs));
    end(`GET /boot/v1/bootscript on 64 connections, ${TURNS} runs of ${SECONDS} s`);
  } finally {
    await postgres.stop();
  }
}

await main();
