import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, send } from '../support/http-client.ts';
import { type Postgres, startPostgres } from '../support/postgres.ts';
import { type SmdMode, type SmdNode, type SmdSimulator, startSmd } from '../support/smd-simulator.ts';
import { startWorkerService, type WorkerService } from '../support/worker-service.ts';

/** Seconds that the inventory may be old, and milliseconds for which an answer is not asked for again. */
const [AGE, FRESH] = [2, 2000];
const SETTINGS = { BSS_HSM_RETRIEVAL_DELAY: String(AGE), BSS_SCRIPT_FORM: 'classic' };
const SCRIPT = '/boot/v1/bootscript';
const HOSTS = '/boot/v1/hosts';

let postgres: Postgres;
let smd: SmdSimulator;
let worker: WorkerService;
beforeAll(async () => {
  postgres = await startPostgres();
  smd = await startSmd({ nodes: [] });
  worker = await startWorkerService(
    { HSM_URL: smd.url, ...SETTINGS },
    { databaseUrl: await postgres.createDatabase() },
  );
  const record = { hosts: ['Default'], kernel: 'http://files/k' };
  expect((await send(worker.url, 'POST', '/boot/v1/bootparameters', record)).status).toBe(201);
});
afterAll(async () => {
  await worker.stop();
  await Promise.all([smd.stop(), postgres.stop()]);
});

let made = 0;
/** A node of its own for each case, that SMD knows. */
function newNode(): SmdNode & { readonly mac: string; readonly address: string; readonly nid: number } {
  made += 1;
  const mac = `02:00:00:00:00:${made.toString(16).padStart(2, '0')}`;
  const address = `172.16.1.${made}`;
  const node = { xname: `x1000c0s${made}b0n0`, nid: made, macs: [mac], addresses: [address], role: 'Compute' };
  smd.add(node);
  return { ...node, mac, address };
}

beforeEach(() => {
  smd.mode = 'healthy';
  smd.requests.length = 0;
});

const script = (query: string): Promise<Answer> => send(worker.url, 'GET', `${SCRIPT}?${query}`);
/** The node that a script is for, and the age that it comes with. */
const scriptOf = async (query: string) => {
  const { status, text, headers } = await script(query);
  return [status, / xname=(\S+)/.exec(text)?.[1], headers['x-bss-age']];
};
const nameAt = async (address: string): Promise<unknown> =>
  (await send(worker.url, 'GET', '/meta-data?key=local-hostname', undefined, { 'CF-Connecting-IP': address })).text;
const roleOf = async (xname: string): Promise<unknown> =>
  ((await send(worker.url, 'GET', `${HOSTS}?name=${xname}`)).json() as { Role: string }[])[0]?.Role;
function changeRole(xname: string, Role: string): void {
  const at = smd.lists.components.findIndex(({ ID }) => ID === xname);
  smd.lists.components[at] = { ...smd.lists.components[at], Role };
}

/** Milliseconds until something is done. */
async function timeOf(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await act();
  return performance.now() - start;
}

describe('For seconds, a node', () => {
  it('is looked up once for 50 that ask together', async () => {
    const { xname, mac } = newNode();
    smd.mode = { slow: 100 };
    const answers = await Promise.all(Array.from({ length: 50 }, () => scriptOf(`mac=${mac}`)));
    expect(answers).toEqual(Array(50).fill([200, xname, undefined]));
    expect(smd.requests).toHaveLength(5);
  });

  it('is looked up once for 50 that ask within them, by whichever of its names, in whichever isolate', async () => {
    const { xname, mac, nid, address } = newNode();
    expect(await scriptOf(`mac=${mac}`)).toEqual([200, xname, undefined]);
    // What is kept is kept behind the answer.
    await sleep(100);
    for (let round = 0; round < 10; round++) {
      for (const query of [`mac=${mac}`, `nid=${nid}`, `name=${xname}`]) {
        expect(await scriptOf(query)).toEqual([200, xname, undefined]);
      }
      expect(await nameAt(address)).toBe(`"${xname}"`);
    }
    await worker.replaceIsolate();
    expect(await scriptOf(`mac=${mac}`)).toEqual([200, xname, undefined]);
    expect(smd.requests).toHaveLength(5);
  });

  it('is what it was, and no longer', async () => {
    const { xname } = newNode();
    expect(await roleOf(xname)).toBe('Compute');
    changeRole(xname, 'Application');
    expect(await roleOf(xname)).toBe('Compute');
    await sleep(FRESH + 100);
    expect(await roleOf(xname)).toBe('Application');
  });

  it('is none, unless it was just added: that is never kept', async () => {
    const late = { xname: 'x2000c0s0b0n0', nid: 2000, macs: ['02:00:00:00:20:00'] };
    expect(await scriptOf('nid=2000')).toEqual([200, undefined, undefined]);
    smd.add(late);
    expect(await scriptOf('nid=2000')).toEqual([200, late.xname, undefined]);
  });
});

describe('While SMD is away', () => {
  it('a node gets its script from another isolate than the one that heard of it, with its age', async () => {
    const { xname, mac, address } = newNode();
    expect(await scriptOf(`mac=${mac}`)).toEqual([200, xname, undefined]);
    await sleep(AGE * 1000 + 100);
    const modes: SmdMode[] = ['refuse', 'garbage', 'wrong types', { status: 401 }, { status: 503 }, { slow: 5000 }];
    for (const mode of modes) {
      smd.mode = mode;
      smd.requests.length = 0;
      await worker.replaceIsolate();
      const aged = [200, xname, expect.stringMatching(/^([2-9]|[1-3][0-9])$/)];
      expect([mode, ...(await scriptOf(`mac=${mac}`))]).toEqual([mode, ...aged]);
      expect([mode, smd.requests.length > 0]).toEqual([mode, true]);
      expect([mode, await nameAt(address)]).toEqual([mode, `"${xname}"`]);
      // For a second nobody asks, in no isolate.
      await sleep(1100);
    }
    smd.mode = 'healthy';
    expect(await scriptOf(`mac=${mac}`)).toEqual([200, xname, undefined]);
  });

  it('nobody waits longer than 2 s, and who is known does so hardly ever', async () => {
    const known = Array.from({ length: 10 }, newNode);
    for (const { mac } of known) await script(`mac=${mac}`);
    await sleep(FRESH + 100);
    smd.mode = { slow: 5000 };
    expect(await timeOf(() => script(`mac=${known[0]?.mac}`))).toBeLessThan(2500);
    for (const { mac } of known) expect(await timeOf(() => script(`mac=${mac}`))).toBeLessThan(500);
    // Step after step would take twice as long.
    smd.mode = { slow: 1500 };
    const stranger = newNode();
    let status = 0;
    expect(await timeOf(async () => ({ status } = await script(`mac=${stranger.mac}`)))).toBeLessThan(2500);
    expect(status).toBe(503);
  });

  it('one of which nothing is known is told to wait', async () => {
    const { mac, address } = newNode();
    smd.mode = 'refuse';
    for (const answer of [
      await script(`mac=${mac}`),
      await send(worker.url, 'GET', '/user-data', undefined, { 'CF-Connecting-IP': address }),
    ]) {
      expect([answer.status, Number(answer.headers['retry-after']) >= 5]).toEqual([503, true]);
    }
  });
});

describe('What is looked at again is right at once', () => {
  it('after POST /hosts, also in another isolate and for an interface that was just added', async () => {
    const { xname, address } = newNode();
    expect([await roleOf(xname), await nameAt(address)]).toEqual(['Compute', `"${xname}"`]);
    const added = { MACAddress: '02:00:00:00:30:00', IPAddresses: [{ IPAddress: '172.16.30.1' }] };
    const before = await send(worker.url, 'GET', '/user-data', undefined, { 'CF-Connecting-IP': '172.16.30.1' });
    expect(before.text).not.toContain(xname);
    smd.lists.interfaces.push({ ID: 'a', ComponentID: xname, Type: 'Node', ...added });
    changeRole(xname, 'Application');
    expect((await send(worker.url, 'POST', HOSTS)).status).toBe(204);
    const user = await send(worker.url, 'GET', '/user-data', undefined, { 'CF-Connecting-IP': '172.16.30.1' });
    expect(user.text).toContain(`local-hostname: ${xname}`);
    expect(await roleOf(xname)).toBe('Application');
    changeRole(xname, 'Service');
    expect((await send(worker.url, 'POST', HOSTS)).status).toBe(204);
    await worker.replaceIsolate();
    expect(await roleOf(xname)).toBe('Service');
  });

  it('after a state change', async () => {
    const { xname } = newNode();
    expect(await roleOf(xname)).toBe('Compute');
    changeRole(xname, 'Application');
    const notice = { Components: [xname], Role: 'Application' };
    expect((await send(worker.url, 'POST', '/boot/v1/scn', notice)).status).toBe(200);
    expect(await roleOf(xname)).toBe('Application');
  });
});
