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
const component = {
  xname: xnameOf('x0c0s0b0n0'),
  macs: [macOf(MAC)],
  groups: [],
  addresses: [],
  details: {},
  enabled: true,
};

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
  it('everything that needs it is to be tried again, and what does not goes on [writing.outage-is-503] [bootscript.store-outage-is-503] [service.status-without-database]', async () => {
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

  it('a write that breaks off changes nothing [writing.outage-changes-nothing]', async () => {
    const app = testApp({ store: breakingStore(store) });
    await expectTryAgain(await app.send('POST', PARAMETERS, RECORD));
    expect((await store.list()).nodes).toEqual([]);
  });
});

describe('while the inventory is away', () => {
  it('no node is called unknown [bootscript.inventory-outage-is-503]', async () => {
    const app = testApp({ store, inventory: BrokenInventory });
    await expectTryAgain(await app.fetch(SCRIPT));
    await expectTryAgain(await app.fetch('/boot/v1/bootscript?name=n1.cluster'));
  });

  it('records are written and read by the identifiers that are given [writing.literal-while-the-inventory-is-away] [writing.put-makes-one-of-several] [writing.delete-by-xnames]', async () => {
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

it('a fault of the program is told from an outage, and its text stays in the log [problems.show-no-insides]', async () => {
  const app = testApp({ store, inventory: faultyInventory });
  const answer = await app.fetch(SCRIPT);
  expect(answer.status).toBe(500);
  expect(await answer.text()).not.toContain('secret');
  expect(app.errors).toEqual(['secret of the program']);
});

describe('a node whose record was written under its MAC', () => {
  const XNAME = 'x0c0s0b0n0';

  it('is found, changed and deleted by its xname also while the inventory is away', async () => {
    const known = testApp({ store, inventory: fixedInventory([component]) });
    const away = testApp({ store, inventory: BrokenInventory, settings: { BSS_DIALECT: 'csm' } });
    await known.send('PUT', PARAMETERS, RECORD);
    const [listed] = (await (await away.fetch(PARAMETERS)).json()) as [object];
    expect(listed).toMatchObject({ hosts: [XNAME], kernel: 'http://files/k' });
    expect(await (await away.fetch(`${PARAMETERS}?name=${XNAME}`)).json()).toEqual([listed]);
    expect((await away.send('POST', PARAMETERS, { hosts: [XNAME], kernel: 'http://files/other' })).status).toBe(400);
    expect((await away.send('PUT', PARAMETERS, { ...listed, kernel: 'http://files/new' })).status).toBe(200);
    expect(await (await known.fetch(PARAMETERS)).json()).toMatchObject([{ macs: [MAC], kernel: 'http://files/new' }]);
    expect(await (await known.fetch(SCRIPT)).text()).toContain('http://files/new');
    expect((await away.send('DELETE', PARAMETERS, { hosts: [XNAME] })).status).toBe(200);
    expect(await (await known.fetch(PARAMETERS)).json()).toEqual([]);
  });

  it('is not taken for it any more once the inventory says that the MAC is elsewhere', async () => {
    const known = testApp({ store, inventory: fixedInventory([component]) });
    await known.send('PUT', PARAMETERS, RECORD);
    const moved = testApp({ store, inventory: fixedInventory([{ ...component, macs: [macOf('02:00:00:00:00:02')] }]) });
    expect((await moved.fetch(`${PARAMETERS}?name=${XNAME}`)).status).toBe(404);
    expect(await (await moved.fetch(`/boot/v1/bootscript?name=${XNAME}`)).text()).not.toContain('http://files/k');
    await moved.send('DELETE', PARAMETERS, { macs: [MAC] });
  });
});
