import { setTimeout as sleep } from 'node:timers/promises';
import { send } from '../support/http-client.ts';
import { type NodeProcess, spawnNode, until } from '../support/node-process.ts';
import type { Database } from './databases.ts';
import type { Figures } from './figures.ts';

/** So many writes are acknowledged before something is killed: a random number up to this, unless that takes too long. */
const MOST_WRITES = 120;
const LONGEST = 6000;

/** Kills the service after some time under load, and before or after that the database too; says what was done. */
export async function strike(
  { crash, restart }: Database,
  service: NodeProcess,
  figures: Readonly<Figures>,
  databaseToo: boolean,
): Promise<string> {
  await someWrites(figures);
  if (!databaseToo || crash === undefined || restart === undefined) {
    await kill(service);
    return 'service killed';
  }
  const crashed = crash();
  if (Math.random() < 0.3) {
    await someTime(0, 200);
    await kill(service);
    await crashed;
    await restart();
    return 'database crashed, service killed meanwhile';
  }
  await crashed;
  await someTime(0, 500);
  await restart();
  await someWrites(figures);
  await kill(service);
  return 'database crashed and started, then service killed';
}

/** Starts the service and kills it before it is up, or shortly after. */
export async function killWhileStarting(settings: Record<string, string>, port: number): Promise<void> {
  const service = await spawnNode(settings, port);
  await someTime(100, 1500);
  await kill(service);
}

/** Starts the service, and waits until it reads and writes. */
export async function startService(settings: Record<string, string>, port?: number): Promise<NodeProcess> {
  const service = await spawnNode(settings, port);
  const read = () => send(service.origin, 'GET', '/boot/v1/bootparameters');
  await until(read, ({ status }) => status === 200, 30);
  return service;
}

/** `kill -9`, done when it is gone. */
export async function kill(service: NodeProcess): Promise<void> {
  service.signal('SIGKILL');
  await service.exitCode();
}

/** Until more writes have been acknowledged, and then any moment. */
async function someWrites(figures: Readonly<Figures>): Promise<void> {
  const enough = figures.acknowledged + MOST_WRITES * (0.3 + 0.7 * Math.random());
  for (const end = performance.now() + LONGEST; figures.acknowledged < enough && performance.now() < end; )
    await sleep(10);
  await someTime(0, 50);
}

function someTime(least: number, most: number): Promise<void> {
  return sleep(least + Math.random() * (most - least));
}
