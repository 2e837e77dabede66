// Child processes that do not outlive the tests.
import { type SpawnOptions, spawn } from 'node:child_process';

/** A running program. */
export type Child = {
  /** The exit code; null when a signal ended it or it could not be started. Never rejects. */
  exited: Promise<number | null>;
  /** What it wrote to stdout and stderr so far, for messages about failures. */
  output(): string;
  /** Sends the signal and waits for the end. Harmless when it has ended already. */
  kill(signal: NodeJS.Signals): Promise<void>;
};

/** Starts a program; it is killed when this process exits, however that comes about short of SIGKILL. */
export function startChild(command: string, args: string[], options: SpawnOptions = {}): Child {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const parts: string[] = [];
  const collect = (part: unknown) => parts.push(String(part));
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);

  const killNow = () => child.kill('SIGKILL');
  process.once('exit', killNow);
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.once('error', (error) => {
      collect(error.message);
      resolve(null);
    });
  }).finally(() => process.off('exit', killNow));

  return {
    exited,
    output: () => parts.join(''),
    async kill(signal) {
      child.kill(signal);
      await exited;
    },
  };
}
