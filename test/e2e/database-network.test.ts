import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { nodePostgresDriver } from '../../src/adapters/store/drivers/node-postgres.ts';
import { migrateDatabase } from '../../src/adapters/store/migrate.ts';
import { createOwnInventory } from '../../src/adapters/store/own-inventory.ts';
import { createStore } from '../../src/adapters/store/record-store.ts';
import { until } from '../support/node-process.ts';
import { freshDatabase } from '../support/postgres.ts';
import { type DatabaseProxy, startProxy } from '../support/proxy.ts';
import { type TestApp, testApp } from '../support/test-app.ts';

const PARAMETERS = '/boot/v1/bootparameters';
const MAC = '02:00:00:00:00:01';

describe('over a network to PostgreSQL that fails', () => {
  let proxy: DatabaseProxy;
  let pool: pg.Pool;
  let behind: pg.Pool;
  let app: TestApp;
  let straightUrl: string;

  beforeAll(async () => {
    const url = new URL(await freshDatabase(inject('postgresUrl')));
    await migrateDatabase(url.href);
    straightUrl = url.href;
    behind = new pg.Pool({ connectionString: url.href });
    proxy = await startProxy(Number(url.port));
    url.port = String(proxy.port);
    pool = new pg.Pool({ connectionString: url.href, max: 3, connectionTimeoutMillis: 500, query_timeout: 500 });
    pool.on('error', () => {});
    pool.on('connect', (client) => client.on('error', () => {}));
    const driver = nodePostgresDriver(pool);
    app = testApp({ store: createStore(driver), own: createOwnInventory(driver) });
  });
  afterAll(async () => {
    await pool.end();
    await behind.end();
    await proxy.stop();
  });
  beforeEach(() => behind.query('truncate boot.nodes, boot.boot_groups, boot.boot_configs, boot.boot_images cascade'));

  const put = (kernel: string): Promise<Response> => app.send('PUT', PARAMETERS, { macs: [MAC], kernel });
  const kernels = async (): Promise<unknown[]> =>
    (await behind.query('select kernel_uri from boot.boot_configs')).rows.map(({ kernel_uri }) => kernel_uri);

  it('a write that is cut at any point is answered as what became of it, and the service recovers at once [writing.outage-changes-nothing]', async () => {
    expect((await put('http://files/before')).status).toBe(200);
    const seen = { 200: 0, 503: 0 };
    for (let round = 0; round < 40; round++) {
      const write = put(`http://files/${round}`);
      await sleep(round / 4);
      proxy.cut();
      const { status } = await write;
      if (status !== 200 && status !== 503) throw new Error(`a write was answered ${status}`);
      seen[status] += 1;
      expect(await kernels()).toEqual([status === 200 ? `http://files/${round}` : 'http://files/before']);
      // A pooled connection that was cut while idle may fail one more request.
      await until(
        () => put('http://files/before'),
        (answer) => answer.status === 200,
        1,
      );
    }
    expect(seen[503]).toBeGreaterThan(0);
    expect(await kernels()).toEqual(['http://files/before']);
  });

  it('a write whose commit gets through and whose answer does not is known, also when others have written since [writing.outage-changes-nothing]', async () => {
    const straight = new pg.Pool({ connectionString: straightUrl });
    const other = createStore(nodePostgresDriver(straight));
    const elsewhere = testApp({ store: other, own: createOwnInventory(nodePostgresDriver(straight)) });
    const writes: [string, () => Promise<Response>][] = [
      ['the records', () => put('http://files/lost')],
      ['the own inventory', () => app.send('POST', '/hsm/v2/State/Components', { Components: [{ ID: 'x0c0s0b0n0' }] })],
    ];
    for (const [what, write] of writes) {
      // A text ends with a zero there; `begin` has another word in it.
      proxy.loseAnswerTo('commit\0');
      const written = write();
      await until(
        async () => proxy.mode,
        (mode) => mode === 'refuse',
      );
      for (const mac of ['02:00:00:00:00:02', '02:00:00:00:00:03']) {
        const body = { macs: [mac], kernel: 'http://files/other' };
        expect((await elsewhere.send('PUT', PARAMETERS, body)).status).toBe(200);
      }
      proxy.mode = 'pass';
      expect([what, (await written).status]).toEqual([what, what === 'the records' ? 200 : 204]);
    }
    expect(await kernels()).toContain('http://files/lost');
    await straight.end();
  });

  it('a write that stalls is given up in time, and nothing of it comes later [writing.outage-changes-nothing]', async () => {
    expect((await put('http://files/before')).status).toBe(200);
    for (const delay of [0, 2, 4, 6, 8]) {
      const write = put('http://files/stalled');
      await sleep(delay);
      proxy.mode = 'stall';
      const { status } = await write;
      proxy.mode = 'pass';
      if (status === 503) {
        await sleep(200);
        expect((await put('http://files/after')).status).toBe(200);
        expect(await kernels()).toEqual(['http://files/after']);
      }
    }
    const { rows } = await behind.query(
      "select count(*) as n from pg_stat_activity where state = 'idle in transaction' and datname = current_database()",
    );
    expect(rows).toEqual([{ n: '0' }]);
  });
});
