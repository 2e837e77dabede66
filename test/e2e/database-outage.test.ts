import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { send } from '../support/http-client.ts';
import { spawnNode, until } from '../support/node-process.ts';
import { type Postgres, startPostgres } from '../support/postgres.ts';

const PARAMETERS = '/boot/v1/bootparameters';
const KNOWN = '/boot/v1/bootscript?mac=02:00:00:00:00:01';
const STRANGER = '/boot/v1/bootscript?mac=02:00:00:00:00:02';
/** Milliseconds. */
const AWAY = 5000;

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

it('goes on with what it knows while the database is away, also when a write is refused; restarted, it waits for it [service.ready-from-memory]', async () => {
  const settings = { DATABASE_URL: await postgres.createDatabase() };
  const service = await spawnNode(settings);
  const isUp = ({ status }: { status: number }): boolean => status === 200;
  await until(() => send(service.origin, 'GET', PARAMETERS), isUp);
  expect(
    (await send(service.origin, 'POST', PARAMETERS, { macs: ['02:00:00:00:00:01'], kernel: 'http://files/k' })).status,
  ).toBe(201);

  await postgres.crash();
  const ages: number[] = [];
  for (const end = performance.now() + AWAY; performance.now() < end; await sleep(50)) {
    const { status, text, headers } = await send(service.origin, 'GET', KNOWN);
    expect([status, text]).toEqual([200, expect.stringContaining('http://files/k ')]);
    ages.push(Number(headers['x-bss-age'] ?? 0));
  }
  expect(ages.at(-1)).toBeGreaterThanOrEqual(AWAY / 1000 - 2);
  const ready = await send(service.origin, 'GET', '/ready');
  expect([ready.status, ready.json()]).toMatchObject([200, { store: { ready: true, age: expect.any(Number) } }]);
  expect((ready.json() as { store: { age: number } }).store.age).toBeGreaterThanOrEqual(AWAY / 1000 - 2);
  for (const answer of [
    await send(service.origin, 'GET', STRANGER),
    await send(service.origin, 'PUT', PARAMETERS, { macs: ['02:00:00:00:00:01'], kernel: 'http://files/other' }),
  ]) {
    expect([answer.status, Number(answer.headers['retry-after']) > 0]).toEqual([503, true]);
  }

  const restarted = await spawnNode(settings);
  const waiting = await until(
    () => send(restarted.origin, 'GET', KNOWN),
    () => true,
  );
  expect([waiting.status, Number(waiting.headers['retry-after']) > 0]).toEqual([503, true]);
  expect((await send(restarted.origin, 'GET', '/ready')).json()).toMatchObject({
    ready: false,
    store: { ready: false, reason: 'the database is not there yet' },
  });

  await postgres.restart();
  const back = performance.now();
  for (const { origin } of [service, restarted]) {
    const { text } = await until(
      () => send(origin, 'GET', KNOWN),
      ({ status, headers }) => status === 200 && headers['x-bss-age'] === undefined,
    );
    expect(text).toContain('http://files/k ');
  }
  expect(performance.now() - back).toBeLessThan(3000);
  for (const one of [service, restarted]) {
    one.signal('SIGTERM');
    expect(await one.exitCode()).toBe(0);
  }
}, 60_000);
