import { expect, it } from 'vitest';
import { describeService, NO_CLOUD_INIT, PARAMETERS, SCRIPT } from './describe-service.ts';

const ONE = '02:00:00:00:0a:01';
const LINUX = { kernel: 'http://files/vmlinuz', params: 'quiet' };

describeService('a request', {}, ({ send, rows }) => {
  const list = async (query: string): Promise<unknown> => (await send('GET', `${PARAMETERS}?${query}`)).json();

  it('has a body of JSON, whatever it says that it has [reading-requests.foreign-content-type] [reading-requests.no-content-type]', async () => {
    const body = { macs: [ONE], ...LINUX };
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/yaml',
      'application/json; charset=latin1',
      'nonsense',
    ]) {
      const headers = { 'Content-Type': type };
      expect([type, (await send('POST', PARAMETERS, body, headers)).status]).toEqual([type, 201]);
      expect((await send('PATCH', PARAMETERS, { macs: [ONE], params: 'loud' }, headers)).status).toBe(200);
      expect((await send('PUT', PARAMETERS, body, headers)).json()).toEqual({ ...body, 'cloud-init': NO_CLOUD_INIT });
      expect((await send('GET', PARAMETERS, { macs: ['02:00:00:00:0f:ff'] }, headers)).status).toBe(404);
      expect((await send('DELETE', PARAMETERS, { macs: [ONE] }, headers)).status).toBe(200);
    }
    const form = Buffer.from(`macs=${ONE}&kernel=k`);
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    expect((await send('POST', PARAMETERS, form, headers)).status).toBe(400);
    expect(await rows('nodes')).toBe(0);
  });

  it('names several by repeated keys, by lists and by both [reading-requests.several-names] [reading-requests.several-nids] [reading-requests.several-macs]', async () => {
    const hosts = ['Default', 'gpu', 'x0c0s0b0n0', 'x0c0s1b0n0'];
    const macs = [1, 2, 3, 4].map((last) => `02:00:00:00:00:0${last}`);
    const nids = [1, 2, 3, 4];
    await send('POST', PARAMETERS, { hosts, macs, nids, ...LINUX });
    for (const [key, kind, ids] of [
      ['name', 'hosts', hosts],
      ['mac', 'macs', macs],
      ['nid', 'nids', nids],
    ] as const) {
      const [a, b, c] = ids;
      for (const query of [
        `${key}=${a}&${key}=${b}&${key}=${c}`,
        `${key}=${a},${b},${c}`,
        `${key}=${c}&${key}=${a},${b}`,
        `${key}=${b}%2C${c},${a}&${key}=${a}`,
      ]) {
        expect([query, await list(query)]).toEqual([
          query,
          [{ [kind]: [a, b, c], ...LINUX, 'cloud-init': NO_CLOUD_INIT }],
        ]);
      }
    }
    const mixed = await list(`nid=2,4&name=gpu&mac=${macs[0]}&name=x0c0s1b0n0&timestamp=5`);
    expect(mixed).toMatchObject([{ hosts: ['gpu', 'x0c0s1b0n0'], macs: [macs[0]], nids: [2, 4] }]);
    // Of several only those that have a record are answered.
    expect(await list('name=x9c0s0b0n0,gpu,,nobody')).toMatchObject([{ hosts: ['gpu'] }]);
    expect((await send('GET', `${PARAMETERS}?nid=1,`)).status).toBe(400);
  });

  it('finds a MAC and an xname in whatever case they are written [reading-requests.macs-in-any-case-in-a-query] [reading-requests.macs-are-kept-in-lower-case] [reading-requests.encoded-colons]', async () => {
    await send('POST', PARAMETERS, { macs: ['02:00:00:00:0A:01'], ...LINUX });
    for (const mac of [ONE, '02:00:00:00:0A:01', '02%3a00%3A00:00:0a:01', '02%3A00%3A00%3A00%3A0A%3A01']) {
      expect(await list(`mac=${mac}`)).toMatchObject([{ macs: [ONE] }]);
      const { text } = await send('GET', `${SCRIPT}?mac=${mac}`);
      expect(text).toContain(' BOOTIF=01-02-00-00-00-0a-01 ');
      expect(text).toContain(`bootscript?mac=${ONE}&`);
    }
    expect((await send('GET', PARAMETERS, { macs: ['02:00:00:00:0A:01'] })).json()).toMatchObject([{ macs: [ONE] }]);
    expect((await send('DELETE', PARAMETERS, { macs: ['02:00:00:00:0A:01'] })).status).toBe(200);
  });

  it('may name the first NID and the last [reading-requests.nids-in-range]', async () => {
    const { json } = await send('POST', PARAMETERS, { nids: [2147483647, 0], ...LINUX });
    expect(json()).toMatchObject({ nids: [2147483647, 0] });
    for (const nid of [0, 2147483647]) {
      expect(await list(`nid=${nid}`)).toMatchObject([{ nids: [nid] }]);
      expect((await send('GET', PARAMETERS, { nids: [nid] })).json()).toMatchObject([{ nids: [nid] }]);
    }
    expect((await send('GET', `${SCRIPT}?nid=2147483647`)).text).toContain(' nid=2147483647 ');
    for (const nid of [2147483648, -1, 1.5, '7', null, true]) {
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'GET']) {
        const answer = await send(method, PARAMETERS, { nids: [nid], ...(method !== 'GET' && LINUX) });
        expect([method, nid, answer.status]).toEqual([method, nid, 400]);
      }
    }
    for (const nid of ['2147483648', '-0', '+1', '1.0', '1e3', '00', '%201', '0b1', '٣']) {
      expect([nid, (await send('GET', `${PARAMETERS}?nid=${nid}`)).status]).toEqual([nid, 400]);
      expect([nid, (await send('GET', `${SCRIPT}?nid=${nid}`)).status]).toEqual([nid, 400]);
    }
  });

  it('that is refused does not come back whole [problems.do-not-echo] [problems.form]', async () => {
    const long = `w${'x'.repeat(5000)}`;
    const secret = 'geheim';
    for (const [method, path, body] of [
      ['POST', PARAMETERS, { macs: [ONE], params: `password=${secret} || ${long}` }],
      ['POST', PARAMETERS, { macs: [ONE], kernel: `http://files/${secret} ${long}` }],
      ['POST', PARAMETERS, { hosts: [`${secret} ${long}`], ...LINUX }],
      ['POST', PARAMETERS, { macs: [`${secret}${long}`], ...LINUX }],
      ['PUT', PARAMETERS, { nids: [`${secret}${long}`], ...LINUX }],
      ['PATCH', PARAMETERS, { macs: [ONE], 'cloud-init': `${secret}${long}` }],
      ['DELETE', PARAMETERS, { hosts: [`${secret} ${long}`] }],
      ['POST', PARAMETERS, Buffer.from(`{"params": "${secret}${long}`)],
      ['POST', PARAMETERS, { macs: [ONE], 'cloud-init': { 'user-data': { [`k${long}`]: `${secret}\u0000` } } }],
      ['GET', `${SCRIPT}?mac=${secret}${long}`],
      ['GET', `${SCRIPT}?nid=${secret}${long}`],
      ['GET', `${SCRIPT}?name=${secret}%20${long}`],
      ['GET', `/${secret}/${long}`],
    ] as const) {
      const { status, text, json } = await send(method, path, body);
      expect([400, 404]).toContain(status);
      expect(text).not.toContain(secret);
      expect(text.length).toBeLessThan(400);
      expect(Object.keys(json() as object)).toEqual(['type', 'title', 'status', 'detail']);
    }
    // What nobody has is named, but not without end.
    const { status, text } = await send('GET', `${PARAMETERS}?name=${long}&name=${long}`);
    expect([status, text.length < 400]).toEqual([404, true]);
  });
});
