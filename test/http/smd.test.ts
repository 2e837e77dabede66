import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { SmdMode, SmdNode } from '../support/smd-simulator.ts';
import { describeService, describeWithSmd, PARAMETERS, SCRIPT } from './describe-service.ts';

const NODE = 'x1000c0s0b0n0';
const KERNEL = 'http://files/own';

/** Seconds that what SMD said is young, in these tests. */
const AGE = 2;

const nodes: SmdNode[] = [
  {
    xname: NODE,
    nid: 1,
    macs: ['02:00:00:00:00:01'],
    role: 'Compute',
    groups: ['rack1'],
    endpoint: { enabled: true, fqdn: 'nid0001.lab', macs: ['02:00:00:00:01:01', 'not available', ''] },
  },
  { xname: 'x1000c0s1b0n0', nid: '2', macs: ['02000000000A'] },
  { xname: 'x1000c0s2b0n0', nid: 3, macs: ['02-00-00-00-00-0b', 'ff:ff:ff:ff:ff:ff', ''] },
  { xname: 'x1000c0s3b0n0', nid: 4, macs: ['02:00:00:00:00:0C'], state: 'Empty' },
  { xname: 'x1000c0s4b0n0', nid: 5, macs: ['02:00:00:00:00:0d'], enabled: false },
  { xname: 'x1000c0s5b0n0', nid: 6, macs: ['02:00:00:00:00:0e'], endpoint: { enabled: false } },
];

const settings = { BSS_SCRIPT_FORM: 'classic', BSS_HSM_RETRIEVAL_DELAY: String(AGE) };

describeWithSmd('nodes of SMD', { nodes, settings }, ({ send, smd }) => {
  const script = async (query: string) => await send('GET', `${SCRIPT}?${query}`);
  const put = (host: string, kernel: string) => send('PUT', PARAMETERS, { hosts: [host], kernel });
  /** The xname in a script; `undefined` when it only asks again. */
  const bootedBy = async (query: string): Promise<string | undefined> =>
    / xname=(\S+)/.exec((await script(query)).text)?.[1];

  it('are known by each of their names [inventory.smd-by-every-identifier] [inventory.smd-macs-of-endpoints]', async () => {
    await put(NODE, KERNEL);
    for (const query of [
      'mac=02:00:00:00:00:01',
      // Of its endpoint alone.
      'mac=02:00:00:00:01:01',
      `name=${NODE}`,
      `name=${NODE.toUpperCase()}`,
      'name=nid0001.lab',
      'name=nid0001',
      'nid=1',
    ]) {
      expect([query, await bootedBy(query)]).toEqual([query, NODE]);
    }
    for (const query of ['mac=02:00:00:00:0f:ff', 'name=x9c0s0b0n0', 'name=nid0002', 'nid=77', 'nid=0']) {
      expect([query, await bootedBy(query)]).toEqual([query, undefined]);
    }
  });

  it('are known however their MACs and NIDs are written, and enabled where nothing is said [inventory.smd-mac-spellings] [inventory.smd-nid-as-a-text] [inventory.smd-nothing-said-is-enabled]', async () => {
    await put('Default', KERNEL);
    for (const [query, xname] of [
      ['nid=2', 'x1000c0s1b0n0'],
      ['mac=02:00:00:00:00:0b', 'x1000c0s2b0n0'],
      ['mac=02:00:00:00:00:0B', 'x1000c0s2b0n0'],
    ] as const) {
      expect([query, await bootedBy(query)]).toEqual([query, xname]);
    }
    expect((await script('nid=2')).text).toContain(' xname=x1000c0s1b0n0 nid=2 ');
    expect((await script('name=x1000c0s1b0n0')).text).toContain('mac=02:00:00:00:00:0a&retry=1');
    expect(await bootedBy('nid=5')).toBeUndefined();
    expect(await bootedBy('nid=6')).toBeUndefined();
  });

  it('are not known by what is no MAC, nor by MAC while they are empty [inventory.smd-no-macs] [inventory.smd-empty-components]', async () => {
    await put('Default', KERNEL);
    for (const query of ['mac=ff:ff:ff:ff:ff:ff', 'mac=02:00:00:00:00:0c', 'mac=00:00:00:00:00:00']) {
      expect([query, await bootedBy(query)]).toEqual([query, undefined]);
    }
    const [host] = (await send('GET', '/boot/v1/hosts?nid=3')).json() as { MAC: string[] }[];
    expect(host?.MAC).toEqual(['02:00:00:00:00:0b']);
    // By its other names it is.
    expect(await bootedBy('nid=4')).toBe('x1000c0s3b0n0');
  });

  it('are asked for with colons and one MAC at a time [inventory.smd-one-mac-per-look-up]', async () => {
    smd().requests.length = 0;
    await script('mac=02%3A00%3A00%3A00%3A0F%3A0B');
    await send('GET', `${PARAMETERS}?mac=02:00:00:00:0f:01,02:00:00:00:0f:0b`);
    const asked = smd().requests.map(({ target }) => new URL(target, 'http://smd').searchParams.getAll('MACAddress'));
    expect(asked.every((macs) => macs.length <= 1)).toBe(true);
    const macs = asked.flat();
    expect(macs).toContain('02:00:00:00:0f:0b');
    expect(macs).toContain('02:00:00:00:0f:01');
    expect(macs.every((mac) => /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(mac))).toBe(true);
  });

  it('boot by their groups [inventory.smd-groups]', async () => {
    await put('Compute', 'http://files/role');
    expect((await script('nid=1')).text).toContain('http://files/role');
    await put('rack1', 'http://files/group');
    expect((await script('nid=1')).text).toContain('http://files/group');
    expect((await script('nid=3')).text).not.toContain('http://files/');
  });

  it('that are unknown cost one look-up of the endpoints together, which is remembered [inventory.smd-endpoints-asked-once]', async () => {
    await sleep(AGE * 1000 + 100);
    smd().requests.length = 0;
    for (let at = 0; at < 20; at++) await script(`mac=02:00:00:00:0e:${(16 + at).toString(16)}`);
    const lists = smd().requests.filter(({ target }) => /ComponentEndpoints\?type=Node$/.test(target));
    expect(lists.length).toBeLessThanOrEqual(2);
  });

  it('are asked for again once that was longer ago than the setting says [inventory.smd-max-age]', async () => {
    const late = { xname: 'x1000c0s8b0n0', nid: 88, endpoint: { macs: ['02:00:00:00:08:08'], fqdn: 'late.lab' } };
    await put('Default', KERNEL);
    await bootedBy('name=late.lab');
    smd().add(late);
    await sleep(AGE * 1000 + 100);
    expect(await bootedBy('name=late.lab')).toBe(late.xname);
    expect(await bootedBy('mac=02:00:00:00:08:08')).toBe(late.xname);
  });

  it('get their scripts while SMD is away, and an age with them once that is old [inventory.smd-away-with-young-knowledge] [inventory.old-knowledge-has-an-age]', async () => {
    await put(NODE, KERNEL);
    const known = await script('mac=02:00:00:00:00:01');
    expect(known.headers).not.toHaveProperty('x-bss-age');
    smd().mode = 'refuse';
    const young = await script('mac=02:00:00:00:00:01');
    expect([young.text.includes(KERNEL), young.headers['x-bss-age']]).toEqual([true, undefined]);
    await sleep(AGE * 1000 + 1100);
    const old = await script('mac=02:00:00:00:00:01');
    expect([old.text.includes(KERNEL), old.headers['x-bss-age']]).toEqual([true, expect.stringMatching(/^[2-9]$/)]);
    for (const path of ['/boot/v1/hosts', PARAMETERS]) {
      const { status, headers } = await send('GET', `${path}?mac=02:00:00:00:00:01`);
      expect([path, status, headers['x-bss-age']]).toEqual([path, 200, expect.stringMatching(/^[2-9]$/)]);
    }
    smd().mode = 'healthy';
    const age = async () => (await script('mac=02:00:00:00:00:01')).headers['x-bss-age'];
    await expect.poll(age, { timeout: 5000 }).toBeUndefined();
  });

  it('are never called unknown while SMD answers nonsense or nothing [inventory.smd-garbage-is-no-unknown-node]', async () => {
    await put('Default', KERNEL);
    const modes: SmdMode[] = ['garbage', 'wrong types', 'refuse', { status: 500 }, { text: '' }, { text: 'null' }];
    for (const mode of modes) {
      smd().mode = mode;
      for (const query of ['mac=02:00:00:00:0d:01', 'name=x3c0s0b0n0', 'nid=4711']) {
        const answer = await script(query);
        expect([mode, query, answer.status]).toEqual([mode, query, 503]);
        expect(answer.headers['retry-after']).toMatch(/^[1-9][0-9]*$/);
      }
    }
    // A host name is looked for in the lists: those of a moment ago will do.
    await sleep(AGE * 1000 + 100);
    expect((await script('name=never.lab')).status).toBe(503);
    smd().mode = 'healthy';
    expect((await script('nid=4711')).status).toBe(200);
  });

  it('need no more than an id in each list [inventory.smd-only-ids-are-needed]', async () => {
    smd().lists.components.push({ ID: 'x1000c0s6b0n0', Type: 'Node' });
    smd().lists.interfaces.push({ ID: 'a' });
    smd().lists.endpoints.push({ ID: 'x1000c0s6b0n0', Type: 'Node' });
    await put('Default', KERNEL);
    expect((await send('POST', '/boot/v1/hosts')).status).toBe(204);
    expect(await bootedBy('name=x1000c0s6b0n0')).toBe('x1000c0s6b0n0');
    expect((await send('GET', '/boot/v1/hosts?name=x1000c0s6b0n0')).json()).toEqual([
      { ID: 'x1000c0s6b0n0', Type: 'Node', FQDN: '', MAC: [], EndpointEnabled: true },
    ]);
  });
});

const many: SmdNode[] = Array.from({ length: 10_000 }, (_, at) => ({
  xname: `x${1000 + Math.floor(at / 100)}c0s${at % 100}b0n0`,
  nid: at + 1,
  macs: [`02:00:00:00:${(at >> 8).toString(16).padStart(2, '0')}:${(at & 255).toString(16).padStart(2, '0')}`],
  endpoint: { fqdn: `node-${at}.lab`, macs: [`02:00:00:01:${(at >> 8).toString(16).padStart(2, '0')}:00`] },
}));

describeWithSmd('a site of 10,000 nodes', { nodes: many }, ({ send }) => {
  it('is known to its last node [inventory.smd-large-lists]', async () => {
    await send('PUT', PARAMETERS, { hosts: ['Default'], kernel: KERNEL });
    // At the start the lists may take longer than a request waits for them.
    await expect.poll(async () => (await send('GET', '/boot/v1/hosts')).status, { timeout: 10_000 }).toBe(200);
    expect((await send('GET', '/boot/v1/hosts')).json()).toHaveLength(10_000);
    const { text } = await send('GET', `${SCRIPT}?name=node-9999.lab`);
    expect(text).toContain(' xname=x1099c0s99b0n0 nid=10000 ');
  });
});

describeService('nodes of the canned set', { HSM_URL: 'mem:', BSS_SCRIPT_FORM: 'classic' }, ({ send }) => {
  it('are there without any SMD [inventory.mem]', async () => {
    await send('PUT', PARAMETERS, { hosts: ['Compute'], kernel: KERNEL });
    const hosts = (await send('GET', '/boot/v1/hosts')).json() as { ID: string; Enabled: boolean; MAC: string[] }[];
    expect(hosts.length).toBeGreaterThan(3);
    for (const { ID, Enabled, MAC } of hosts) {
      const { text } = await send('GET', `${SCRIPT}?mac=${MAC[0]}`);
      expect([ID, text.includes(` xname=${ID} `)]).toEqual([ID, Enabled]);
    }
    expect((await send('GET', `${SCRIPT}?mac=02:00:00:00:0f:ff`)).text).not.toContain(KERNEL);
  });
});

describeService('nodes of the service itself', { BSS_SCRIPT_FORM: 'classic' }, ({ send, query, rows }) => {
  it('are known when somebody has added them [inventory.standalone-by-hand]', async () => {
    await send('PUT', PARAMETERS, { hosts: ['Default'], kernel: KERNEL });
    const asked = `${SCRIPT}?mac=02:00:00:00:00:07`;
    expect((await send('GET', asked)).text).not.toContain(KERNEL);
    await query(`insert into boot.nodes (id, xname, boot_mac, nid, revision)
      values (gen_random_uuid(), 'x7c0s0b0n0', '02:00:00:00:00:07', 7, 0)`);
    for (const by of ['mac=02:00:00:00:00:07', 'name=x7c0s0b0n0', 'nid=7']) {
      expect((await send('GET', `${SCRIPT}?${by}`)).text).toContain(`kernel ${KERNEL} xname=x7c0s0b0n0 nid=7 `);
    }
    expect((await send('GET', '/boot/v1/hosts')).json()).toMatchObject([{ ID: 'x7c0s0b0n0', NID: 7 }]);
    expect((await send('GET', `${PARAMETERS}?nid=7`)).status).toBe(404);
    // A record of its own is written under any of its names, and it keeps them all.
    const own = { kernel: 'http://files/other' };
    expect((await send('POST', PARAMETERS, { macs: ['02:00:00:00:00:07'], ...own })).status).toBe(201);
    expect(await rows('nodes')).toBe(1);
    for (const by of ['mac=02:00:00:00:00:07', 'name=x7c0s0b0n0', 'nid=7']) {
      expect((await send('GET', `${SCRIPT}?${by}`)).text).toContain(
        'kernel http://files/other xname=x7c0s0b0n0 nid=7 ',
      );
    }
  });
});
