// The services that real iPXE is booted against: one entry per runtime.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../support/postgres.ts';
import { startWorkerService } from '../support/worker-service.ts';
import { type Child, startChild } from './child.ts';

/** A service that answers on 127.0.0.1. */
export type RunningService = {
  url: string;
  port: number;
  /** Ends it as a crash would, with SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again, same port and same data, whether it was killed or still runs. Resolves when it answers. */
  restart(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
};

/** One runtime. `start` takes the service's settings and resolves when it answers. */
export type Target = { name: string; start(env: Record<string, string>): Promise<RunningService> };

/** The Node entry. */
export const node: Target = { name: 'node', start: startNode };

/** Every target the boot cases run against. */
export const targets: Target[] = [node, { name: 'worker', start: (env) => startWorkerService(env) }];

const project = fileURLToPath(new URL('../..', import.meta.url));

async function startNode(env: Record<string, string>): Promise<RunningService> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const data = await mkdtemp(join(tmpdir(), 'bss-edge-data-'));
  const { PATH = '' } = process.env;
  const settings = { PATH, BSS_HTTP_LISTEN: `127.0.0.1:${port}`, BSS_DATA_DIR: data, ...env };
  const killed = new Set<Child>();
  let child: Child;

  async function start(): Promise<void> {
    const started = startChild(process.execPath, ['src/node.ts'], { cwd: project, env: settings });
    child = started;
    await answers(`${url}/boot/v1/service/status`, started);
    void started.exited.then((code) => {
      // What a node's console then shows is only that nobody listens.
      if (!killed.has(started)) console.error(`the service ended by itself with ${code}:\n${started.output()}`);
    });
  }

  async function kill(): Promise<void> {
    killed.add(child);
    await child.kill();
  }
  await start();

  return {
    url,
    port,
    kill,
    async restart() {
      await kill();
      await start();
    },
    async stop() {
      await kill();
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** Waits for 200; rejects with the program's own words when it ends first or stays silent for a minute. */
async function answers(url: string, child: Child): Promise<void> {
  let ended = false;
  void child.exited.then(() => {
    ended = true;
  });
  const deadline = Date.now() + 60_000;
  while (!ended && Date.now() < deadline) {
    const response = await fetch(url).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.status === 200) return;
    await pause(200);
  }
  await child.kill();
  throw new Error(`the service ${ended ? 'ended' : 'was silent for a minute'}:\n${child.output().slice(-2000)}`);
}
