import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixedInventory } from '../../src/adapters/inventory/fixed.ts';
import { pgliteDriver } from '../../src/adapters/store/drivers/pglite.ts';
import { migratePglite } from '../../src/adapters/store/migrate.ts';
import { createStore } from '../../src/adapters/store/record-store.ts';
import type { Store } from '../../src/ports/store.ts';
import { BrokenInventory, BrokenStore, breakingStore, faultyInventory } from '../support/broken.ts';
import { macOf, xnameOf } from '../support/identifiers.ts';
import { type TestApp, testApp } from '../support/test-app.ts';

const PARAMETERS = '/boot/v1/bootparameters';
const MAC = '02:00:00:00:00:01';
const SCRIPT = `/boot/v1/bootscript?mac=${MAC}`;
const RECORD = { macs: [MAC], kernel: 'http://files/k' };
const component = { xname: xnameOf('x0c0s0b0n0'), macs: [macOf(MAC)], groups: [], enabled: true };

let client: PGlite;
let store: Store;
beforeAll(async () => {
  client = new PGlite();
  await migratePglite(client);
  store = createStore(pgliteDriver(client));
});
afterAll(() => client.close());

async function expectTryAgain(answer: Response): Promise<void> {
  expect(answer.status).toBe(503);
  const seconds = Number(answer.headers.get('retry-after'));
  expect(seconds).toBeGreaterThanOrEqual(5);
  expect(seconds).toBeLessThanOrEqual(15);
  const text = await answer.text();
  expect(JSON.parse(text)).toMatchObject({ type: 'about:blank', title: 'Service Unavailable', status: 503 });
  expect(text).not.toContain('secret');
}

const everything = (app: TestApp): Promise<Response>[] => [
  app.fetch(SCRIPT),
  app.fetch(`${SCRIPT}&arch=x86_64&json=1`),
  app.fetch(PARAMETERS),
  app.fetch(`${PARAMETERS}?mac=${MAC}`),
  app.send('POST', PARAMETERS, RECORD),
  app.send('PUT', PARAMETERS, RECORD),
  app.send('PATCH', PARAMETERS, RECORD),
  app.send('DELETE', PARAMETERS, RECORD),
  app.send('DELETE', PARAMETERS, { kernel: 'http://files/k' }),
  app.send('PUT', PARAMETERS, { kernel: 'http://files/k', params: 'quiet' }),
];

describe('while the store is away', () => {
  it('everything that needs it is to be tried again, and what does not goes on', async () => {
    for (const inventory of [undefined, fixedInventory([component])]) {
      const app = testApp({ store: BrokenStore, inventory });
      for (const answer of await Promise.all(everything(app))) await expectTryAgain(answer);
      for (const path of ['/boot/v1/service/status', '/health', '/']) expect((await app.fetch(path)).status).toBe(200);
    }
  });

  it('a node that the inventory does not know is still told to wait', async () => {
    const app = testApp({ store: BrokenStore, inventory: fixedInventory([]) });
    expect(await (await app.fetch(SCRIPT)).text()).toContain('is not in the inventory yet');
  });

  it('bad input is still bad input', async () => {
    const app = testApp({ store: BrokenStore });
    expect((await app.send('POST', PARAMETERS, { ...RECORD, params: 'a || b' })).status).toBe(400);
    expect((await app.fetch('/boot/v1/bootscript?mac=x')).status).toBe(400);
  });

  it('a write that breaks off changes nothing', async () => {
    const app = testApp({ store: breakingStore(store) });
    await expectTryAgain(await app.send('POST', PARAMETERS, RECORD));
    expect((await store.list()).nodes).toEqual([]);
  });
});

describe('while the inventory is away', () => {
  it('no node is called unknown', async () => {
    const app = testApp({ store, inventory: BrokenInventory });
    await expectTryAgain(await app.fetch(SCRIPT));
    await expectTryAgain(await app.fetch('/boot/v1/bootscript?name=n1.cluster'));
  });

  it('records are written and read by the identifiers that are given', async () => {
    const app = testApp({ store, inventory: BrokenInventory });
    expect((await app.send('POST', PARAMETERS, RECORD)).status).toBe(201);
    expect((await app.send('POST', PARAMETERS, RECORD)).status).toBe(400);
    expect(await (await app.fetch(`${PARAMETERS}?mac=${MAC}`)).json()).toMatchObject([RECORD]);
    expect((await app.send('POST', PARAMETERS, { hosts: ['x0c0s0b0n0'], kernel: 'http://files/other' })).status).toBe(
      201,
    );

    const back = testApp({ store, inventory: fixedInventory([component]) });
    expect(await (await back.fetch(SCRIPT)).text()).toContain('http://files/k ');
    expect((await back.send('PUT', PARAMETERS, { hosts: ['x0c0s0b0n0'], kernel: 'http://files/one' })).status).toBe(
      200,
    );
    expect((await store.list()).nodes).toMatchObject([{ mac: MAC, resolved: 'x0c0s0b0n0' }]);
    expect((await back.send('DELETE', PARAMETERS, { hosts: ['x0c0s0b0n0'] })).status).toBe(200);
    expect((await store.list()).nodes).toEqual([]);
  });
});

it('a fault of the program is told from an outage, and its text stays in the log', async () => {
  const app = testApp({ store, inventory: faultyInventory });
  const answer = await app.fetch(SCRIPT);
  expect(answer.status).toBe(500);
  expect(await answer.text()).not.toContain('secret');
  expect(app.errors).toEqual(['secret of the program']);
});
