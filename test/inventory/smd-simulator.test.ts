import { readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { manyNodes } from '../support/many-nodes.ts';
import { type SmdOptions, type SmdSimulator, startSmd } from '../support/smd-simulator.ts';
import { smdForTest } from './smd.ts';

/** What SMD was asked, and the file that its answer was recorded in. */
const RECORDED = [
  ['/State/Components?type=Node', 'components'],
  ['/State/Components?nid=1001', 'components-nid'],
  ['/State/Components?group=gpu&type=Node', 'components-group-gpu'],
  ['/State/Components/x1000c0s0b0n0', 'component-one'],
  ['/Inventory/EthernetInterfaces', 'ethernet-interfaces-all'],
  ['/Inventory/EthernetInterfaces?type=Node', 'ethernet-interfaces'],
  ['/Inventory/EthernetInterfaces?IPAddress=10.254.1.10', 'ethernet-interfaces-ip'],
  ['/Inventory/EthernetInterfaces?MACAddress=02:00:00:00:03:01', 'ethernet-interfaces-mac'],
  ['/Inventory/EthernetInterfaces?MACAddress=02%3A00%3A00%3A00%3A03%3A01', 'ethernet-interfaces-mac'],
  ['/Inventory/EthernetInterfaces?MACAddress=020000000301', 'ethernet-interfaces-mac-unknown'],
  ['/Inventory/EthernetInterfaces?MACAddress=02-00-00-00-03-01', 'ethernet-interfaces-mac-unknown'],
  ['/Inventory/EthernetInterfaces?MACAddress=02:00:00:00:03:01,02:00:00:00:03:00', 'ethernet-interfaces-mac-unknown'],
  ['/Inventory/ComponentEndpoints?type=Node', 'component-endpoints'],
  ['/groups', 'groups'],
  ['/memberships', 'memberships'],
  ['/memberships?id=x1000c0s3b0n1', 'memberships-id'],
  ['/service/ready', 'service-ready'],
  ['/service/values/class', 'service-values-class'],
] as const;

describe('The SMD of the tests', () => {
  it.each(RECORDED)('answers %s as the real one did', async (target, file) => {
    const smd = await smdForTest();
    const response = await fetch(`${smd.url}/hsm/v2${target}`);
    expect(response.status).toBe(200);
    const recorded = readFileSync(new URL(`../fixtures/smd/${file}.json`, import.meta.url), 'utf8');
    expect(await response.json()).toEqual(JSON.parse(recorded));
  });

  it.each([
    ['/Inventory/EthernetInterfaces?MACAddress=02:00:00:00:03:01&MACAddress=02:00:00:00:03:00', 2],
    ['/State/Components?type=Node&role=!Compute', 2],
    ['/State/Components?role=!Compute&role=!Application', 1],
    ['/State/Components?id=x1000c0s0b0n0&id=x1000c0s0b0n1&id=x9999c0s0b0n0', 2],
    ['/State/Components?group=nobody', 0],
    ['/Inventory/ComponentEndpoints?type=Node&id=x9999c0s0b0n0', 0],
    ['/memberships?id=x9999c0s0b0n0', 0],
  ])('filters %s', async (target, count) => {
    const smd = await smdForTest();
    expect(await asked(smd, target)).toHaveLength(count);
  });

  it.each([
    ['/State/Components/x9999c0s0b0n0', 404],
    ['/State/Components?group=!gpu', 400],
    ['/nowhere', 404],
  ])('refuses %s', async (target, status) => {
    const smd = await smdForTest();
    expect((await fetch(`${smd.url}/hsm/v2${target}`)).status).toBe(status);
  });

  it.each([
    ['/State/Components?type=Node', 200],
    ['/Inventory/EthernetInterfaces?type=Node', 200],
    ['/service/ready', 200],
    ['/Inventory/ComponentEndpoints?type=Node', 401],
    ['/groups', 401],
    ['/memberships', 401],
  ])('asks for a token where the real one does: %s', async (target, status) => {
    const smd = await smdForTest();
    smd.requireToken('a.b.c');
    expect((await fetch(`${smd.url}/hsm/v2${target}`)).status).toBe(status);
    const headers = { Authorization: 'Bearer a.b.c' };
    expect((await fetch(`${smd.url}/hsm/v2${target}`, { headers })).status).toBe(200);
    smd.requireToken(undefined);
    expect((await fetch(`${smd.url}/hsm/v2${target}`)).status).toBe(200);
  });

  it('counts the requests that wait at once, also those that are given up', async () => {
    const smd = await smdForTest();
    smd.mode = 'hang';
    const given = AbortSignal.timeout(100);
    const waiting = ['/groups', '/memberships'].map((path) => fetch(`${smd.url}/hsm/v2${path}`, { signal: given }));
    await Promise.allSettled(waiting);
    expect(smd.flight.most).toBe(2);
    await expect.poll(() => smd.flight.now).toBe(0);
  });

  it('can leave a request to somebody else', async () => {
    const smd = await started({
      aside({ url }, response) {
        if (url === '/aside') response.end('mine');
        return url === '/aside';
      },
    });
    expect(await (await fetch(`${smd.url}/aside`)).text()).toBe('mine');
    expect(await lengthOf(smd, '/groups')).toBe(3);
    expect(smd.requests.map(({ target }) => target)).toEqual(['/hsm/v2/groups']);
  });
});

describe.each([false, true])('Half of the nodes missing (frozen: %s)', (frozen) => {
  it.each([
    ['/State/Components?type=Node', 3, 6],
    ['/Inventory/EthernetInterfaces?type=Node', 3, 6],
    ['/Inventory/ComponentEndpoints', 1, 2],
    ['/memberships', 3, 6],
    ['/groups', 1, 1],
    // The last one that is missing, and the first one that is not.
    ['/State/Components?id=x1000c0s0b1n0', 0, 1],
    ['/Inventory/EthernetInterfaces?MACAddress=02:00:00:00:00:02', 0, 1],
    ['/Inventory/EthernetInterfaces?ComponentID=x1000c0s0b1n1', 1, 1],
    ['/State/Components?nid=100003', 1, 1],
    ['/State/Components?group=compute', 3, 6],
  ])('%s tells of %d instead of %d', async (target, half, all) => {
    const ends = [{ xname: 'x1000c0s0b0n0' }, { xname: 'x1000c0s1b0n1' }];
    const nodes = manyNodes(6).map((node) => ({
      ...node,
      groups: ['compute'],
      ...(ends.some(({ xname }) => xname === node.xname) && { endpoint: {} }),
    }));
    const smd = await started({ nodes, frozen });
    expect(await lengthOf(smd, target)).toBe(all);
    smd.mode = 'half-empty';
    expect(await lengthOf(smd, target)).toBe(half);
    smd.mode = 'healthy';
    expect(await lengthOf(smd, target)).toBe(all);
  });
});

describe('A frozen SMD', () => {
  it.each([...RECORDED.map(([target]) => target), '/State/Components?role=!Compute&id=x3000c0s1b0n0'])(
    'answers %s like one that is not',
    async (target) => {
      const [frozen, other] = [await started({ frozen: true }), await smdForTest()];
      const answers = [frozen, frozen, other].map(async ({ url }) => (await fetch(`${url}/hsm/v2${target}`)).text());
      const [first, second, expected] = await Promise.all(answers);
      expect(first).toBe(expected);
      expect(second).toBe(expected);
    },
  );

  it('does not notice a change before it is told', async () => {
    const smd = await started({ frozen: true });
    expect(await lengthOf(smd, '/State/Components?id=x1000c0s0b0n0')).toBe(1);
    expect(await lengthOf(smd, '/State/Components')).toBe(9);
    smd.lists.components.splice(0, 1);
    expect(await lengthOf(smd, '/State/Components')).toBe(9);
    smd.changed();
    expect(await lengthOf(smd, '/State/Components')).toBe(8);
    expect(await lengthOf(smd, '/State/Components?id=x1000c0s0b0n0')).toBe(0);
    smd.add({ xname: 'x1000c0s0b0n0' });
    expect(await lengthOf(smd, '/State/Components')).toBe(9);
    expect(await lengthOf(smd, '/State/Components?id=x1000c0s0b0n0')).toBe(1);
  });

  it('knows 100,000 nodes, and each by all its names', async () => {
    const nodes = manyNodes(100_000);
    const smd = await started({ nodes, frozen: true });
    for (const at of [0, 65_536, 99_999]) {
      const { xname = '', nid, macs = [], addresses = [] } = nodes[at] ?? {};
      const byName = await asked(smd, `/State/Components?id=${xname}&type=Node`);
      expect(byName).toEqual([expect.objectContaining({ ID: xname, NID: nid, State: 'Ready', Flag: 'OK' })]);
      expect(await asked(smd, `/State/Components?nid=${nid}`)).toEqual(byName);
      const byMac = await asked(smd, `/Inventory/EthernetInterfaces?MACAddress=${macs[0]}`);
      expect(byMac).toEqual([expect.objectContaining({ ComponentID: xname, LastUpdate: expect.any(String) })]);
      expect(await asked(smd, `/Inventory/EthernetInterfaces?IPAddress=${addresses[0]}`)).toEqual(byMac);
      expect(await lengthOf(smd, `/memberships?id=${xname}`)).toBe(1);
    }
    const lists = ['/State/Components', '/Inventory/EthernetInterfaces'];
    const texts = await Promise.all(lists.map(async (path) => (await fetch(`${smd.url}/hsm/v2${path}`)).text()));
    expect(texts.join('').length).toBeGreaterThan(39_000_000);
  });
});

async function started(options: SmdOptions): Promise<SmdSimulator> {
  const smd = await startSmd(options);
  onTestFinished(smd.stop);
  return smd;
}

async function asked({ url }: SmdSimulator, target: string): Promise<unknown[]> {
  const answer: unknown = await (await fetch(`${url}/hsm/v2${target}`)).json();
  return Array.isArray(answer) ? answer : Object.values(Object(answer)).flat();
}

async function lengthOf(smd: SmdSimulator, target: string): Promise<number> {
  return (await asked(smd, target)).length;
}
