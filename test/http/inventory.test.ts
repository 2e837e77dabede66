import { expect, it } from 'vitest';
import {
  describeService,
  describeWithSmd,
  from,
  NO_CLOUD_INIT,
  PARAMETERS,
  problemWith,
  SCRIPT,
  TRUSTING,
} from './describe-service.ts';

const HOSTS = '/boot/v1/hosts';
const MAC = '02:00:00:00:03:01';
const NODE = 'x1000c0s3b0n1';

const shown = {
  ID: NODE,
  Type: 'Node',
  State: 'On',
  Enabled: true,
  Role: 'Compute',
  NID: 8,
  FQDN: '',
  MAC: ['02:00:00:00:03:01', '02:00:00:01:03:01'],
  EndpointEnabled: true,
};

describeWithSmd('hosts', { settings: TRUSTING }, ({ send, smd }) => {
  const ids = async (query: string): Promise<unknown> => {
    const answer = await send('GET', `${HOSTS}?${query}`);
    return answer.status === 200 ? (answer.json() as { ID: string }[]).map(({ ID }) => ID).sort() : answer.status;
  };

  it('shows each component of SMD with its host name, MACs and endpoint [hosts-and-state.all] [hosts-and-state.added-members] [hosts-and-state.left-out-members]', async () => {
    const all = (await send('GET', HOSTS)).json() as { ID: string }[];
    expect(all).toHaveLength(9);
    expect(all.find(({ ID }) => ID === NODE)).toEqual(shown);
    expect(all.find(({ ID }) => ID === 'x3000c0s1b0n0')).toEqual({
      ID: 'x3000c0s1b0n0',
      Type: 'Node',
      State: 'Ready',
      Flag: 'OK',
      Enabled: true,
      Role: 'Management',
      SubRole: 'Worker',
      NID: 1001,
      NetType: 'Sling',
      Arch: 'X86',
      Class: 'River',
      FQDN: '',
      MAC: ['a4:bf:01:23:01:aa'],
      EndpointEnabled: true,
    });
    expect(all.find(({ ID }) => ID === 'x1000c0s1b0n1')).toMatchObject({ Enabled: false, EndpointEnabled: true });
  });

  it('finds what any of the filters names, each host once [hosts-and-state.by-name-mac-and-nid] [hosts-and-state.by-several-kinds]', async () => {
    expect((await send('GET', `${HOSTS}?name=${NODE.toUpperCase()}`)).json()).toEqual([shown]);
    expect(await ids(`mac=${MAC.replaceAll(':', '%3A').toUpperCase()}`)).toEqual([NODE]);
    expect(await ids(`name=${NODE}&mac=${MAC}&nid=8,8&nid=1`)).toEqual(['x1000c0s0b0n0', NODE]);
    expect(await ids(`name=x9c0s0b0n0&mac=nonsense&nid=1`)).toEqual(['x1000c0s0b0n0']);
  });

  it('says 404 for who is unknown, and 400 for what is no NID [hosts-and-state.unknown-is-404] [hosts-and-state.bad-nid-is-400]', async () => {
    for (const query of ['name=x9c0s0b0n0', 'mac=nonsense', 'mac=', 'nid=77', 'name=', 'name=x1000c0s3b0']) {
      expect([query, await ids(query)]).toEqual([query, 404]);
    }
    for (const query of ['nid=', 'nid=one', 'nid=-1', 'nid=0x10', `name=${NODE}&nid=*`]) {
      expect([query, await ids(query)]).toEqual([query, 400]);
    }
  });

  it('looks at SMD again when asked to, before it answers [hosts-and-state.refresh-is-204] [hosts-and-state.refresh-is-done-before-the-answer]', async () => {
    const strange = { xname: 'x1000c0s9b0n0', nid: 99, macs: ['02:00:00:00:09:00'], role: 'Compute' };
    await send('GET', HOSTS);
    smd().add(strange);
    smd().lists.interfaces.push({
      ID: '020000000901',
      MACAddress: '02:00:00:00:09:01',
      ComponentID: NODE,
      Type: 'Node',
      IPAddresses: [{ IPAddress: '172.16.9.9' }],
    });
    const refreshed = await send('POST', HOSTS);
    expect([refreshed.status, refreshed.text, refreshed.headers['cache-control']]).toEqual([204, '', 'no-cache']);
    expect(await ids('nid=99')).toEqual([strange.xname]);
    expect((await send('GET', HOSTS)).json()).toHaveLength(10);
    const key = await send('GET', '/meta-data?key=local-hostname', undefined, from('172.16.9.9'));
    expect(key.text).toBe(`"${NODE}"`);
  });

  it('has user-data at once for an interface that was added before [hosts-and-state.refresh-brings-new-addresses]', async () => {
    const user = async () => (await send('GET', '/user-data', undefined, from('172.16.8.8'))).text;
    await send('PUT', PARAMETERS, { hosts: [NODE], 'cloud-init': { 'user-data': { packages: ['x'] } } });
    expect(await user()).toBe('#cloud-config\n{}\n');
    const address = { MACAddress: '02:00:00:00:08:01', IPAddresses: [{ IPAddress: '172.16.8.8' }] };
    smd().lists.interfaces.push({ ID: '020000000801', ComponentID: NODE, Type: 'Node', ...address });
    expect((await send('POST', HOSTS)).status).toBe(204);
    expect(await user()).toBe(`#cloud-config\nlocal-hostname: ${NODE}\npackages:\n  - x\n`);
  });

  it('takes notice of a state change, whatever else it says, and refuses what is none [hosts-and-state.scn-refreshes] [hosts-and-state.scn-that-is-no-json-is-400]', async () => {
    await send('GET', HOSTS);
    smd().add({ xname: 'x1000c0s8b0n0', nid: 88 });
    const notice = { Components: ['x1000c0s8b0n0', 'x1000c0s8b0'], State: 'Ready', Enabled: true, Unheard: 1 };
    expect((await send('POST', '/boot/v1/scn', notice)).status).toBe(200);
    expect((await send('GET', HOSTS)).text).toContain('x1000c0s8b0n0');
    for (const body of ['', '{', '[]', 'null', '{"Components":"x"}', '{"Components":[5]}']) {
      expect([body, (await send('POST', '/boot/v1/scn', Buffer.from(body))).status]).toEqual([body, 400]);
    }
  });

  it('says 503, and to wait, while SMD cannot be looked at again', async () => {
    smd().mode = 'refuse';
    for (const path of [HOSTS, '/boot/v1/scn']) {
      const answer = await send('POST', path, { Components: ['x1000c0s0b0n0'] });
      expect([path, answer.status, answer.headers['retry-after']]).toEqual([
        path,
        503,
        expect.stringMatching(/^[0-9]+$/),
      ]);
    }
    smd().mode = 'healthy';
  });

  it('shows the state of its parts, SMD’s too [service.hsm-connected] [service.hsm-away-is-500] [service.hsm-garbage-is-500] [service.storage-connected] [service.etcd] [service.all-in-openchami] [service.all-is-500-if-a-part-is] [service.status-without-smd]', async () => {
    const get = async (path: string) => {
      const { status, text } = await send('GET', `/boot/v1/service/${path}`);
      return [status, text];
    };
    const storage = '"bss-storage-backend":{"name":"postgres","status":"connected"}';
    expect(await get('hsm')).toEqual([200, '{"bss-status-hsm":"connected"}']);
    expect(await get('storage/status')).toEqual([200, `{${storage}}`]);
    expect(await get('etcd')).toEqual([200, '{"bss-status-etcd":"connected"}']);
    expect(await get('status/all')).toEqual([200, `{"bss-status":"running","bss-status-hsm":"connected",${storage}}`]);
    for (const mode of ['refuse', 'garbage', 'wrong types', { status: 503 }] as const) {
      smd().mode = mode;
      expect([mode, ...(await get('hsm'))]).toEqual([mode, 500, '{"bss-status-hsm":"error"}']);
      expect(await get('status/all')).toEqual([500, `{"bss-status":"running","bss-status-hsm":"error",${storage}}`]);
      expect(await get('status')).toEqual([200, '{"bss-status":"running"}']);
    }
    smd().mode = 'healthy';
  });
});

describeWithSmd('history', { settings: { BSS_SCRIPT_FORM: 'classic' } }, ({ send }) => {
  const history = async (query = ''): Promise<unknown> =>
    (await send('GET', `/boot/v1/endpoint-history${query}`)).json();
  const entry = (name: string) => ({ name, endpoint: 'bootscript', last_epoch: expect.any(Number) });

  it('shows a script to the very next request, one row a node, by its xname [hosts-and-state.history-entries] [hosts-and-state.history-of-scripts] [hosts-and-state.history-at-once] [hosts-and-state.history-one-entry]', async () => {
    expect(await history()).toEqual([]);
    const before = Math.floor(Date.now() / 1000);
    await send('GET', `${SCRIPT}?mac=${MAC}`);
    const [first] = (await history()) as { last_epoch: number }[];
    expect(first).toEqual(entry(NODE));
    expect(first?.last_epoch).toBeGreaterThanOrEqual(before);
    expect(first?.last_epoch).toBeLessThanOrEqual(Date.now() / 1000);
    await send('GET', `${SCRIPT}?nid=8`);
    await send('GET', `${SCRIPT}?name=x1000c0s0b0n0`);
    expect(await history()).toEqual([entry('x1000c0s0b0n0'), entry(NODE)]);
  });

  it('matches its filters exactly [hosts-and-state.history-filters] [hosts-and-state.history-exactly]', async () => {
    await send('GET', `${SCRIPT}?mac=${MAC}`);
    await send('GET', `${SCRIPT}?name=x1000c0s0b0n0`);
    expect(await history(`?name=${NODE}`)).toEqual([entry(NODE)]);
    expect(await history(`?name=${NODE}&endpoint=bootscript`)).toEqual([entry(NODE)]);
    for (const query of [
      '?name=x1000',
      '?endpoint=user-data',
      '?endpoint=nonsense',
      `?name=${NODE}&endpoint=boot`,
      '?name=%00',
      `?name=${NODE}&endpoint=a%00`,
      '?name=%ED%A0%80',
    ]) {
      expect([query, await history(query)]).toEqual([query, []]);
    }
  });

  it('counts disabled nodes, and no strangers, tags, JSON or HEAD', async () => {
    await send('GET', `${SCRIPT}?name=x1000c0s1b0n1`);
    await send('GET', `${SCRIPT}?mac=02:00:00:00:0f:ff`);
    await send('GET', `${SCRIPT}?name=Default`);
    await send('GET', `${SCRIPT}?mac=${MAC}&json=1`);
    await send('HEAD', `${SCRIPT}?mac=${MAC}`);
    expect(await history()).toEqual([entry('x1000c0s1b0n1')]);
  });
});

describeWithSmd('state', {}, ({ send }) => {
  it('dumps the inventory and the records, without what cloud-init may keep secret [hosts-and-state.dumpstate] [hosts-and-state.dumpstate-in-openchami]', async () => {
    const linux = { kernel: 'http://files/k', initrd: 'http://files/i', params: 'a=1 & b' };
    await send('PUT', PARAMETERS, { macs: [MAC], ...linux, 'cloud-init': { 'user-data': { password: 'x' } } });
    await send('PUT', PARAMETERS, { hosts: ['Default'], ...linux, priority: 3 });
    await send('PUT', PARAMETERS, { nids: [5], params: 'only' });
    await send('PUT', PARAMETERS, { kernel: 'http://files/k', params: 'image' });
    const answer = await send('GET', '/boot/v1/dumpstate');
    expect(answer.text).not.toContain('password');
    const { Components, Params } = answer.json() as { Components: object[]; Params: object[] };
    expect(Components).toEqual((await send('GET', HOSTS)).json());
    expect(Params).toEqual([
      { hosts: ['Default'], ...linux, 'cloud-init': NO_CLOUD_INIT },
      { macs: [MAC], ...linux, 'cloud-init': NO_CLOUD_INIT },
      { nids: [5], params: 'only', 'cloud-init': NO_CLOUD_INIT },
      { kernel: 'http://files/k', params: 'image', 'cloud-init': NO_CLOUD_INIT },
    ]);
  });
});

describeService('hosts, standalone', {}, ({ send }) => {
  it('are the nodes with a record, by xname, MAC or NID [hosts-and-state.standalone-ids]', async () => {
    await send('PUT', PARAMETERS, {
      hosts: ['x0c0s0b0n0', 'Default'],
      macs: [MAC],
      nids: [7],
      kernel: 'http://files/k',
    });
    const plain = { Type: 'Node', FQDN: '', EndpointEnabled: true };
    expect((await send('GET', HOSTS)).json()).toEqual(
      expect.arrayContaining([
        { ID: 'x0c0s0b0n0', MAC: [], ...plain },
        { ID: MAC, MAC: [MAC], ...plain },
        { ID: 'nid7', NID: 7, MAC: [], ...plain },
      ]),
    );
    expect((await send('GET', `${HOSTS}?mac=${MAC}&nid=7`)).json()).toHaveLength(2);
    expect((await send('GET', `${HOSTS}?name=Default`)).status).toBe(404);
    expect((await send('GET', '/boot/v1/dumpstate')).json()).toMatchObject({ Components: expect.any(Array) });
  });

  it('are refreshed, and notified of, for nothing [service.hsm-without-smd]', async () => {
    expect((await send('POST', HOSTS)).status).toBe(204);
    expect((await send('POST', '/boot/v1/scn', { Components: ['x0c0s0b0n0'] })).status).toBe(200);
    expect((await send('GET', '/boot/v1/service/hsm')).text).toBe('{"bss-status-hsm":"connected"}');
  });

  it('are recorded under the name that they are listed by', async () => {
    await send('PUT', PARAMETERS, { macs: [MAC], nids: [7], kernel: 'http://files/k' });
    await send('GET', `${SCRIPT}?mac=${MAC}`);
    await send('GET', `${SCRIPT}?nid=7`);
    const names = ((await send('GET', '/boot/v1/endpoint-history')).json() as { name: string }[]).map(
      ({ name }) => name,
    );
    expect(names).toEqual([MAC, 'nid7']);
  });
});

describeService('the state of the service, for HPE’s clients', { BSS_DIALECT: 'csm', HSM_URL: 'mem:' }, ({ send }) => {
  it('has exactly the members that they know [service.all-in-csm] [service.hsm-without-smd] [service.etcd]', async () => {
    expect((await send('GET', '/boot/v1/service/status/all')).text).toMatch(
      /^\{"bss-status":"running","bss-status-etcd":"connected","bss-status-hsm":"connected","bss-version":"[^"]+"\}$/,
    );
    expect((await send('GET', '/boot/v1/service/storage/status')).json()).toEqual({
      'bss-storage-backend': { name: 'postgres', status: 'connected' },
    });
    expect((await send('GET', '/nothing')).json()).toEqual(problemWith(404, 'Not Found', expect.any(String)));
  });
});
