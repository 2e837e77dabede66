import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from './server.ts';
import type { SmdProcess } from './smd-process.ts';

/** Milliseconds that the service may take to believe in SMD again. */
const RECOVERY = 20_000;

/** SMD well again, and the service knowing it. Throws when that takes too long. */
export async function recover(server: Server, smd: SmdProcess): Promise<void> {
  await smd.order({ mode: 'healthy' });
  for (const deadline = performance.now() + RECOVERY; performance.now() < deadline; await sleep(200)) {
    const { status } = await fetch(`${server.url}/boot/v1/hosts`, { method: 'POST' });
    if (status === 204) return;
  }
  throw new Error('the service does not read all of SMD, though SMD is well');
}
