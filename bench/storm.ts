/**
 * `npm run storm`: a machine room is switched on. STORM_NODES (10000) nodes in their cabinets, all within STORM_RAMP (10)
 * seconds, boot as iPXE does it, and each checks that the script it gets is its own: first quietly, then while the database
 * is killed and comes back, while SMD dies, and while all nodes are given another configuration in one request, three times.
 * STORM_PARTS (quiet,database,smd,writes) chooses among these. STORM_SPEED (1) has waits, DHCP and images pass faster. Draws a
 * picture of each into STORM_PICTURES, or else into a new folder. Takes about five minutes. Fails when a bound at the end of
 * the table is not kept.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Postgres } from '../test/support/postgres.ts';
import { judge } from './bounds.ts';
import { measure } from './load.ts';
import { watchRun } from './machine.ts';
import { askFor } from './nodes.ts';
import { recover } from './recover.ts';
import { say } from './say.ts';
import type { Server } from './server.ts';
import { setting } from './setting.ts';
import { withSite } from './site.ts';
import { sleepUntil } from './sleep-until.ts';
import type { SmdProcess } from './smd-process.ts';
import { stormPicture } from './storm-picture.ts';
import { runClients } from './storm-process.ts';
import { HEAD, type Incident, LEGEND, row, type Storm, stormBounds } from './storm-report.ts';
import { table } from './table.ts';
import { turnedAway } from './turned-away.ts';

const NODES = setting('STORM_NODES', 10_000);
const RAMP = setting('STORM_RAMP', 10);
const SPEED = setting('STORM_SPEED', 1);
const PARTS = (process.env.STORM_PARTS ?? 'quiet,database,smd,writes').split(',');
/** Seconds for nodes that were switched on to come to their first request. */
const FIRST_REQUEST = 2 / SPEED;
/** Seconds after the beginning at which half of the nodes have asked. */
const MIDDLE = FIRST_REQUEST + RAMP / 2;
/** Seconds that the database is away. */
const AWAY = 8;
/** Where in the ramp all nodes are written, 0 to 1. */
const WRITES = [0.25, 0.5, 0.75];
/** Seconds after which a storm ends, whoever has booted. */
const PATIENCE = 180;
/** Seconds until the most of what runs is compiled. */
const WARM_UP = 3;
/** Milliseconds for the clients' process to start. */
const LEAD = 3000;
/** Milliseconds for the service to be still again. */
const SETTLE = 3000;

type Surroundings = { readonly server: Server; readonly postgres: Postgres; readonly smd: SmdProcess };

/** A storm: when all nodes are written, and what else happens in it. `at` waits until a second of the storm, and gives its milliseconds. */
type Part = {
  readonly key: string;
  readonly name: string;
  readonly writes: readonly number[];
  happens(surroundings: Surroundings, at: (seconds: number) => Promise<number>): Promise<Incident[]>;
};

const ALL_PARTS: readonly Part[] = [
  { key: 'quiet', name: 'Quiet', writes: [], happens: async () => [] },
  {
    key: 'database',
    name: 'Database killed',
    writes: [],
    async happens({ postgres }, at) {
      const from = await at(MIDDLE);
      await postgres.crash();
      const to = await at(MIDDLE + AWAY);
      await postgres.restart();
      return [{ name: 'database away', from, to }];
    },
  },
  {
    key: 'smd',
    name: 'SMD killed',
    writes: [],
    async happens({ smd }, at) {
      const from = await at(MIDDLE);
      await smd.order({ mode: 'refuse' });
      return [{ name: 'SMD away', from, to: (FIRST_REQUEST * 2 + RAMP) * 1000 }];
    },
  },
  {
    key: 'writes',
    name: 'All nodes written',
    writes: WRITES.map((share) => FIRST_REQUEST + share * RAMP),
    happens: async () => [],
  },
];

async function run({ name, writes, happens }: Part, surroundings: Surroundings): Promise<Storm> {
  const begin = performance.timeOrigin + performance.now() + LEAD;
  const plan = { url: surroundings.server.url, nodes: NODES, begin, ramp: RAMP, patience: PATIENCE, speed: SPEED };
  const storming = runClients({ ...plan, writes: [...writes] });
  const happening = happens(surroundings, async (seconds) => {
    await sleepUntil(begin - performance.timeOrigin + seconds * 1000);
    return performance.timeOrigin + performance.now() - begin;
  });
  const before = turnedAway();
  const [outcome, incidents] = await Promise.all([storming, happening]);
  const written = outcome.writes.map(({ sent, answered }) => ({ name: 'PUT', from: sent, to: answered }));
  return { name, nodes: NODES, outcome, turnedAway: turnedAway() - before, incidents: [...incidents, ...written] };
}

async function main(): Promise<void> {
  const end = await watchRun();
  const pictures = process.env.STORM_PICTURES ?? mkdtempSync(join(tmpdir(), 'bss-storm-'));
  await withSite(NODES, async ({ fleet, postgres, smd, start }) => {
    const server = await start('SMD');
    await measure(server.url, fleet.nodes.map(askFor), WARM_UP);

    const storms: Storm[] = [];
    const drawn: string[] = [];
    for (const part of ALL_PARTS) {
      if (!PARTS.includes(part.key)) continue;
      await recover(server, smd);
      await sleep(SETTLE);
      say(part.name);
      const storm = await run(part, { server, postgres, smd });
      storms.push(storm);
      const picture = join(pictures, `storm-${part.key}.svg`);
      writeFileSync(picture, stormPicture(storm));
      drawn.push(picture);
    }
    console.log(table([HEAD, ...storms.map(row)]));
    console.log(`\n${LEGEND}`);
    judge(stormBounds(storms));
    say(`pictures: ${drawn.join(' ')}`);
    end(
      `PostgreSQL and SMD; ${NODES.toLocaleString('en')} nodes switched on within ${RAMP} s, waits ${SPEED} times as fast as real ones`,
    );
  });
}

await main();
