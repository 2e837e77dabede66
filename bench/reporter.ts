import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

/** A process of ours that ends when its standard input does, or sooner, and then writes what it saw as JSON. */
export type Reporter = { stop(): Promise<unknown> };

/** Starts one: a file of ours, and its arguments. */
export function startReporter(args: readonly string[]): Reporter {
  const cwd = new URL('..', import.meta.url);
  const child = spawn(process.execPath, args, { cwd, stdio: ['pipe', 'pipe', 'inherit'] });
  const killNow = (): boolean => child.kill('SIGKILL');
  process.once('exit', killNow);
  child.once('exit', () => process.off('exit', killNow));
  // It may have ended before it is told to.
  child.stdin.on('error', () => {});
  const report = text(child.stdout);
  return {
    async stop() {
      child.stdin.end();
      return JSON.parse(await report);
    },
  };
}
