import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from './postgres.ts';

const ENTRY = fileURLToPath(new URL('../../src/node.ts', import.meta.url));
const BUILT = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** The Node entry as a process of its own. */
export type NodeProcess = {
  readonly origin: string;
  readonly port: number;
  /** What it wrote to standard output and standard error. */
  output(): string;
  /** The exit code; waits for the end. `null` when a signal ended it. */
  exitCode(): Promise<number | null>;
  signal(name: NodeJS.Signals): void;
};

/** Starts the service with only these settings; does not wait for it. */
export function spawnNode(settings: Record<string, string>, port?: number): Promise<NodeProcess> {
  return spawnProgram(process.execPath, [ENTRY], settings, port);
}

/** The same with what `npm run build` made. */
export function spawnBuilt(settings: Record<string, string>): Promise<NodeProcess> {
  return spawnProgram(BUILT, [], settings);
}

async function spawnProgram(
  program: string,
  args: readonly string[],
  settings: Record<string, string>,
  port?: number,
): Promise<NodeProcess> {
  const at = port ?? (await freePort());
  const child: ChildProcess = spawn(program, args, {
    env: { PATH: process.env.PATH, BSS_HTTP_LISTEN: `127.0.0.1:${at}`, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const ended = once(child, 'exit');
  const kill = (): boolean => child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  return {
    origin: `http://127.0.0.1:${at}`,
    port: at,
    output: () => output,
    async exitCode() {
      await ended;
      return child.exitCode;
    },
    signal: (name) => child.kill(name),
  };
}

/** Asks until an answer passes, for at most some seconds. */
export async function until<T>(ask: () => Promise<T>, passes: (answer: T) => boolean, seconds = 20): Promise<T> {
  for (const deadline = Date.now() + seconds * 1000; ; await sleep(50)) {
    const answer = await ask().catch((error: unknown) => {
      if (Date.now() > deadline) throw error;
    });
    if (answer !== undefined && passes(answer)) return answer;
    if (Date.now() > deadline) throw new Error('it did not happen in time');
  }
}
