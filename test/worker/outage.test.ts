import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { send } from '../support/http-client.ts';
import { freshDatabase, type Postgres, startPostgres } from '../support/postgres.ts';
import { WORKER_ROADS, type WorkerRoad } from '../support/worker-bundle.ts';
import { startWorkerService, type WorkerService } from '../support/worker-service.ts';

const PARAMETERS = '/boot/v1/bootparameters';
const SCRIPT = '/boot/v1/bootscript?mac=02:00:00:00:00:01';
const STRANGER = '/boot/v1/bootscript?mac=02:00:00:00:00:02';

describe.each(WORKER_ROADS)('A Worker over %s', (road) => {
  let postgres: Postgres;
  let worker: WorkerService;

  beforeAll(async () => {
    postgres = await startPostgres();
    worker = await startWorkerService({ BSS_STORE: road }, { databaseUrl: await postgres.createDatabase() });
  });
  afterAll(async () => {
    await worker.stop();
    await postgres.stop();
  });

  it('takes one request to the database for a script, and one behind its answer for the history, two for a write', async () => {
    const cost = async (method: string, path: string, body?: unknown): Promise<number> => {
      const before = worker.databaseRequests();
      expect((await send(worker.url, method, path, body)).status).toBeLessThan(300);
      // What goes on behind the answer counts too.
      await sleep(300);
      return worker.databaseRequests() - before;
    };
    expect(await cost('POST', PARAMETERS, { macs: ['02:00:00:00:00:01'], kernel: 'http://files/k' })).toBe(2);
    expect(await cost('GET', SCRIPT)).toBe(2);
    expect(await cost('GET', PARAMETERS)).toBe(1);
  });

  it('tells clients, and nodes that it does not know, to wait while the database is away, and goes on when it is back [bootscript.store-outage-is-503] [writing.outage-is-503] [writing.outage-changes-nothing] [service.status-without-database] [problems.show-no-insides]', async () => {
    await postgres.crash();
    const known = await send(worker.url, 'GET', SCRIPT);
    expect([known.status, known.headers['x-bss-age']]).toEqual([200, expect.stringMatching(/^[0-9]$/)]);
    expect(known.text).toContain('http://files/k ');
    for (const answer of [
      await send(worker.url, 'GET', STRANGER),
      await send(worker.url, 'GET', PARAMETERS),
      await send(worker.url, 'PUT', PARAMETERS, { macs: ['02:00:00:00:00:01'], kernel: 'http://files/other' }),
    ]) {
      expect([answer.status, Number(answer.headers['retry-after']) >= 5]).toEqual([503, true]);
      expect(answer.text).not.toMatch(/neon|hyperdrive|select|127\.0\.0\.1/i);
    }
    expect((await send(worker.url, 'GET', '/boot/v1/service/status')).status).toBe(200);
    await postgres.restart();
    // Known nodes are the last to hear of it, within a second.
    expect((await send(worker.url, 'GET', STRANGER)).status).toBe(200);
    const again = await send(worker.url, 'GET', SCRIPT);
    expect(again.text).toContain('http://files/k ');
    expect(again.headers['x-bss-age']).toBeUndefined();
  });
});

it.each([
  [{ BSS_RETRY_DELAY: 'soon' }, 'BSS_RETRY_DELAY must be a whole number of seconds'],
  [{ BSS_STORE: 'postgres' }, 'BSS_STORE must be neon on this Worker'],
  [
    { BSS_STORE: 'hyperdrive', HYPERDRIVE: 'a text' },
    'BSS_STORE hyperdrive needs a Hyperdrive binding named HYPERDRIVE',
  ],
])('tells them to wait while a setting is wrong, and its log names it: %j', (settings, sentence) =>
  saysWhatIsWrong(settings, sentence),
);

it.each([
  ['hyperdrive', 'neon', 'wrangler deploy --env hyperdrive'],
  ['neon', 'hyperdrive', 'wrangler deploy --env=""'],
] as const)(
  'is not the Worker for another database, and says how to get that: %s on that for %s',
  (store, road, deploy) =>
    saysWhatIsWrong(
      { BSS_STORE: store },
      `BSS_STORE is ${store}, but this Worker was made for ${road}: that for ${store} is deployed by ${deploy}`,
      road,
    ),
);

async function saysWhatIsWrong(settings: Record<string, string>, sentence: string, road?: WorkerRoad): Promise<void> {
  const databaseUrl = await freshDatabase(inject('postgresUrl'));
  const wrong = await startWorkerService(settings, { databaseUrl, ...(road !== undefined && { road }) });
  const answer = await send(wrong.url, 'GET', SCRIPT);
  expect([answer.status, Number(answer.headers['retry-after']) >= 5]).toEqual([503, true]);
  for (let tries = 0; tries < 50 && wrong.logs.length === 0; tries++) await sleep(50);
  expect(wrong.logs.join()).toContain(sentence);
  await wrong.stop();
}
