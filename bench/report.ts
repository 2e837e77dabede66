/**
 * `npm run bench:report`: runs all benchmarks, one after the other, and writes docs/performance.md of what they print, with
 * the storm's pictures beside it. Their settings are taken from the environment. `-- <folder> <part>,<part>` writes elsewhere, and
 * runs some only. Takes about forty minutes, on a machine where nothing else runs. Fails when a bound is not kept.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type Outcome, PARTS, type Part, performanceDocument } from './report-document.ts';
import { say } from './say.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Runs one; what it says of its progress is seen here. */
async function run(part: Part, folder: string): Promise<Outcome> {
  say(`\n${part.title}`);
  const env = { ...process.env, STORM_PICTURES: folder };
  const child = spawn(process.execPath, [`bench/${part.key}.ts`], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // It stops what it has started.
  const stop = (): boolean => child.kill('SIGTERM');
  process.once('exit', stop);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const output = await text(child.stdout);
  const status = await ended;
  process.off('exit', stop);
  process.stdout.write(`\n${output}`);
  return { part, output, status };
}

async function main(): Promise<void> {
  const [folder = join(ROOT, 'docs'), chosen] = process.argv.slice(2);
  mkdirSync(folder, { recursive: true });
  const keys = chosen?.split(',');
  const outcomes: Outcome[] = [];
  for (const part of PARTS) {
    if (keys === undefined || keys.includes(part.key)) outcomes.push(await run(part, folder));
  }
  const file = join(folder, 'performance.md');
  writeFileSync(file, await performanceDocument(outcomes, folder));
  say(`\n${file} is written`);
  if (outcomes.some(({ status }) => status !== 0)) process.exitCode = 1;
}

await main();
