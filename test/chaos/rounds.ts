import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from './databases.ts';
import { type Figures, faultsOf, gainedSince, noFigures } from './figures.ts';
import { ownPlaces } from './own-places.ts';
import { inventoryOf, nodePlace, type Place, tagPlace } from './places.ts';
import { countRows } from './rows.ts';
import { scriptsAstray } from './scripts.ts';
import { sharedPlaces } from './shared-places.ts';
import { readStored } from './stored.ts';
import { kill, killWhileStarting, startService, strike } from './strike.ts';
import { keepWriting } from './writer.ts';

const WRITERS = 8;
/** Nodes that each writer has for itself, and those for which all fight. */
const [OWN, SHARED] = [30, 8];
/** Complaints that are shown of a round. */
const SHOWN = 3;

/** So many rounds on a database: writing, killing, starting again, looking what is there. */
export async function runRounds(database: Database, rounds: number, say: (words: string) => void): Promise<Figures> {
  const figures = noFigures();
  const nodes = Array.from({ length: SHARED + WRITERS * OWN }, (_, at) => nodePlace(at));
  const tags = Array.from({ length: 1 + WRITERS }, (_, at) => tagPlace(`tag${at}`));
  const places = [...nodes, ...tags];
  const shared = sharedPlaces([...nodes.slice(0, SHARED), ...tags.slice(0, 1)]);
  const owners = Array.from({ length: WRITERS }, (_, at) => {
    const first = SHARED + at * OWN;
    return ownPlaces([...nodes.slice(first, first + OWN), ...tags.slice(1 + at, 2 + at)]);
  });
  const lookAtRows = () => countInto(figures, database, places);

  const folder = await mkdtemp(join(tmpdir(), 'bss-chaos-inventory-'));
  const inventory = join(folder, 'inventory.json');
  await writeFile(inventory, inventoryOf(nodes));
  const others = { HSM_URL: `file:${inventory}`, BSS_LOG_LEVEL: 'error' };
  const settings = { ...database.settings, ...others };
  let service = await startService(settings);
  // What it knows has to follow all that happens.
  const bystander = database.bystander && (await startService({ ...database.bystander, ...others }));
  try {
    for (let round = 1; round <= rounds; round++) {
      const before = { ...figures };
      const complaints: string[] = [];
      const stop = new AbortController();
      const field = { origin: service.origin, shared, figures, complain: (words: string) => complaints.push(words) };
      const writers = owners.map((own) => keepWriting(own, field, stop.signal));
      const struck = await strike(database, service, figures, round % 2 === 0);
      stop.abort();
      await Promise.all(writers);
      await database.quiet();
      const output = service.output();
      if (database.crash === undefined && round % 2 === 0) await killWhileStarting(settings, service.port);

      service = await startService(settings, service.port);
      const stored = await readStored(service.origin, places);
      figures.duplicated = Math.max(figures.duplicated, stored.duplicated);
      for (const own of owners) own.settle(stored, figures);
      shared.settle(stored, figures);
      if (database.crash !== undefined) await lookAtRows();
      for (const { origin } of [service, bystander ?? service]) {
        const astray = await scriptsAstray(origin, nodes, stored);
        figures.astray += astray.length;
        complaints.push(...astray);
      }

      const gained = gainedSince(before, figures);
      const faults = faultsOf(gained);
      say(
        `${database.name} ${round}/${rounds}: ${struck}; acknowledged ${gained.acknowledged}, 503 ${gained.putOff}, ` +
          `unanswered ${gained.unanswered}; ${faults || 'all is there'}`,
      );
      for (const complaint of complaints.slice(0, SHOWN)) say(`    ${complaint}`);
      if (faults !== '') say(output.slice(-2000));
    }
  } finally {
    await kill(service);
    if (bystander !== undefined) await kill(bystander);
    await rm(folder, { recursive: true });
  }
  if (database.crash === undefined) await lookAtRows();
  return figures;
}

async function countInto(figures: Figures, database: Database, places: readonly Place[]): Promise<void> {
  const { query, close } = await database.open();
  const { orphans, duplicated } = await countRows(query, places);
  await close();
  figures.orphans = Math.max(figures.orphans, orphans);
  figures.duplicated = Math.max(figures.duplicated, duplicated);
}
