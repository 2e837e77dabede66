import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../test/support/postgres.ts';

/** Milliseconds that a server may take to come up. */
const SLOWEST_START = 60_000;

/** A server under test: a process of its own. */
export type Server = {
  readonly url: string;
  /** Milliseconds from its start to the first answer that is as `check` wants it. Throws when the process has ended. */
  until(path: string, check?: (body: string) => boolean): Promise<number>;
  /** Resident memory in MiB, now or at its height, as far as this system tells it. */
  resident(which?: 'now' | 'peak'): number | undefined;
  /** Stops it where it is, and lets it go on. */
  pause(): void;
  resume(): void;
  /** SIGTERM, and waits for the end. */
  stop(): Promise<void>;
};

/** The program as it was built, with these settings and none from the environment; what it says goes to the end of the file `log`. */
export async function startService(settings: Record<string, string>, log: string): Promise<Server> {
  const port = await freePort();
  const fixed = { BSS_HTTP_LISTEN: `127.0.0.1:${port}`, BSS_LOG_LEVEL: 'warn' };
  return startServer(['dist/main.js'], port, { ...fixed, ...settings }, log);
}

/** The bare server with the answer in a file. */
export async function startBareServer(answer: string, log: string): Promise<Server> {
  const port = await freePort();
  return startServer([process.execPath, 'bench/bare-server.ts', String(port), answer], port, {}, log);
}

/** The process of a command that listens on this port of 127.0.0.1. */
export function startServer(
  [command = '', ...args]: string[],
  port: number,
  environment: Record<string, string>,
  log: string,
): Server {
  const url = `http://127.0.0.1:${port}`;
  const output = openSync(log, 'a');
  const cwd = new URL('..', import.meta.url);
  const env = { PATH: process.env.PATH, ...environment };
  const started = performance.now();
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', output, output] });
  const killNow = () => child.kill('SIGKILL');
  process.once('exit', killNow);
  const exited = once(child, 'exit').finally(() => process.off('exit', killNow));
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;

  return {
    url,
    async until(path, check = () => true) {
      for (const deadline = started + SLOWEST_START; performance.now() < deadline && !hasEnded(); await sleep(3)) {
        const answer = await fetch(url + path).catch(() => undefined);
        const body = await answer?.text();
        if (answer?.ok && body !== undefined && check(body)) return performance.now() - started;
      }
      throw new Error(`${command} does not answer ${path}:\n${readFileSync(log, 'utf8').slice(-4000)}`);
    },
    resident(which = 'now') {
      const line = which === 'now' ? /^VmRSS:\s+(\d+) kB$/m : /^VmHWM:\s+(\d+) kB$/m;
      const [, kibibytes] = line.exec(readStatus(child.pid)) ?? [];
      return kibibytes === undefined ? undefined : Number(kibibytes) / 1024;
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    async stop() {
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      await exited;
    },
  };
}

function readStatus(pid: number | undefined): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}
