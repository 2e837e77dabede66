import { expect, inject, it, onTestFinished } from 'vitest';
import { cannedInventory } from '../../src/compose/inventories.ts';
import { readSettings } from '../../src/config.ts';
import { type OpenStore, openStore } from '../../src/node/store.ts';
import { until } from '../support/node-process.ts';
import { freshDatabase } from '../support/postgres.ts';
import { silentLog } from '../support/silent-log.ts';
import { testApp } from '../support/test-app.ts';

const PARAMETERS = '/boot/v1/bootparameters';
const NODE = 'x0c0s0b0n0';

/** A replica of the service that has all records in memory, and what it calls its database for. */
async function startReplica(databaseUrl: string) {
  const calls: string[] = [];
  const store: OpenStore = openStore(readSettings({ DATABASE_URL: databaseUrl }).settings, silentLog, (call) => {
    calls.push(call);
    return () => {};
  });
  onTestFinished(store.close);
  await store.ready;
  await until(
    async () => store.store.recall?.({ names: [] }),
    (found) => found !== undefined,
  );
  const app = testApp({ store: store.store, inventory: cannedInventory() });
  return {
    async send(method: string, body: object): Promise<number> {
      return (await app.send(method, PARAMETERS, body)).status;
    },
    /** The calls since it was asked last. */
    calls: () => calls.splice(0).filter((call) => call === 'find' || call === 'write'),
  };
}

it('A write of nodes whose records are in memory is all that the database is asked for', async () => {
  const { send, calls } = await startReplica(await freshDatabase(inject('postgresUrl')));
  const named = { hosts: [NODE, 'compute'] };
  expect(await send('POST', { ...named, kernel: 'http://files/k' })).toBe(201);
  expect(await send('PUT', { ...named, kernel: 'http://files/k2' })).toBe(200);
  expect(await send('PATCH', { ...named, params: 'quiet' })).toBe(200);
  expect(await send('DELETE', named)).toBe(200);
  expect(calls()).toEqual(['write', 'write', 'write', 'write']);
  expect(await send('PATCH', { ...named, params: 'quiet' })).toBe(404);
  expect(calls()).toEqual(['find']);
});

it('What was acknowledged by one replica is there for a write on another one, however soon that comes', async () => {
  const databaseUrl = await freshDatabase(inject('postgresUrl'));
  const [one, other] = [await startReplica(databaseUrl), await startReplica(databaseUrl)];
  const hosts = [NODE];
  for (let round = 0; round < 30; round++) {
    expect(await one.send('POST', { hosts, kernel: 'http://files/k' })).toBe(201);
    expect(await other.send('POST', { hosts, kernel: 'http://files/k' })).toBe(400);
    expect(await other.send('PATCH', { hosts, params: 'quiet' })).toBe(200);
    expect(await one.send('DELETE', { hosts })).toBe(200);
    expect(await other.send('DELETE', { hosts })).toBe(400);
  }
});
