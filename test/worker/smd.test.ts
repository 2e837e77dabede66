import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { send } from '../support/http-client.ts';
import { type Postgres, startPostgres } from '../support/postgres.ts';
import { type SmdSimulator, startSmd } from '../support/smd-simulator.ts';
import { startTokenServer, type TokenServer } from '../support/token-server.ts';
import { startWorkerService, type WorkerService } from '../support/worker-service.ts';

const NODE = { xname: 'x1000c0s0b0n0', nid: 1, macs: ['02:00:00:00:00:01'], groups: ['gpu'] };
/** Milliseconds for which a node is not asked for again, and a bit. */
const FRESH = 3100;
const SCRIPT = '/boot/v1/bootscript?mac=02:00:00:00:00:01';
let postgres: Postgres;
let smd: SmdSimulator;
let server: TokenServer;
let worker: WorkerService;

beforeAll(async () => {
  postgres = await startPostgres();
  smd = await startSmd({ nodes: [NODE] });
  server = await startTokenServer();
  // Requests of a Worker ask for tokens each for itself.
  server.mint = () => 'one';
  smd.requireToken('one');
  const settings = { HSM_URL: smd.url, BSS_OAUTH2_ADMIN_BASE_URL: server.url };
  worker = await startWorkerService(settings, { databaseUrl: await postgres.createDatabase() });
  const record = { hosts: ['gpu'], kernel: 'http://files/k' };
  expect((await send(worker.url, 'POST', '/boot/v1/bootparameters', record)).status).toBe(201);
});
afterAll(async () => {
  await worker.stop();
  await Promise.all([smd.stop(), server.stop(), postgres.stop()]);
});

/** So many nodes ask at once; answers the kernel lines that they get. */
async function ask(count: number): Promise<(string | undefined)[]> {
  const answers = await Promise.all(Array.from({ length: count }, () => send(worker.url, 'GET', SCRIPT)));
  return answers.map(({ text }) => /^kernel .* (http:\S+)/m.exec(text)?.[1]);
}

it('finds nodes in SMD with a token of its own, also when many ask at once', async () => {
  expect(await ask(20)).toEqual(Array(20).fill('http://files/k'));
  expect(smd.requests.some(({ authorization }) => authorization === 'Bearer one')).toBe(true);
});

it('asks for a new token when SMD refuses the one it has', async () => {
  server.mint = () => 'another';
  smd.requireToken('another');
  await sleep(FRESH);
  expect(await ask(10)).toEqual(Array(10).fill('http://files/k'));
  expect(smd.requests.some(({ authorization }) => authorization === 'Bearer another')).toBe(true);
});

it('knows a node on while SMD and the token server are away, and does not wait for them each time', async () => {
  await sleep(FRESH);
  [smd.mode, server.mode] = ['hang', 'hang'];
  smd.requests.length = 0;
  expect(await ask(1)).toEqual(['http://files/k']);
  expect(smd.requests.length).toBeGreaterThan(0);
  const start = performance.now();
  for (let round = 0; round < 3; round++) expect(await ask(1)).toEqual(['http://files/k']);
  expect(performance.now() - start).toBeLessThan(1000);
});
