/**
 * `npm run test:chaos`: writers on the service, over PostgreSQL and over PGlite, while it is killed (-9) again and again, and
 * PostgreSQL with it every other time. What was acknowledged has to be there afterwards, and nothing by half. Prints
 * figures, and fails when one that has to be 0 is not. `CHAOS_ROUNDS` and `CHAOS_STORES` (`PostgreSQL`, `PGlite`) change how
 * much is done.
 */
import { type Database, pgliteDatabase, postgresDatabase } from './databases.ts';
import { type Figures, faultsOf, tableOf } from './figures.ts';
import { runRounds } from './rounds.ts';

const ROUNDS = Number(process.env.CHAOS_ROUNDS ?? 20);
/** Acknowledged writes of a round that are the least for it to mean something. */
const ENOUGH = 30;

const DATABASES = { PostgreSQL: postgresDatabase, PGlite: pgliteDatabase };

function say(words: string): void {
  process.stdout.write(`${words}\n`);
}

async function tried(open: () => Promise<Database>): Promise<[string, Figures]> {
  const database = await open();
  try {
    return [database.name, await runRounds(database, ROUNDS, say)];
  } finally {
    await database.remove();
  }
}

async function main(): Promise<number> {
  const began = performance.now();
  const wanted = process.env.CHAOS_STORES?.split(',');
  const results: [string, Figures][] = [];
  for (const [name, open] of Object.entries(DATABASES)) {
    if (wanted === undefined || wanted.includes(name)) results.push(await tried(open));
  }
  let code = results.length > 0 && ROUNDS > 0 ? 0 : 1;
  for (const [name, figures] of results) {
    say(`\n${name}, ${ROUNDS} rounds:\n${tableOf(figures)}`);
    const tooFew = figures.acknowledged < ENOUGH * ROUNDS;
    if (tooFew) say(`too few writes were acknowledged to mean anything: at least ${ENOUGH * ROUNDS} are wanted`);
    if (tooFew || faultsOf(figures) !== '') code = 1;
  }
  say(`${code === 0 ? 'passed' : 'FAILED'} in ${Math.round((performance.now() - began) / 1000)} s`);
  return code;
}

process.exitCode = await main();
