import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, send } from '../support/http-client.ts';
import { type Postgres, startPostgres } from '../support/postgres.ts';
import { type DatabaseProxy, startProxy } from '../support/proxy.ts';
import { type SmdSimulator, startSmd } from '../support/smd-simulator.ts';
import { startWorkerService, type WorkerService } from '../support/worker-service.ts';

const PARAMETERS = '/boot/v1/bootparameters';
const SCRIPT = '/boot/v1/bootscript';
/** Milliseconds in which what goes on behind an answer is done. */
const BEHIND = 300;
/** Milliseconds that the database has to answer who is known without it. */
const PATIENCE = 1500;

/** Nodes of SMD: with a record of its own, one that boots by its group, one by its role, and one with nothing. */
const OWN = { xname: 'x1000c0s0b0n0', nid: 1, macs: ['02:00:00:00:00:01'], addresses: ['172.16.1.1'] };
const GPU = { xname: 'x1000c0s1b0n0', nid: 2, macs: ['02:00:00:00:00:02'], groups: ['gpu'] };
const COMPUTE = { xname: 'x1000c0s2b0n0', nid: 3, macs: ['02:00:00:00:00:03'], role: 'Compute' };
const NOTHING = { xname: 'x1000c0s3b0n0', nid: 4, macs: ['02:00:00:00:00:04'] };
const STRANGER = { xname: 'x1000c0s9b0n0', nid: 9, macs: ['02:00:00:00:00:09'] };
const NODES = [OWN, GPU, COMPUTE, NOTHING, STRANGER];

let postgres: Postgres;
let proxy: DatabaseProxy;
let smd: SmdSimulator;
/** One beside an SMD, one with nodes of its own. */
let beside: WorkerService;
let alone: WorkerService;

beforeAll(async () => {
  postgres = await startPostgres();
  smd = await startSmd({ nodes: NODES });
  const url = new URL(await postgres.createDatabase());
  proxy = await startProxy(Number(url.port));
  url.port = String(proxy.port);
  const settings = { BSS_SCRIPT_FORM: 'classic', BSS_HSM_RETRIEVAL_DELAY: '3600' };
  beside = await startWorkerService({ HSM_URL: smd.url, ...settings }, { databaseUrl: url.href });
  alone = await startWorkerService(settings, { databaseUrl: await postgres.createDatabase() });
});
afterAll(async () => {
  await Promise.all([beside.stop(), alone.stop(), smd.stop()]);
  await proxy.stop();
  await postgres.stop();
});

const write = async (worker: WorkerService, method: string, record: object): Promise<number> =>
  (await send(worker.url, method, PARAMETERS, record)).status;
const script = (worker: WorkerService, query: string): Promise<Answer> => send(worker.url, 'GET', `${SCRIPT}?${query}`);
/** What a script boots, and the age that it comes with. */
async function bootOf(worker: WorkerService, query: string): Promise<unknown[]> {
  const { status, text, headers } = await script(worker, query);
  return [status, /^kernel .* http:\/\/files\/(\S+)/m.exec(text)?.[1], headers['x-bss-age']];
}
const userData = (address: string): Promise<Answer> =>
  send(beside.url, 'GET', '/user-data', undefined, { 'CF-Connecting-IP': address });

const AGE = expect.stringMatching(/^[0-9]{1,2}$/);
const waits = [200, undefined, undefined];

/** Milliseconds until something is done. */
async function timeOf(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await act();
  return performance.now() - start;
}

/** Has the database back, and a script that shows it; answers after how many milliseconds that is so. */
async function bringBack(restore: () => Promise<void>, query: string): Promise<number> {
  await restore();
  return timeOf(async () => {
    while ((await script(beside, query)).headers['x-bss-age'] !== undefined) await sleep(20);
  });
}

describe('While the database is away', () => {
  it('nodes get their scripts and cloud-init data from another isolate too, with their age, and who is not known is told to wait [bootscript.store-outage-is-503] [writing.outage-is-503] [writing.outage-changes-nothing]', async () => {
    for (const record of [
      { macs: OWN.macs, kernel: 'http://files/own', 'cloud-init': { 'user-data': { mine: 1 } } },
      { hosts: ['gpu'], kernel: 'http://files/gpu' },
      { hosts: ['Compute'], kernel: 'http://files/compute' },
      { macs: STRANGER.macs, kernel: 'http://files/stranger' },
    ]) {
      expect(await write(beside, 'POST', record)).toBe(201);
    }
    expect(await bootOf(beside, `mac=${OWN.macs[0]}`)).toEqual([200, 'own', undefined]);
    expect(await bootOf(beside, `nid=${GPU.nid}`)).toEqual([200, 'gpu', undefined]);
    expect(await bootOf(beside, `name=${COMPUTE.xname}`)).toEqual([200, 'compute', undefined]);
    expect(await bootOf(beside, `mac=${NOTHING.macs[0]}`)).toEqual(waits);
    expect((await userData('172.16.1.1')).text).toContain('mine: 1');
    await sleep(BEHIND);

    await postgres.crash();
    for (const isolate of ['the same', 'another']) {
      if (isolate === 'another') await beside.replaceIsolate();
      // Each by a name that it has not been asked by.
      expect(await bootOf(beside, `name=${OWN.xname}`)).toEqual([200, 'own', AGE]);
      expect(await bootOf(beside, `mac=${GPU.macs[0]}`)).toEqual([200, 'gpu', AGE]);
      expect(await bootOf(beside, `nid=${COMPUTE.nid}`)).toEqual([200, 'compute', AGE]);
      expect(await bootOf(beside, `name=${NOTHING.xname}`)).toEqual([200, undefined, AGE]);
      const data = await userData('172.16.1.1');
      expect([data.status, data.headers['x-bss-age']]).toEqual([200, AGE]);
      expect(data.text).toContain('mine: 1');
      for (const answer of [
        await script(beside, `mac=${STRANGER.macs[0]}`),
        await send(beside.url, 'GET', PARAMETERS),
        await send(beside.url, 'PUT', PARAMETERS, { macs: OWN.macs, kernel: 'http://files/other' }),
      ]) {
        expect([answer.status, Number(answer.headers['retry-after']) >= 5]).toEqual([503, true]);
      }
    }
    expect(beside.logs.some((line) => line.includes('nodes get what was known of them'))).toBe(true);
    expect(await bringBack(postgres.restart, `mac=${OWN.macs[0]}`)).toBeLessThan(1300);
    expect(await bootOf(beside, `mac=${OWN.macs[0]}`)).toEqual([200, 'own', undefined]);
    expect(await bootOf(beside, `mac=${STRANGER.macs[0]}`)).toEqual([200, 'stranger', undefined]);
  });

  it('a node has what the next look-up saw after a write, and not what was removed', async () => {
    const query = `mac=${GPU.macs[0]}`;
    expect(await write(beside, 'PUT', { hosts: [GPU.xname], kernel: 'http://files/mine' })).toBe(200);
    expect(await bootOf(beside, query)).toEqual([200, 'mine', undefined]);
    expect(await write(beside, 'PUT', { hosts: [GPU.xname], kernel: 'http://files/changed' })).toBe(200);
    expect(await bootOf(beside, query)).toEqual([200, 'changed', undefined]);
    await sleep(BEHIND);
    proxy.mode = 'refuse';
    proxy.cut();
    expect(await bootOf(beside, `nid=${GPU.nid}`)).toEqual([200, 'changed', AGE]);
    expect(
      await bringBack(async () => {
        proxy.mode = 'pass';
      }, query),
    ).toBeLessThan(1300);
    expect(await write(beside, 'DELETE', { hosts: [GPU.xname, 'gpu'] })).toBe(200);
    expect(await bootOf(beside, query)).toEqual(waits);
    await sleep(BEHIND);
    proxy.mode = 'refuse';
    proxy.cut();
    await beside.replaceIsolate();
    expect(await bootOf(beside, `nid=${GPU.nid}`)).toEqual([200, undefined, AGE]);
    proxy.mode = 'pass';
    await sleep(1000);
  });

  it('who is known does not wait for one that hangs, but for one in a second', async () => {
    const queries = [OWN, COMPUTE].map(({ macs }) => `mac=${macs[0]}`);
    for (const query of queries) await script(beside, query);
    await sleep(BEHIND);
    proxy.mode = 'stall';
    const all = queries.map(async (query) =>
      expect(await timeOf(() => script(beside, query))).toBeLessThan(PATIENCE + 500),
    );
    await Promise.all(all);
    expect(await bootOf(beside, queries[0] ?? '')).toEqual([200, 'own', AGE]);
    const times = await Promise.all(
      Array.from({ length: 40 }, async (_, at) => {
        await sleep(at * 25);
        return timeOf(() => script(beside, queries[at % 2] ?? ''));
      }),
    );
    expect(times.filter((time) => time > 500).length).toBeLessThanOrEqual(2);
    expect(
      await bringBack(async () => {
        proxy.mode = 'pass';
      }, queries[0] ?? ''),
    ).toBeLessThan(PATIENCE + 1300);
  });
});

describe('While the database of a Worker with nodes of its own is away', () => {
  it('who has a record and who was added by hand boots on', async () => {
    const [recorded, added] = ['02:00:00:00:10:01', '02:00:00:00:10:02'];
    expect(await write(alone, 'POST', { macs: [recorded], kernel: 'http://files/recorded' })).toBe(201);
    expect(await write(alone, 'POST', { hosts: ['rack'], kernel: 'http://files/rack' })).toBe(201);
    for (const [path, body] of [
      ['State/Components', { Components: [{ ID: OWN.xname, Type: 'Node', State: 'Ready', NID: 1 }] }],
      ['Inventory/EthernetInterfaces', { MACAddress: added, ComponentID: OWN.xname }],
      ['groups', { label: 'rack', members: { ids: [OWN.xname] } }],
    ] as const) {
      expect((await send(alone.url, 'POST', `/hsm/v2/${path}`, body)).status).toBeLessThan(300);
    }
    expect(await bootOf(alone, `mac=${recorded}`)).toEqual([200, 'recorded', undefined]);
    expect(await bootOf(alone, `mac=${added}`)).toEqual([200, 'rack', undefined]);
    expect(await bootOf(alone, 'mac=02:00:00:00:10:03')).toEqual(waits);
    await sleep(BEHIND);
    await postgres.crash();
    await alone.replaceIsolate();
    expect(await bootOf(alone, `mac=${recorded}`)).toEqual([200, 'recorded', AGE]);
    expect(await bootOf(alone, `mac=${added}`)).toEqual([200, 'rack', AGE]);
    expect((await script(alone, `mac=${added}`)).text).toContain(` xname=${OWN.xname} nid=1`);
    expect(await bootOf(alone, 'mac=02:00:00:00:10:03')).toEqual([200, undefined, AGE]);
    expect((await script(alone, 'mac=02:00:00:00:10:04')).status).toBe(503);
    await postgres.restart();
    await sleep(1000);
    expect(await bootOf(alone, `mac=${recorded}`)).toEqual([200, 'recorded', undefined]);
  });
});
