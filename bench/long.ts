/**
 * `npm run bench:long`: whether the service's memory grows. For BENCH_MINUTES (10), BENCH_NODES (10000) nodes ask for scripts
 * at half the rate that the service can do, at an even pace, while some are given other configurations and its knowledge of
 * SMD, where nodes change, is refreshed. Fails when a bound at the end of the table is not kept.
 */
import { judge } from './bounds.ts';
import { measure } from './load.ts';
import { HEAD, longBounds, type MemorySample, rows, summary } from './long-report.ts';
import { watchRun } from './machine.ts';
import { askFor, type BenchNode } from './nodes.ts';
import { startPaced } from './paced-process.ts';
import { laterConfiguration } from './right-script.ts';
import { say } from './say.ts';
import { setting } from './setting.ts';
import { withSite } from './site.ts';
import { sleepUntil } from './sleep-until.ts';
import { table } from './table.ts';

const MINUTES = setting('BENCH_MINUTES', 10);
const NODES = setting('BENCH_NODES', 10_000);
/** Seconds for which the full rate is measured, after as many in which what runs is compiled. */
const FULL = 5;
/** Seconds between two writes, the nodes in one, and the configurations that they take in turn. */
const [WRITE_EVERY, WRITTEN, VERSIONS] = [3, 50, 4];
/** Seconds between two changes in SMD; the service reads its lists every ten by itself. */
const TOUCH_EVERY = 10;

/** Gives some nodes another configuration; whether that was done. */
async function write(url: string, nodes: readonly BenchNode[], version: number): Promise<boolean> {
  const first = Math.floor(Math.random() * Math.max(1, nodes.length - WRITTEN));
  const macs = nodes.slice(first, first + WRITTEN).map(({ mac }) => mac);
  const body = JSON.stringify({ macs, ...laterConfiguration(version) });
  const { status } = await fetch(`${url}/boot/v1/bootparameters`, { method: 'PUT', body });
  return status === 200;
}

async function main(): Promise<void> {
  const end = await watchRun();
  await withSite(NODES, async ({ fleet, smd, start }) => {
    const server = await start('SMD');
    const asks = fleet.nodes.map(askFor);
    await measure(server.url, asks, FULL);
    const { rate: full } = await measure(server.url, asks, FULL);
    const rate = Math.round(full / 2);
    say(`${full.toFixed(0)} scripts/s at most, ${rate} from now on`);

    await smd.order({ forget: true });
    const clients = startPaced(server.url, NODES, rate, VERSIONS);
    const samples: MemorySample[] = [];
    const writes = { done: 0, failed: 0 };
    const seconds = MINUTES * 60;
    const began = performance.now();
    for (let second = 0; second < seconds; second++) {
      await sleepUntil(began + second * 1000);
      samples.push({ at: second, resident: server.resident() ?? Number.NaN });
      if (second % TOUCH_EVERY === 0) await smd.order({ touch: 'some' });
      if (second % WRITE_EVERY > 0) continue;
      const isDone = await write(server.url, fleet.nodes, 1 + ((second / WRITE_EVERY) % VERSIONS));
      writes[isDone ? 'done' : 'failed'] += 1;
    }
    const { whole } = await smd.counts();
    const minute = Math.min(60, seconds / 4);
    const run = { samples, minute, clients: await clients.stop(), writes, lists: whole };
    console.log(table([HEAD, ...rows(run)]));
    console.log(`\n${summary(run)}`);
    judge(longBounds(run));
    end(
      `PostgreSQL and SMD, ${NODES.toLocaleString('en')} nodes, ${MINUTES} minutes, half of ${full.toFixed(0)} scripts/s`,
    );
  });
}

await main();
