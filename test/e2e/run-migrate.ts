import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** How a command ended, and all that it wrote. */
export type Ended = { readonly code: number | null; readonly output: string };

/** How `bss-edge migrate` ends when the schema is, or has been made, this program's. */
export const UP_TO_DATE: Ended = { code: 0, output: 'bss-edge: the schema is up to date\n' };

/** Runs `bss-edge migrate` as a process of its own, with only these settings. */
export async function runMigrate(settings: Record<string, string>): Promise<Ended> {
  const child = spawn(process.execPath, [CLI, 'migrate'], {
    env: { PATH: process.env.PATH, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  await once(child, 'close');
  return { code: child.exitCode, output };
}
