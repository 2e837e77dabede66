import { expect, it } from 'vitest';
import { describeService, NO_CLOUD_INIT, PARAMETERS, problemWith } from './describe-service.ts';

const FIVE = [1, 2, 3, 4, 5].map((last) => `02:00:00:00:00:0${last}`);
const [ONE, TWO] = ['02:00:00:00:00:01', '02:00:00:00:00:02'];
const LINUX = { kernel: 'http://files/vmlinuz', initrd: 'http://files/initrd', params: 'quiet' };
const EMPTY_PHONE_HOME = NO_CLOUD_INIT['phone-home'];

/** What clients send for a cloud-init of which nothing is set. */
const SAYING_NOTHING = [
  NO_CLOUD_INIT,
  {},
  { 'meta-data': null, 'user-data': null, 'phone-home': null },
  { 'meta-data': {}, 'user-data': {}, 'phone-home': {} },
  { 'user-data': {} },
  { 'meta-data': null },
  { 'phone-home': { ...EMPTY_PHONE_HOME, pub_key_ed25519: '' } },
  { 'phone-home': { hostname: null, fqdn: '' } },
];

describeService('a record', {}, ({ send, rows }) => {
  const list = async (query = ''): Promise<unknown> => (await send('GET', `${PARAMETERS}${query}`)).json();

  it('cannot be nothing but a phone-home for a tag, which has none', async () => {
    const body = { hosts: ['Default'], nids: [1], 'cloud-init': { 'phone-home': { hostname: 'n1' } } };
    for (const method of ['POST', 'PUT'])
      expect([method, (await send(method, PARAMETERS, body)).status]).toEqual([method, 400]);
    expect((await send('GET', PARAMETERS)).json()).toEqual([]);
  });

  it('has no members for what is not set, but always cloud-init [records.empty-texts-are-left-out] [records.empty-lists-are-left-out] [records.unset-cloud-init]', async () => {
    const unset = JSON.stringify(NO_CLOUD_INIT);
    for (const [record, text] of [
      [{ params: 'quiet', kernel: '', initrd: '' }, '"params":"quiet"'],
      [{ kernel: 'http://files/k' }, '"kernel":"http://files/k"'],
      [{ initrd: 'http://files/i', params: ' ' }, '"initrd":"http://files/i"'],
    ] as const) {
      const answer = await send('PUT', PARAMETERS, { macs: [ONE], hosts: [], nids: null, ...record });
      expect(answer.text).toBe(`{"macs":["${ONE}"],${text},"cloud-init":${unset}}`);
      expect((await send('GET', PARAMETERS)).text).toBe(`[{"macs":["${ONE}"],${text},"cloud-init":${unset}}]`);
    }
  });

  it('shows an Ed25519 key only of a node that has sent one [records.ed25519-only-when-set] [get-bootparameters.openchami-phone-home-of-one-node]', async () => {
    const said = { pub_key_ed25519: 'ssh-ed25519 B', hostname: 'n1' };
    await send('POST', PARAMETERS, { macs: [ONE], ...LINUX, 'cloud-init': { 'phone-home': said } });
    await send('POST', PARAMETERS, { macs: [TWO], params: 'x', 'cloud-init': { 'phone-home': { hostname: 'n2' } } });
    expect(await list()).toEqual([
      { macs: [ONE], ...LINUX, 'cloud-init': { ...NO_CLOUD_INIT, 'phone-home': { ...EMPTY_PHONE_HOME, ...said } } },
      {
        macs: [TWO],
        params: 'x',
        'cloud-init': { ...NO_CLOUD_INIT, 'phone-home': { ...EMPTY_PHONE_HOME, hostname: 'n2' } },
      },
    ]);
    expect((await send('GET', `${PARAMETERS}?mac=${TWO}`)).text).not.toContain('ed25519');
  });

  it('takes a cloud-init that says nothing for none, in every method [records.post-takes-empty-cloud-init-for-none] [records.put-and-patch-take-empty-cloud-init-for-none] [records.delete-takes-empty-cloud-init-for-none] [records.empty-objects-and-missing-parts-say-nothing]', async () => {
    for (const cloudInit of SAYING_NOTHING) {
      for (const method of ['POST', 'PUT']) {
        expect((await send(method, PARAMETERS, { macs: [ONE], 'cloud-init': cloudInit })).status).toBe(400);
        const written = await send(method, PARAMETERS, { macs: [ONE], kernel: 'http://k', 'cloud-init': cloudInit });
        expect(written.json()).toEqual({ macs: [ONE], kernel: 'http://k', 'cloud-init': NO_CLOUD_INIT });
      }
      expect((await send('PATCH', PARAMETERS, { macs: [ONE], 'cloud-init': cloudInit })).status).toBe(400);
      expect((await send('DELETE', PARAMETERS, { 'cloud-init': cloudInit })).status).toBe(400);
      expect((await send('DELETE', PARAMETERS, { macs: [ONE], 'cloud-init': cloudInit })).status).toBe(200);
    }
    expect(await rows('nodes')).toBe(0);
  });

  it('keeps its cloud-init through a PATCH that says nothing of it [records.update-keeps-cloud-init] [records.empty-objects-and-missing-parts-say-nothing]', async () => {
    const set = {
      'meta-data': { m: 1 },
      'user-data': { u: [1] },
      'phone-home': { ...EMPTY_PHONE_HOME, fqdn: 'n.lab' },
    };
    await send('POST', PARAMETERS, { macs: [ONE], kernel: 'http://files/k', 'cloud-init': set });
    for (const [at, cloudInit] of SAYING_NOTHING.entries()) {
      const patched = await send('PATCH', PARAMETERS, { macs: [ONE], params: `p${at}`, 'cloud-init': cloudInit });
      expect(patched.json()).toEqual({ macs: [ONE], kernel: 'http://files/k', params: `p${at}`, 'cloud-init': set });
    }
  });

  it('read with a filter can be put back, changed or not, and is of nobody else [records.put-takes-what-a-filtered-get-answers] [records.filtered-hold-only-what-was-asked-for]', async () => {
    const cloudInit = { ...NO_CLOUD_INIT, 'user-data': { a: 1 } };
    await send('POST', PARAMETERS, { macs: FIVE, hosts: ['Default', 'x0c0s0b0n0'], ...LINUX, 'cloud-init': cloudInit });
    const before = (await send('GET', PARAMETERS)).text;
    for (const query of [`?mac=${ONE}`, '?name=x0c0s0b0n0', '?name=Default', `?mac=${FIVE.join(',')}&name=Default`]) {
      const [record] = (await list(query)) as object[];
      expect((await send('PUT', PARAMETERS, record)).json()).toEqual(record);
      expect((await send('GET', PARAMETERS)).text).toBe(before);
    }
    // What `ochami bss boot image set` does.
    const [record] = (await list(`?mac=${ONE}`)) as object[];
    expect(record).toEqual({ macs: [ONE], ...LINUX, 'cloud-init': cloudInit });
    await send('PUT', PARAMETERS, { ...record, params: 'root=live:http://files/image' });
    expect(await list()).toEqual([
      { hosts: ['Default', 'x0c0s0b0n0'], macs: FIVE.slice(1), ...LINUX, 'cloud-init': cloudInit },
      { macs: [ONE], ...LINUX, params: 'root=live:http://files/image', 'cloud-init': cloudInit },
    ]);
  });

  it('is one for all nodes of one configuration, and another for any difference [get-bootparameters.openchami-keeps-differing-nodes-apart]', async () => {
    const full = { ...LINUX, 'cloud-init': { ...NO_CLOUD_INIT, 'meta-data': { m: 1, n: 2 }, 'user-data': { u: 1 } } };
    const differing = [
      full,
      { ...full, kernel: `${full.kernel}2` },
      { ...full, initrd: '' },
      { ...full, params: 'quiet ' },
      { ...full, params: 'Quiet' },
      { ...full, 'cloud-init': { ...full['cloud-init'], 'meta-data': { m: 1 } } },
      { ...full, 'cloud-init': { ...full['cloud-init'], 'user-data': { u: '1' } } },
      { ...full, 'cloud-init': { ...full['cloud-init'], 'meta-data': { u: 1 }, 'user-data': { m: 1, n: 2 } } },
    ];
    for (const [nid, record] of differing.entries()) await send('POST', PARAMETERS, { nids: [nid], ...record });
    const records = differing.map((record, nid) => ({ nids: [nid], ...record, initrd: record.initrd || undefined }));
    expect(await list()).toEqual(records);
    // The order of keys is no difference.
    const same = { ...full, 'cloud-init': { 'user-data': { u: 1 }, 'meta-data': { n: 2, m: 1 } } };
    await send('POST', PARAMETERS, { nids: [100], ...same });
    expect(await list()).toEqual([{ nids: [0, 100], ...full }, ...records.slice(1)]);
  });

  it('is one for nodes that differ in what they reported, which then is not shown [get-bootparameters.openchami-folds-over-phone-home] [get-bootparameters.openchami-phone-home-of-one-node]', async () => {
    for (const mac of FIVE.slice(0, 3)) {
      const cloudInit = { 'phone-home': { hostname: `n${mac.at(-1)}` } };
      await send('POST', PARAMETERS, { macs: [mac], ...LINUX, 'cloud-init': cloudInit });
    }
    expect(await list()).toEqual([{ macs: FIVE.slice(0, 3), ...LINUX, 'cloud-init': NO_CLOUD_INIT }]);
    expect(await list(`?mac=${TWO}`)).toMatchObject([
      { macs: [TWO], 'cloud-init': { 'phone-home': { hostname: 'n2' } } },
    ]);
    // What is put back whole takes nothing of it away.
    const [record] = (await list()) as object[];
    await send('PUT', PARAMETERS, record);
    expect(await list(`?mac=${ONE}`)).toMatchObject([{ 'cloud-init': { 'phone-home': { hostname: 'n1' } } }]);
  });

  it('that says nothing but what its node reported can be put back too [records.put-takes-what-get-answers]', async () => {
    for (const mac of [ONE, TWO]) {
      await send('POST', PARAMETERS, { macs: [mac], 'cloud-init': { 'phone-home': { hostname: `n${mac.at(-1)}` } } });
    }
    const before = await send('GET', PARAMETERS);
    for (const record of before.json() as object[]) {
      const put = await send('PUT', PARAMETERS, record);
      expect([put.status, put.json()]).toEqual([200, record]);
    }
    expect((await send('GET', PARAMETERS)).text).toBe(before.text);
  });

  it('is none of an image that has no parameters of its own [get-bootparameters.images-without-parameters-are-not-listed] [get-bootparameters.by-initrd] [get-bootparameters.by-kernel]', async () => {
    await send('POST', PARAMETERS, { macs: [ONE], ...LINUX });
    expect(await list()).toEqual([{ macs: [ONE], ...LINUX, 'cloud-init': NO_CLOUD_INIT }]);
    expect((await send('GET', PARAMETERS, { kernel: LINUX.kernel })).status).toBe(404);
    expect((await send('GET', PARAMETERS, { initrd: LINUX.initrd })).status).toBe(404);
    await send('POST', PARAMETERS, { kernel: LINUX.kernel, params: 'loud' });
    await send('POST', PARAMETERS, { initrd: LINUX.initrd, params: 'rd.debug' });
    expect(await list()).toHaveLength(3);
    expect((await send('GET', PARAMETERS, { initrd: LINUX.initrd })).json()).toEqual([
      { initrd: LINUX.initrd, params: 'rd.debug', 'cloud-init': NO_CLOUD_INIT },
    ]);
    expect((await send('GET', PARAMETERS, { kernel: LINUX.kernel, initrd: LINUX.initrd })).json()).toHaveLength(2);
    await send('PATCH', PARAMETERS, { initrd: LINUX.initrd, params: null });
    await send('DELETE', PARAMETERS, { kernel: LINUX.kernel, params: 'loud' });
    expect(await list()).toEqual([{ macs: [ONE], ...LINUX, 'cloud-init': NO_CLOUD_INIT }]);
  });

  it('that is not there is named by all that was asked for [get-bootparameters.nobody-is-named] [get-bootparameters.nobody-is-404]', async () => {
    const words = 'Cannot find boot parameters for requested Hosts, MACs or NIDs';
    const asked = `?name=x0c0s0b0n0,gpu&mac=${ONE}&nid=7&name=Default&nid=8`;
    const answer = await send('GET', `${PARAMETERS}${asked}`, { hosts: ['io'], macs: [TWO], nids: [9] });
    expect(answer.json()).toEqual(
      problemWith(404, 'Not Found', `${words}: x0c0s0b0n0, gpu, Default, io, ${ONE}, ${TWO}, 7, 8, 9`),
    );
  });
});
