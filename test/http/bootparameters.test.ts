import { expect, it } from 'vitest';
import { describeService, NO_CLOUD_INIT, PARAMETERS, problemWith } from './describe-service.ts';

const FIVE = [1, 2, 3, 4, 5].map((last) => `02:00:00:00:00:0${last}`);
const LINUX = { kernel: 'http://files/vmlinuz', initrd: 'http://files/initrd', params: 'console=ttyS0 quiet' };
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describeService('boot parameters, standalone', {}, ({ send, rows }) => {
  it('are an empty list in an empty store [get-bootparameters.empty-store]', async () => {
    const answer = await send('GET', PARAMETERS);
    expect([answer.status, answer.text]).toEqual([200, '[]']);
    expect(answer.headers['content-type']).toBe('application/json; charset=UTF-8');
  });

  it('come back as one record with five MACs and no hosts when five MACs were posted [get-bootparameters.openchami-five-macs] [writing.post-is-201] [writing.post-referral-token] [writing.post-content-type] [records.unset-cloud-init] [records.empty-lists-are-left-out] [reading-requests.no-content-type]', async () => {
    const posted = await send('POST', PARAMETERS, { macs: FIVE, ...LINUX });
    expect(posted.status).toBe(201);
    expect(posted.headers['bss-referral-token']).toMatch(UUID);
    expect(posted.headers['content-type']).toBe('application/json; charset=UTF-8');
    expect(posted.json()).toEqual({ macs: FIVE, ...LINUX, 'cloud-init': NO_CLOUD_INIT });
    expect((await send('GET', PARAMETERS)).json()).toEqual([{ macs: FIVE, ...LINUX, 'cloud-init': NO_CLOUD_INIT }]);
    expect([await rows('boot_configs'), await rows('boot_groups'), await rows('nodes')]).toEqual([1, 1, 5]);
  });

  it('are found by repeated keys, comma lists and encoded colons, and hold only what was asked for [reading-requests.several-macs] [reading-requests.encoded-colons] [reading-requests.unknown-keys-are-ignored] [reading-requests.get-body] [records.filtered-hold-only-what-was-asked-for]', async () => {
    await send('POST', PARAMETERS, { macs: FIVE, ...LINUX });
    for (const query of [
      'mac=02:00:00:00:00:01&mac=02:00:00:00:00:02',
      'mac=02%3A00%3A00%3A00%3A00%3A01,02:00:00:00:00:02&timestamp=5',
    ]) {
      expect((await send('GET', `${PARAMETERS}?${query}`)).json()).toMatchObject([{ macs: FIVE.slice(0, 2) }]);
    }
    expect((await send('GET', PARAMETERS, { macs: [FIVE[4]] })).json()).toMatchObject([{ macs: [FIVE[4]] }]);
    expect((await send('GET', PARAMETERS, null)).json()).toMatchObject([{ macs: FIVE }]);
  });

  it('that nobody has are 404, also by a malformed MAC; a bad NID is 400 [get-bootparameters.nobody-is-404] [get-bootparameters.malformed-mac-is-404] [get-bootparameters.bad-nid-is-400] [reading-requests.empty-mac-is-malformed] [reading-requests.bad-nid-is-400] [problems.content-type] [problems.form]', async () => {
    for (const query of [
      'mac=02:00:00:00:00:01',
      'mac=nonsense',
      'mac=',
      'name=x0c0s0b0n0',
      'nid=7',
      'name=%2e%2e%2f',
    ]) {
      const answer = await send('GET', `${PARAMETERS}?${query}`);
      expect(answer.json()).toEqual(
        problemWith(
          404,
          'Not Found',
          expect.stringMatching(/^Cannot find boot parameters for requested Hosts, MACs or NIDs/),
        ),
      );
      expect(answer.headers['content-type']).toBe('application/problem+json');
    }
    for (const nid of ['one', '-1', '*', '', '0x10', '010', '2147483648', '1234567890123456789012345678']) {
      expect((await send('GET', `${PARAMETERS}?nid=${nid}`)).status).toBe(400);
    }
  });

  it('are listed by kind of identifier, in one order whatever the order of writing [get-bootparameters.everything-without-a-filter] [get-bootparameters.openchami-keeps-the-kind] [get-bootparameters.openchami-order] [writing.post-takes-xnames-and-tags] [writing.xnames-are-kept-in-lower-case] [writing.parameters-alone] [reading-requests.macs-are-kept-in-lower-case] [records.fields-are-optional]', async () => {
    await send('POST', PARAMETERS, { nids: [7], ...LINUX });
    await send('POST', PARAMETERS, { hosts: ['X1000C0S0B0N0', 'Compute'], ...LINUX });
    await send('POST', PARAMETERS, { hosts: ['Default'], params: 'rd.break' });
    await send('POST', PARAMETERS, { macs: ['02:00:00:00:00:AA'], kernel: 'http://files/a' });
    expect((await send('GET', PARAMETERS)).json()).toMatchObject([
      { hosts: ['Compute', 'x1000c0s0b0n0'], nids: [7], ...LINUX },
      { hosts: ['Default'], params: 'rd.break' },
      { macs: ['02:00:00:00:00:aa'], kernel: 'http://files/a' },
    ]);
  });

  it('are not created at all when one of the identifiers has a record [writing.post-refuses-what-exists] [writing.post-is-all-or-nothing]', async () => {
    await send('POST', PARAMETERS, { macs: [FIVE[0]], ...LINUX });
    const answer = await send('POST', PARAMETERS, {
      macs: [FIVE[1], FIVE[0]],
      hosts: ['gpu'],
      kernel: 'http://files/x',
    });
    expect(answer.json()).toEqual(problemWith(400, 'Bad Request', expect.stringContaining('02:00:00:00:00:01')));
    expect([await rows('nodes'), await rows('boot_configs')]).toEqual([1, 1]);
    expect((await send('POST', PARAMETERS, { hosts: ['Default'], ...LINUX })).status).toBe(201);
    expect((await send('POST', PARAMETERS, { hosts: ['Default'], ...LINUX })).status).toBe(400);
  });

  it('refuses identifiers that are none, naming the field [writing.post-refuses-other-components] [reading-requests.macs-need-colons] [reading-requests.bad-nid-in-a-body-is-400]', async () => {
    for (const [body, detail] of [
      [{ hosts: ['x0c0s0b0'] }, /^hosts\[0\]: names a NodeBMC/],
      [{ hosts: ['x0c0s0b0n0', 'a b'] }, /^hosts\[1\]: /],
      [{ macs: ['02:00:00:00:00'] }, /^macs\[0\]: /],
      [{ macs: ['020000000001'] }, /^macs\[0\]: /],
      [{ nids: [-1] }, /^nids\[0\]: /],
      [{ nids: ['1'] }, /^nids\[0\]: /],
      [{ hosts: 'x0c0s0b0n0' }, /^hosts: must be a list/],
      [{ macs: [FIVE[0]], params: 7 }, /^params: must be a text/],
      [{ macs: [FIVE[0]], 'cloud-init': { 'user-data': [] } }, /^cloud-init\.user-data: must be an object/],
    ] as const) {
      const answer = await send('POST', PARAMETERS, { ...LINUX, ...body });
      expect(answer.json()).toEqual(problemWith(400, 'Bad Request', expect.stringMatching(detail)));
    }
    expect(await rows('nodes')).toBe(0);
  });

  it('refuses what could break a script, with field, offset and reason, and stores nothing [writing.lint-refuses] [limits.more-than-190-words-are-400]', async () => {
    for (const [body, detail] of [
      [{ params: 'quiet\nshell' }, 'params: a line break at offset 5'],
      [{ params: 'a || shell' }, 'params: a lone "||" at offset 2'],
      [{ params: 'a b && c' }, 'params: a lone "&&" at offset 4'],
      [{ params: 'ok #cut' }, 'params: a word that begins with "#" at offset 3'],
      [{ params: 'p=${net0/password}' }, 'params: a "${" that begins no allowed setting at offset 2'],
      [{ params: 'x\\' }, 'params: a "\\" at the end at offset 1'],
      [{ kernel: 'http://files/k\r' }, 'kernel: a carriage return at offset 14'],
      [{ kernel: 'http://files/k x' }, 'kernel: white space at offset 14'],
      [{ initrd: '-n' }, 'initrd: a "-" at the beginning at offset 0'],
      [{ initrd: 'http://files/#i' }, 'initrd: a "#" at offset 13'],
      [{ params: Array(191).fill('w').join(' ') }, 'params: 191 words, at most 190 are allowed at offset 0'],
    ] as const) {
      for (const method of ['POST', 'PUT']) {
        const answer = await send(method, PARAMETERS, { macs: [FIVE[0]], kernel: 'http://files/k', ...body });
        expect(answer.json()).toEqual(problemWith(400, 'Bad Request', detail));
      }
    }
    expect([await rows('nodes'), await rows('boot_configs')]).toEqual([0, 0]);
  });

  it('refuses a request with nothing to set, or for nobody [writing.post-nothing-to-set-is-400] [writing.put-nothing-to-set-is-400] [writing.patch-nothing-to-change-is-400] [writing.delete-nothing-is-400] [records.put-and-patch-take-empty-cloud-init-for-none] [records.delete-takes-empty-cloud-init-for-none] [reading-requests.broken-json-is-400]', async () => {
    for (const [method, body] of [
      ['POST', {}],
      ['POST', { macs: [FIVE[0]] }],
      ['POST', { params: 'quiet' }],
      ['POST', { kernel: 'http://files/k' }],
      ['PUT', {}],
      ['PUT', { macs: [FIVE[0]], kernel: '', params: '', 'cloud-init': NO_CLOUD_INIT }],
      ['PATCH', {}],
      ['PATCH', { macs: [FIVE[0]], kernel: '', 'cloud-init': NO_CLOUD_INIT }],
      ['DELETE', {}],
      ['DELETE', { kernel: '', 'cloud-init': NO_CLOUD_INIT }],
    ] as const) {
      expect((await send(method, PARAMETERS, body)).status).toBe(400);
    }
    expect((await send('PUT', PARAMETERS, { macs: [FIVE[0]], params: ' \t ' })).status).toBe(400);
    expect((await send('GET', PARAMETERS, [])).status).toBe(400);
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      expect((await send(method, PARAMETERS)).status).toBe(400);
      expect((await send(method, PARAMETERS, Buffer.from('{"macs":'))).status).toBe(400);
      expect((await send(method, PARAMETERS, [1])).status).toBe(400);
    }
  });

  it('are set whole by PUT, which creates what is not there and clears what is left out [writing.put-creates] [writing.put-replaces-whole] [writing.put-referral-token]', async () => {
    const put = await send('PUT', PARAMETERS, { macs: FIVE.slice(0, 2), ...LINUX });
    expect([put.status, put.headers['bss-referral-token']]).toEqual([200, expect.stringMatching(UUID)]);
    const again = await send('PUT', PARAMETERS, { macs: [FIVE[0]], kernel: 'http://files/other' });
    expect(again.headers['bss-referral-token']).not.toBe(put.headers['bss-referral-token']);
    expect((await send('GET', PARAMETERS)).json()).toEqual([
      { macs: [FIVE[0]], kernel: 'http://files/other', 'cloud-init': NO_CLOUD_INIT },
      { macs: [FIVE[1]], ...LINUX, 'cloud-init': NO_CLOUD_INIT },
    ]);
  });

  it('can be put back as they were read [records.put-takes-what-get-answers] [writing.put-answers-the-record]', async () => {
    const cloudInit = {
      'user-data': { runcmd: ['a & b', '<x>'] },
      'meta-data': { n: 1.5 },
      'phone-home': { fqdn: 'n1.local' },
    };
    await send('POST', PARAMETERS, { hosts: ['x0c0s0b0n0'], ...LINUX, 'cloud-init': cloudInit });
    await send('POST', PARAMETERS, { hosts: ['gpu'], params: 'nvidia', priority: 5 });
    await send('POST', PARAMETERS, { macs: FIVE, nids: [1], ...LINUX });
    const before = await send('GET', PARAMETERS);
    const records = before.json();
    if (!Array.isArray(records)) throw new Error('not a list');
    expect(records).toHaveLength(3);
    for (const record of records) expect((await send('PUT', PARAMETERS, record)).json()).toEqual(record);
    expect((await send('GET', PARAMETERS)).text).toBe(before.text);
  });

  it('escape &, < and > as the Go services do [records.escapes]', async () => {
    await send('POST', PARAMETERS, { macs: [FIVE[0]], kernel: 'http://files/k?a=1&b=<2>' });
    expect((await send('GET', PARAMETERS)).text).toContain('"kernel":"http://files/k?a=1\\u0026b=\\u003c2\\u003e"');
  });

  it('are changed by PATCH only where the request says so [writing.patch-changes-only-what-it-names] [writing.patch-merges-user-data] [writing.patch-null-clears] [writing.patch-empty-text-says-nothing] [writing.patch-keeps-the-token] [records.update-keeps-cloud-init]', async () => {
    await send('POST', PARAMETERS, {
      macs: FIVE,
      ...LINUX,
      'cloud-init': { 'user-data': { a: 1, b: { c: 2, d: 3 } } },
    });
    const token = async () =>
      (await send('GET', `/boot/v1/bootscript?mac=${FIVE[0]}`)).text.match(/bss_referral_token=\S+/)?.[0];
    const before = await token();
    const patched = await send('PATCH', PARAMETERS, {
      macs: [FIVE[0]],
      kernel: '',
      initrd: null,
      params: 'single',
      'cloud-init': { 'user-data': { b: { c: null, e: 4 } } },
    });
    expect(patched.status).toBe(200);
    expect(patched.json()).toEqual({
      macs: [FIVE[0]],
      kernel: LINUX.kernel,
      params: 'single',
      'cloud-init': { ...NO_CLOUD_INIT, 'user-data': { a: 1, b: { d: 3, e: 4 } } },
    });
    expect(await token()).toBe(before);
    const cli = await send('PATCH', PARAMETERS, {
      macs: [FIVE[0]],
      kernel: 'http://files/new',
      'cloud-init': NO_CLOUD_INIT,
    });
    expect(cli.json()).toMatchObject({ 'cloud-init': { 'user-data': { a: 1 } } });
  });

  it('keep what phone-home said when a PATCH says more', async () => {
    await send('POST', PARAMETERS, { macs: [FIVE[0]], ...LINUX, 'cloud-init': { 'phone-home': { hostname: 'n1' } } });
    const patched = await send('PATCH', PARAMETERS, {
      macs: [FIVE[0]],
      'cloud-init': { 'phone-home': { fqdn: 'n1.lab' } },
    });
    expect(patched.json()).toMatchObject({ 'cloud-init': { 'phone-home': { hostname: 'n1', fqdn: 'n1.lab' } } });
  });

  it('may say nothing but phone-home, which has no effect on tags', async () => {
    const cloudInit = { 'phone-home': { hostname: 'n1' } };
    const put = await send('PUT', PARAMETERS, { macs: [FIVE[0]], 'cloud-init': cloudInit });
    expect(put.json()).toMatchObject({ macs: [FIVE[0]], 'cloud-init': cloudInit });
    const more = { macs: [FIVE[0]], 'cloud-init': { 'phone-home': { fqdn: 'n1.lab' } } };
    expect((await send('PATCH', PARAMETERS, more)).json()).toMatchObject({
      'cloud-init': { 'phone-home': { hostname: 'n1', fqdn: 'n1.lab' } },
    });
    expect(
      (await send('PUT', PARAMETERS, { hosts: ['Default'], kernel: 'k', 'cloud-init': cloudInit })).json(),
    ).toMatchObject({ 'cloud-init': NO_CLOUD_INIT });
    expect((await send('PUT', PARAMETERS, { hosts: ['Default'], 'cloud-init': cloudInit })).status).toBe(400);
  });

  it('keep every key of cloud-init, whatever its name [writing.cloud-init-alone]', async () => {
    const userData = Buffer.from(
      '{"constructor":"c","prototype":"p","__proto__":{"x":1},"toString":null,"a":{"b":null}}',
    );
    const body = `{"macs":["${FIVE[0]}"],"cloud-init":{"user-data":${userData}}}`;
    expect((await send('POST', PARAMETERS, Buffer.from(body))).status).toBe(201);
    const { text } = await send('GET', PARAMETERS);
    for (const part of [
      '"constructor":"c"',
      '"prototype":"p"',
      '"__proto__":{"x":1}',
      '"toString":null',
      '"a":{"b":null}',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('are refused or served, however many blanks they hold', async () => {
    const blanks = ' '.repeat(60_000);
    expect(
      (await send('PUT', PARAMETERS, { macs: [FIVE[0]], kernel: 'k', initrd: 'i', params: `a${blanks}b` })).status,
    ).toBe(200);
    expect((await send('GET', `/boot/v1/bootscript?mac=${FIVE[0]}`)).status).toBe(200);
    expect((await send('PUT', PARAMETERS, { macs: [FIVE[0]], kernel: `k${blanks}k` })).status).toBe(400);
    expect((await send('PUT', PARAMETERS, { macs: [FIVE[0]], params: 'x'.repeat(70_000) })).status).toBe(400);
  });

  it('are not patched at all when one of the nodes has no record [writing.patch-missing-is-404] [writing.patch-is-all-or-nothing]', async () => {
    await send('POST', PARAMETERS, { macs: [FIVE[0]], ...LINUX });
    expect((await send('PATCH', PARAMETERS, { macs: FIVE, params: 'x' })).status).toBe(404);
    const clearing = { macs: FIVE.slice(0, 2), kernel: null, initrd: null, params: null };
    expect((await send('PATCH', PARAMETERS, clearing)).status).toBe(404);
    expect((await send('GET', PARAMETERS)).json()).toMatchObject([{ params: LINUX.params }]);
    expect(
      (await send('PATCH', PARAMETERS, { macs: [FIVE[0]], kernel: null, initrd: null, params: null })).status,
    ).toBe(400);
  });

  it('are removed by identifiers, also when a kernel that is not theirs is named too [writing.delete-answers-nothing] [writing.delete-by-identifiers] [writing.delete-goes-by-identifiers] [writing.delete-missing-is-400] [writing.delete-is-all-or-nothing] [reading-requests.delete-body]', async () => {
    await send('POST', PARAMETERS, { macs: FIVE, hosts: ['Default'], ...LINUX });
    const removed = await send('DELETE', PARAMETERS, { macs: [FIVE[0]], hosts: ['Default'], kernel: 'http://other' });
    expect([removed.status, removed.text]).toEqual([200, '']);
    expect((await send('GET', PARAMETERS)).json()).toMatchObject([{ macs: FIVE.slice(1) }]);
    expect((await send('DELETE', PARAMETERS, { macs: FIVE })).status).toBe(400);
    expect(await rows('nodes')).toBe(4);
  });

  it('are removed by configuration, and a kernel that nobody has is no error [writing.delete-by-initrd] [writing.delete-by-several-fields] [writing.delete-of-an-unused-image] [writing.delete-leaves-nothing-behind]', async () => {
    await send('POST', PARAMETERS, { macs: FIVE.slice(0, 3), ...LINUX });
    await send('POST', PARAMETERS, { macs: FIVE.slice(3), ...LINUX, params: 'single' });
    expect((await send('DELETE', PARAMETERS, { kernel: 'http://files/none' })).status).toBe(200);
    expect((await send('DELETE', PARAMETERS, { kernel: LINUX.kernel, params: 'single' })).status).toBe(200);
    expect((await send('GET', PARAMETERS)).json()).toMatchObject([{ macs: FIVE.slice(0, 3) }]);
    expect((await send('DELETE', PARAMETERS, { initrd: LINUX.initrd })).status).toBe(200);
    expect([await rows('nodes'), await rows('boot_groups'), await rows('boot_configs')]).toEqual([0, 0, 0]);
  });

  it('of an image go with it, are listed and removed, and get no referral token [writing.image-of-a-kernel] [writing.image-has-no-token] [writing.image-parameters-reach-scripts] [writing.patch-of-an-image] [get-bootparameters.images-with-parameters-are-listed] [get-bootparameters.by-kernel] [bootscript.image-parameters-behind]', async () => {
    const created = await send('POST', PARAMETERS, { kernel: LINUX.kernel, params: 'console=tty0' });
    expect([created.status, created.headers['bss-referral-token']]).toEqual([201, undefined]);
    expect((await send('POST', PARAMETERS, { kernel: LINUX.kernel, params: 'again' })).status).toBe(400);
    expect((await send('GET', PARAMETERS)).json()).toEqual([
      { kernel: LINUX.kernel, params: 'console=tty0', 'cloud-init': NO_CLOUD_INIT },
    ]);
    await send('POST', PARAMETERS, { macs: [FIVE[0]], ...LINUX, params: 'quiet' });
    expect((await send('GET', PARAMETERS, { kernel: LINUX.kernel })).json()).toMatchObject([
      { params: 'console=tty0' },
    ]);
    expect((await send('GET', PARAMETERS, { initrd: LINUX.initrd })).status).toBe(404);
    expect((await send('GET', PARAMETERS, { initrd: 'http://files/none' })).status).toBe(404);
    expect((await send('PATCH', PARAMETERS, { kernel: LINUX.kernel, params: 'console=tty1' })).status).toBe(200);
    expect((await send('GET', `/boot/v1/bootscript?mac=${FIVE[0]}`)).text).toContain(' quiet console=tty1 ');
    expect((await send('PATCH', PARAMETERS, { kernel: LINUX.kernel, params: null })).status).toBe(200);
    expect((await send('PATCH', PARAMETERS, { kernel: LINUX.kernel, params: 'x' })).status).toBe(404);
  });

  it('of one tag may carry a priority, which a PUT without one keeps [writing.priority-of-a-tag] [writing.put-keeps-priority] [writing.priority-of-a-node-is-nothing]', async () => {
    await send('POST', PARAMETERS, { hosts: ['gpu'], params: 'a', priority: 7 });
    expect((await send('PUT', PARAMETERS, { hosts: ['gpu'], params: 'b' })).json()).toMatchObject({
      params: 'b',
      priority: 7,
    });
    expect((await send('PUT', PARAMETERS, { hosts: ['gpu'], params: 'b', priority: 0 })).text).not.toContain(
      'priority',
    );
    const mixed = await send('PUT', PARAMETERS, {
      hosts: ['gpu', 'io', 'x0c0s0b0n0'],
      macs: [FIVE[0]],
      params: 'b',
      priority: 3,
    });
    expect(mixed.status).toBe(200);
    expect((await send('GET', PARAMETERS)).json()).toMatchObject([
      { hosts: ['gpu'], priority: 3 },
      { hosts: ['io'], priority: 3 },
      { hosts: ['x0c0s0b0n0'], macs: [FIVE[0]] },
    ]);
    expect((await send('PATCH', PARAMETERS, { hosts: ['x0c0s0b0n0'], priority: 1 })).status).toBe(400);
  });

  it('refuses text that a database cannot hold, and bodies beyond every bound [reading-requests.unstorable-text-is-400] [limits.body-over-8-mib-is-413]', async () => {
    const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) });
    for (const body of [
      Buffer.from('{"hosts":["a"],"params":"x\\u0000"}'),
      Buffer.from('{"hosts":["a"],"params":"\\ud800"}'),
      Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
      Buffer.from('{"hosts":["a"],"cloud-init":{"user-data":{"n":1e999}}}'),
      { hosts: ['a'], 'cloud-init': { 'user-data': nested(70) } },
    ]) {
      expect((await send('POST', PARAMETERS, body)).status).toBe(400);
    }
    expect((await send('POST', PARAMETERS, Buffer.alloc(8 * 1024 * 1024 + 1, ' '))).status).toBe(413);
    expect(await rows('boot_groups')).toBe(0);
  });
});

describeService('boot parameters with an inventory', { HSM_URL: 'mem:' }, ({ send, rows }) => {
  // In the canned set, x0c0s1b0n0 is 02:00:00:00:00:01 and NID 2.
  const names = { hosts: ['x0c0s1b0n0'] };
  const macs = { macs: ['02:00:00:00:00:01'] };
  const nids = { nids: [2] };

  it('are one record for a node, under whichever identifier [writing.post-names-the-record-in-the-way] [writing.found-by-any-identifier] [writing.changed-by-any-identifier] [writing.first-identifier-is-kept] [writing.answers-identifiers-as-stored] [writing.delete-by-identifiers]', async () => {
    await send('POST', PARAMETERS, { ...macs, ...LINUX });
    const conflict = await send('POST', PARAMETERS, { ...names, ...LINUX });
    expect(conflict.json()).toEqual(problemWith(400, 'Bad Request', expect.stringContaining('02:00:00:00:00:01')));
    expect((await send('GET', `${PARAMETERS}?name=x0c0s1b0n0`)).json()).toMatchObject([macs]);
    expect((await send('GET', `${PARAMETERS}?nid=2`)).json()).toMatchObject([macs]);
    expect((await send('PUT', PARAMETERS, { ...nids, ...LINUX, params: 'put' })).json()).toMatchObject({
      ...macs,
      params: 'put',
    });
    expect((await send('PATCH', PARAMETERS, { ...names, params: 'patched' })).json()).toMatchObject({
      ...macs,
      params: 'patched',
    });
    expect(await rows('nodes')).toBe(1);
    expect((await send('DELETE', PARAMETERS, nids)).status).toBe(200);
    expect(await rows('nodes')).toBe(0);
  });

  it('count a node that is named twice once, and keep its xname [writing.named-twice-counts-once] [writing.xname-is-kept-of-several]', async () => {
    const posted = await send('POST', PARAMETERS, { ...macs, ...names, ...nids, ...LINUX });
    expect(posted.json()).toEqual({ ...names, ...LINUX, 'cloud-init': NO_CLOUD_INIT });
    expect(await rows('nodes')).toBe(1);
  });

  it('keep identifiers that the inventory does not know apart [writing.strangers-are-separate]', async () => {
    await send('POST', PARAMETERS, { macs: [FIVE[4]], hosts: ['x9c0s0b0n0'], ...LINUX });
    expect(await rows('nodes')).toBe(2);
  });
});
