/**
 * `npm run bench:gate`: what known nodes get while SMD is healthy, slow and dead and strangers ask, against what they get
 * with the inventory in a file. Phases of BENCH_SECONDS (10) take turns, BENCH_NODES (10000, up to 100000) are known. Takes
 * about four minutes. Fails when a bound at the end of the table is not kept.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { judge } from './bounds.ts';
import { gateBounds, HEAD, LEGEND, type Phase, type Result, type Run, row } from './gate-report.ts';
import { type Ask, measure } from './load.ts';
import { watchRun } from './machine.ts';
import { askFor } from './nodes.ts';
import { recover } from './recover.ts';
import { say } from './say.ts';
import type { Server } from './server.ts';
import { setting } from './setting.ts';
import { withSite } from './site.ts';
import type { SmdProcess } from './smd-process.ts';
import { startStrangers } from './strangers-process.ts';
import { table } from './table.ts';

const SECONDS = setting('BENCH_SECONDS', 10);
const NODES = setting('BENCH_NODES', 10_000);
const TURNS = 3;
const STRANGERS = 10_000;
/** Seconds between two requests of a stranger. */
const PERIOD = 10;
/** Milliseconds for strangers to come and for the service to notice how SMD is. */
const SETTLE = 2000;

/** The first one, whose figures are the yardstick, and the second are without SMD. */
const PHASES: readonly Phase[] = [
  { name: 'file', strangers: false },
  { name: 'file, strangers', strangers: true },
  { name: 'SMD healthy, strangers', mode: 'healthy', strangers: true },
  { name: 'SMD takes 5 s, strangers', mode: { slow: 5000 }, strangers: true },
  { name: 'SMD dead, strangers', mode: 'refuse', strangers: true },
];

async function run({ mode, strangers }: Phase, server: Server, smd: SmdProcess, asks: readonly Ask[]): Promise<Run> {
  server.resume();
  if (mode !== undefined) {
    await recover(server, smd);
    await smd.order({ mode });
  }
  const crowd = strangers ? startStrangers(server.url, STRANGERS, PERIOD) : undefined;
  await sleep(SETTLE);
  await smd.order({ forget: true });
  const known = await measure(server.url, asks, SECONDS);
  const { requests, most } = await smd.counts();
  const counts = await crowd?.stop();
  // Who does not run now takes nothing from who does.
  server.pause();
  return { known, strangers: counts, seen: mode && { rate: requests / SECONDS, most } };
}

async function main(): Promise<void> {
  const end = await watchRun();
  await withSite(NODES, async ({ fleet, smd, start }) => {
    const withFile = await start('file');
    const withSmd = await start('SMD');
    const asks = fleet.nodes.map(askFor);
    for (const server of [withFile, withSmd]) {
      await measure(server.url, asks, 2);
      server.pause();
    }

    const results = PHASES.map((phase): Result => ({ phase, runs: [] }));
    for (let turn = 1; turn <= TURNS; turn++) {
      say(`turn ${turn} of ${TURNS}`);
      for (const { phase, runs } of turn % 2 === 1 ? results : results.toReversed()) {
        runs.push(await run(phase, phase.mode === undefined ? withFile : withSmd, smd, asks));
      }
    }
    const [file, crowded] = results;
    if (file === undefined || crowded === undefined) return;
    const title = `${NODES.toLocaleString('en')} known nodes, ${TURNS} runs of ${SECONDS} s`;
    console.log(table([[title, ...HEAD], ...results.map((result) => row(result, file, crowded))]));
    console.log(`\n${LEGEND}`);
    judge(gateBounds(results, crowded));
    const crowd = `${STRANGERS.toLocaleString('en')} strangers, each every ${PERIOD} s`;
    end(`PostgreSQL, 64 connections, ${crowd}`);
  });
}

await main();
