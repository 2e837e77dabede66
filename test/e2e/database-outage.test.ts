import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Answer, send } from '../support/http-client.ts';
import { spawnNode, until } from '../support/node-process.ts';
import { type Postgres, startPostgres } from '../support/postgres.ts';

const PARAMETERS = '/boot/v1/bootparameters';
const scriptOf = (mac: string): string => `/boot/v1/bootscript?mac=${mac}`;
const MACS = Array.from({ length: 40 }, (_, node) => `02:00:00:00:01:${node.toString(16).padStart(2, '0')}`);
const KNOWN = scriptOf(MACS[0] ?? '');
const STRANGER = scriptOf('02:00:00:00:00:02');
/** Milliseconds that the database is away. */
const AWAY = Number(process.env.OUTAGE_SECONDS ?? 5) * 1000;
/** Milliseconds after which it is known to be away, on a machine that is busy. */
const NOTICED = 2000;

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

const putOff = ({ status, headers }: Answer): unknown => [
  status,
  Number(headers['retry-after']) > 0,
  headers['content-type'],
];
const PUT_OFF = [503, true, 'application/problem+json'];

it('goes on with what it knows while the database is away, also when a write is refused; restarted, it waits for it [service.ready-from-memory]', async () => {
  const settings = { DATABASE_URL: await postgres.createDatabase() };
  const service = await spawnNode(settings);
  const isUp = ({ status }: { status: number }): boolean => status === 200;
  await until(() => send(service.origin, 'GET', PARAMETERS), isUp);
  expect((await send(service.origin, 'POST', PARAMETERS, { macs: MACS, kernel: 'http://files/k' })).status).toBe(201);

  await postgres.crash();
  const began = performance.now();
  const end = began + AWAY;
  const asking = MACS.map(async (mac) => {
    const wrong: unknown[] = [];
    let age = 0;
    let count = 0;
    while (performance.now() < end) {
      const asked = performance.now() - began;
      const { status, text, headers } = await send(service.origin, 'GET', scriptOf(mac));
      const isAged = asked < NOTICED || headers['x-bss-age'] !== undefined;
      if (status !== 200 || !text.includes('http://files/k ') || !isAged) wrong.push([asked, status, headers, text]);
      age = Number(headers['x-bss-age'] ?? 0);
      count += 1;
      await sleep(100);
    }
    return { wrong, age, count };
  });
  const writing = (async () => {
    const answers: unknown[] = [];
    while (performance.now() < end) {
      const body = { macs: MACS, kernel: 'http://files/other' };
      answers.push(putOff(await send(service.origin, 'PUT', PARAMETERS, body)));
      await sleep(50);
    }
    return answers;
  })();
  const restarted = await spawnNode(settings);
  const waiting = (async () => {
    const answers = [
      putOff(
        await until(
          () => send(restarted.origin, 'GET', KNOWN),
          () => true,
        ),
      ),
    ];
    for (; performance.now() < end; await sleep(100)) answers.push(putOff(await send(restarted.origin, 'GET', KNOWN)));
    return answers;
  })();
  const asked = await Promise.all(asking);
  expect(asked.flatMap(({ wrong }) => wrong)).toEqual([]);
  for (const { age, count } of asked) {
    expect(age).toBeGreaterThanOrEqual(AWAY / 1000 - 2);
    expect(count).toBeGreaterThan(AWAY / 1000);
  }
  expect(putOff(await send(service.origin, 'GET', STRANGER))).toEqual(PUT_OFF);
  const ready = await send(service.origin, 'GET', '/ready');
  expect([ready.status, ready.json()]).toMatchObject([200, { store: { ready: true, age: expect.any(Number) } }]);
  expect((ready.json() as { store: { age: number } }).store.age).toBeGreaterThanOrEqual(AWAY / 1000 - 2);
  expect((await send(restarted.origin, 'GET', '/ready')).json()).toMatchObject({
    ready: false,
    store: { ready: false, reason: 'the database is not there yet' },
  });
  for (const answer of [...(await writing), ...(await waiting)]) expect(answer).toEqual(PUT_OFF);

  const accepting = until(() => connects(settings.DATABASE_URL), Boolean).then(() => performance.now());
  await postgres.restart();
  const isFresh = ({ status, headers }: Answer): boolean => status === 200 && headers['x-bss-age'] === undefined;
  const firstAt = async (ask: () => Promise<Answer>): Promise<number> => {
    const { text } = await soon(ask, isFresh);
    expect(text).toContain('http://files/k');
    return performance.now();
  };
  const same = { macs: MACS, kernel: 'http://files/k' };
  const firsts = await Promise.all([
    firstAt(() => send(service.origin, 'GET', KNOWN)),
    firstAt(() => send(service.origin, 'PUT', PARAMETERS, same)),
    firstAt(() => send(restarted.origin, 'GET', KNOWN)),
    firstAt(() => send(restarted.origin, 'PUT', PARAMETERS, same)),
  ]);
  const accepted = await accepting;
  const after = firsts.map((at) => Math.round(at - accepted));
  console.log(
    `after the database accepted connections: script and write ${after[0]}, ${after[1]} ms; where the service had been restarted ${after[2]}, ${after[3]} ms`,
  );
  expect(Math.max(...after)).toBeLessThan(3000);
  expect((await send(service.origin, 'GET', PARAMETERS)).text).not.toContain('http://files/other');
  for (const one of [service, restarted]) {
    one.signal('SIGTERM');
    expect(await one.exitCode()).toBe(0);
  }
}, 120_000);

async function connects(url: string): Promise<boolean> {
  const client = new pg.Client(url);
  client.on('error', () => {});
  await client.connect();
  await client.end();
  return true;
}

/** Asks every few milliseconds until an answer passes. */
async function soon(ask: () => Promise<Answer>, passes: (answer: Answer) => boolean): Promise<Answer> {
  for (const deadline = performance.now() + 20_000; performance.now() < deadline; await sleep(10)) {
    const answer = await ask();
    if (passes(answer)) return answer;
  }
  throw new Error('it did not happen in time');
}
