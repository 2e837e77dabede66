import { load } from 'js-yaml';
import { expect, it } from 'vitest';
import { describeService, describeWithSmd, from, PARAMETERS, problemWith, TRUSTING } from './describe-service.ts';

/** In what was recorded: role Compute, in the groups compute and gpu. */
const NODE = 'x1000c0s3b0n1';
const ADDRESS = '172.16.1.8';
/** Role Management, sub-role Worker, two addresses on one interface. */
const WORKER = 'x3000c0s1b0n0';

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

describeWithSmd('cloud-init', { settings: TRUSTING }, ({ send, smd, rows }) => {
  const meta = async (address: string, key?: string): Promise<unknown> =>
    (await send('GET', `/meta-data${key === undefined ? '' : `?key=${key}`}`, undefined, from(address))).json();
  const user = async (address: string) => await send('GET', '/user-data', undefined, from(address));
  const put = (host: string, metaData: object | null, userData: object | null = null) =>
    send('PUT', PARAMETERS, { hosts: [host], 'cloud-init': { 'meta-data': metaData, 'user-data': userData } });

  it('says what the inventory knows of the node that asks, even without any record [cloud-init.by-address] [cloud-init.instance-id] [cloud-init.names]', async () => {
    expect(await meta(ADDRESS)).toEqual({
      'instance-id': expect.stringMatching(/^x1000c0s3b0n1-[0-9a-f]{12}$/),
      'local-hostname': NODE,
      'shasta-type': 'Compute',
      'shasta-role': '',
      Global: {},
    });
    const again = await meta(ADDRESS, 'instance-id');
    expect(again).not.toEqual(await meta(ADDRESS, 'instance-id'));
    for (const address of ['10.252.1.10', '10.254.1.10']) {
      expect(await meta(address)).toMatchObject({
        'local-hostname': WORKER,
        'shasta-type': 'Management',
        'shasta-role': 'Worker',
      });
    }
  });

  it('merges all levels, the more specific over the less, objects deeply and lists whole [cloud-init.meta-data] [cloud-init.what-is-set-stays] [resolution.merge-roles] [resolution.merge-node]', async () => {
    await put('Worker', { level: 'sub-role', list: [1, 2], deep: { a: 1, b: 1 } });
    await put('Management', { level: 'role', deep: { b: 2, c: 2 } });
    await put('Management_Worker', { level: 'role and sub-role', list: [3] });
    expect(await meta('10.252.1.10')).toMatchObject({
      level: 'role and sub-role',
      list: [3],
      deep: { a: 1, b: 2, c: 2 },
    });
    await put(WORKER, { level: 'node', deep: { c: null }, 'local-hostname': 'worker1' });
    expect(await meta('10.252.1.10')).toMatchObject({
      level: 'node',
      deep: { a: 1, b: 2, c: null },
      'local-hostname': 'worker1',
      'shasta-role': 'Worker',
    });
  });

  it('lets the first of the groups win: by priority, then by name [resolution.merge-groups] [resolution.merge-groups-by-name]', async () => {
    await put('gpu', { from: 'gpu', gpu: true });
    await put('compute', { from: 'compute', compute: true });
    expect(await meta(ADDRESS)).toMatchObject({ from: 'compute', gpu: true, compute: true });
    await send('PATCH', PARAMETERS, { hosts: ['gpu'], priority: 1 });
    expect(await meta(ADDRESS)).toMatchObject({ from: 'gpu', gpu: true, compute: true });
    await put('Compute', { from: 'role' });
    expect(await meta(ADDRESS)).toMatchObject({ from: 'gpu' });
  });

  it('counts Default only where nothing more specific exists, and shows Global beside [cloud-init.global] [resolution.merge-default]', async () => {
    await put('Default', { from: 'default' }, { packages: ['default'] });
    await put('Global', { site: 'lab', dns: ['10.0.0.1'] });
    expect(await meta(ADDRESS)).toMatchObject({ from: 'default', Global: { site: 'lab', dns: ['10.0.0.1'] } });
    expect(load((await user(ADDRESS)).text)).toEqual({ packages: ['default'], 'local-hostname': NODE });
    await send('PUT', PARAMETERS, { hosts: ['Compute'], kernel: 'http://files/k' });
    expect(await meta(ADDRESS)).not.toHaveProperty('from');
  });

  it('gives an unknown address the data of Default, and never another node’s [cloud-init.unknown-gets-default] [cloud-init.unknown-gets-nobody-elses]', async () => {
    await put('Default', { from: 'default' }, { packages: ['default'] });
    await put(NODE, { from: 'node' }, { packages: ['node'] });
    for (const address of ['192.0.2.7', 'nonsense', '172.16.0.100']) {
      expect(await meta(address)).toEqual({
        'instance-id': expect.stringMatching(/^default-[0-9a-f]{12}$/),
        from: 'default',
        Global: {},
      });
      expect((await user(address)).text).toBe('#cloud-config\npackages:\n  - default\n');
    }
    expect((await send('GET', '/endpoint-history')).status).toBe(404);
    expect((await send('GET', '/boot/v1/endpoint-history')).json()).toEqual([]);
  });

  it('digs out one value as bare JSON, and says 404 for what is not there [cloud-init.key] [cloud-init.key-missing-is-404] [cloud-init.key-missing-for-unknown-is-404]', async () => {
    await put(NODE, { nested: { a: { b: 'c' }, list: [1], nothing: null, text: '1 & 2' } });
    for (const [key, value] of [
      ['nested.a.b', 'c'],
      ['nested.a', { b: 'c' }],
      ['nested.list', [1]],
      ['nested.nothing', null],
      ['local-hostname', NODE],
      ['shasta-role', ''],
      ['Global', {}],
    ] as const) {
      expect([key, await meta(ADDRESS, key)]).toEqual([key, value]);
    }
    const bare = await send('GET', '/meta-data?key=nested.text&key=nested.a', undefined, from(ADDRESS));
    expect([bare.text, bare.headers['content-type']]).toEqual(['"1 \\u0026 2"', 'application/json; charset=UTF-8']);
    for (const address of [ADDRESS, '192.0.2.7']) {
      for (const key of ['missing', 'nested.a.b.c', 'constructor', 'nested.list.x', '', 'nested..a']) {
        expect([key, await meta(address, key)]).toEqual([key, problemWith(404, 'Not Found', 'Not Found')]);
      }
    }
  });

  it('writes user-data as YAML that cloud-init reads, record over role, with the host name [cloud-init.user-data] [cloud-init.user-data-of-the-node] [cloud-init.user-data-is-recorded]', async () => {
    await put('Compute', null, { packages: ['a'], write_files: [{ content: 'x\ny\n', mode: '0644' }] });
    await put(NODE, { 'local-hostname': 'nid8' }, { packages: ['b'], enabled: 'yes', time: '12:30' });
    const answer = await user(ADDRESS);
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/yaml']);
    expect(answer.text.split('\n')[0]).toBe('#cloud-config');
    expect(load(answer.text)).toEqual({
      'local-hostname': 'nid8',
      packages: ['b'],
      write_files: [{ content: 'x\ny\n', mode: '0644' }],
      enabled: 'yes',
      time: '12:30',
    });
    await put(NODE, null, { 'local-hostname': 'own' });
    expect(load((await user(ADDRESS)).text)).toMatchObject({ 'local-hostname': 'own' });
    expect((await send('GET', '/boot/v1/endpoint-history?endpoint=user-data')).json()).toEqual([
      { name: NODE, endpoint: 'user-data', last_epoch: expect.any(Number) },
    ]);
  });

  it('keeps what a node reports, as JSON or as the form that cloud-init sends, and shows it in the record [cloud-init.phone-home-as-json] [cloud-init.phone-home-as-form] [cloud-init.phone-home-is-in-the-record] [cloud-init.phone-home-answer]', async () => {
    await send('PUT', PARAMETERS, { macs: ['02:00:00:00:03:01'], kernel: 'http://files/k' });
    const form = 'pub_key_rsa=ssh-rsa+AAA%2B%3D&instance_id=i-1&hostname=nid8&unknown=x';
    const answer = await send('POST', '/phone-home', Buffer.from(form), { ...from(ADDRESS), ...FORM });
    expect(answer.status).toBe(200);
    const said = { pub_key_rsa: 'ssh-rsa AAA+=', instance_id: 'i-1', hostname: 'nid8' };
    expect(answer.json()).toMatchObject({
      hosts: [NODE],
      kernel: 'http://files/k',
      'cloud-init': { 'phone-home': said },
    });
    expect(answer.json()).not.toHaveProperty('macs');
    expect(answer.json()).not.toHaveProperty('nids');
    const [record] = (await send('GET', `${PARAMETERS}?name=${NODE}`)).json() as object[];
    expect(record).toMatchObject({ macs: ['02:00:00:00:03:01'], 'cloud-init': { 'phone-home': said } });

    const json = { pub_key_ed25519: 'ssh-ed25519 B', fqdn: 'nid8.lab' };
    expect((await send('POST', '/phone-home', json, from(ADDRESS))).json()).toMatchObject({
      'cloud-init': { 'phone-home': { ...json, pub_key_rsa: '', hostname: '' } },
    });
    expect(await rows('nodes')).toBe(1);
    await send('PUT', PARAMETERS, { hosts: [NODE], kernel: 'http://files/k2' });
    expect((await send('GET', PARAMETERS)).json()).toMatchObject([{ 'cloud-init': { 'phone-home': json } }]);
  });

  it('keeps it for a node that boots by its role, unlisted, until it has a record [cloud-init.phone-home-before-a-record] [cloud-init.phone-home-alone-is-not-listed]', async () => {
    await send('PUT', PARAMETERS, { hosts: ['Compute'], kernel: 'http://files/k' });
    const answer = await send('POST', '/phone-home', { instance_id: 'i-2' }, from(ADDRESS));
    expect([answer.status, answer.json()]).toMatchObject([200, { hosts: [NODE] }]);
    expect((await send('GET', PARAMETERS)).json()).toMatchObject([{ hosts: ['Compute'] }]);
    expect((await send('GET', `${PARAMETERS}?name=${NODE}`)).status).toBe(404);
    expect((await send('GET', `/boot/v1/bootscript?name=${NODE}`)).text).toContain('http://files/k');
    await send('POST', PARAMETERS, { macs: ['02:00:00:00:03:01'], kernel: 'http://files/own' });
    expect((await send('GET', `${PARAMETERS}?mac=02:00:00:00:03:01`)).json()).toMatchObject([
      { macs: ['02:00:00:00:03:01'], 'cloud-init': { 'phone-home': { instance_id: 'i-2' } } },
    ]);
    expect(await rows('nodes')).toBe(1);
  });

  it('keeps it for each node alone, also where several boot by a group, a role or Default [cloud-init.phone-home-per-node]', async () => {
    const linux = { kernel: 'http://files/k', params: 'quiet' };
    await send('PUT', PARAMETERS, { hosts: ['gpu', 'Compute', 'Default'], ...linux });
    // In the group gpu, by its role, and by Default.
    const nodes = [
      ['172.16.1.8', NODE],
      ['172.16.1.1', 'x1000c0s0b0n0'],
      ['10.252.1.10', WORKER],
    ] as const;
    for (const [address, xname] of nodes) {
      const answer = await send('POST', '/phone-home', { hostname: xname, instance_id: address }, from(address));
      expect([answer.status, answer.json()]).toMatchObject([200, { hosts: [xname] }]);
    }
    const records = (await send('GET', PARAMETERS)).json() as { hosts: string[] }[];
    expect(records.flatMap(({ hosts }) => hosts).sort()).toEqual(['Compute', 'Default', 'gpu']);
    expect(JSON.stringify(records)).not.toContain('172.16.1');
    for (const [address, xname] of nodes) {
      expect((await send('GET', `/boot/v1/bootscript?name=${xname}`)).text).toContain('http://files/k');
      await send('PUT', PARAMETERS, { hosts: [xname], ...linux });
      const said = { 'phone-home': { hostname: xname, instance_id: address } };
      expect((await send('GET', `${PARAMETERS}?name=${xname}`)).json()).toMatchObject([{ 'cloud-init': said }]);
    }
  });

  it('has everything for a node without a NID, a role and a component endpoint [cloud-init.bare-nodes]', async () => {
    const bare = 'x1000c0s7b0n0';
    smd().add({ xname: bare, macs: ['02:00:00:00:07:00'] });
    smd().lists.interfaces.push({
      ID: 'a',
      Type: 'Node',
      ComponentID: bare,
      IPAddresses: [{ IPAddress: '172.16.7.7' }],
    });
    await put('Global', { site: 'lab' });
    await put(bare, { a: { b: [1] } }, { packages: ['x'] });
    expect(await meta('172.16.7.7')).toEqual({
      'instance-id': expect.stringMatching(/^x1000c0s7b0n0-[0-9a-f]{12}$/),
      'local-hostname': bare,
      'shasta-type': '',
      'shasta-role': '',
      a: { b: [1] },
      Global: { site: 'lab' },
    });
    expect(await meta('172.16.7.7', 'a.b')).toEqual([1]);
    expect(load((await user('172.16.7.7')).text)).toEqual({ packages: ['x'], 'local-hostname': bare });
    const answer = await send('POST', '/phone-home', { hostname: 'bare' }, from('172.16.7.7'));
    expect([answer.status, answer.json()]).toMatchObject([
      200,
      { 'cloud-init': { 'phone-home': { hostname: 'bare' } } },
    ]);
  });

  it('refuses a report that says nothing, whoever sends it, and does not know strangers [cloud-init.phone-home-broken-is-400] [cloud-init.phone-home-broken-from-anybody-is-400] [cloud-init.phone-home-from-unknown-is-404]', async () => {
    for (const address of [ADDRESS, '192.0.2.7']) {
      for (const body of [
        '',
        '{}',
        'x',
        '[]',
        '{"hostname":5}',
        '{"hostname":',
        'hostname=%00',
        '"text"',
        '{"a":"b"}',
      ]) {
        const answer = await send('POST', '/phone-home', Buffer.from(body), from(address));
        expect([body, answer.status]).toEqual([body, 400]);
      }
    }
    const stranger = await send('POST', '/phone-home', { hostname: 'x' }, from('192.0.2.7'));
    expect(stranger.json()).toEqual(problemWith(404, 'Not Found', expect.any(String)));
    expect(await rows('nodes')).toBe(0);
  });

  it('says that it cannot look while SMD is away, rather than that nobody is there', async () => {
    smd().mode = { status: 503 };
    for (const [method, path] of [
      ['GET', '/meta-data'],
      ['GET', '/user-data'],
      ['POST', '/phone-home'],
    ] as const) {
      const answer = await send(method, path, { hostname: 'x' }, from('172.16.9.9'));
      expect([path, answer.status]).toEqual([path, 503]);
      expect(answer.headers['retry-after']).toMatch(/^[1-9][0-9]*$/);
    }
    smd().mode = 'healthy';
  });

  it('believes the last entry of a trusted proxy, however it is written [cloud-init.behind-a-proxy] [cloud-init.forwarded-forms] [reading-requests.mapped-addresses]', async () => {
    for (const entry of [
      `192.0.2.7, ${ADDRESS}`,
      ` ${ADDRESS} `,
      `${ADDRESS}:4711`,
      `::ffff:${ADDRESS}`,
      `[::ffff:${ADDRESS}]:80`,
    ]) {
      const key = await send('GET', '/meta-data?key=local-hostname', undefined, from(entry));
      expect([entry, key.text]).toEqual([entry, `"${NODE}"`]);
    }
  });
});

describeService('cloud-init without a trusted proxy', { HSM_URL: 'mem:' }, ({ send }) => {
  it('believes nobody who says where he comes from [cloud-init.strangers-forward-nothing]', async () => {
    const answer = await send('GET', '/meta-data', undefined, { 'X-Forwarded-For': '10.0.0.1' });
    expect(answer.json()).toEqual({ 'instance-id': expect.stringMatching(/^default-/), Global: {} });
  });
});

describeService('cloud-init, standalone', {}, ({ send }) => {
  it('has only Default’s data for anybody', async () => {
    await send('PUT', PARAMETERS, { hosts: ['Default'], 'cloud-init': { 'user-data': { a: 1 } } });
    expect((await send('GET', '/user-data')).text).toBe('#cloud-config\na: 1\n');
  });
});
