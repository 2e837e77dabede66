import { expect, it } from 'vitest';
import { describeService, NO_CLOUD_INIT, PARAMETERS, problemWith, SCRIPT } from './describe-service.ts';

const [ONE, TWO, THREE] = ['02:00:00:00:00:01', '02:00:00:00:00:02', '02:00:00:00:00:03'];
const LINUX = { kernel: 'http://files/vmlinuz', initrd: 'http://files/initrd', params: 'console=ttyS0 quiet' };

describeService('a write of boot parameters', {}, ({ send, rows }) => {
  const list = async (query = ''): Promise<unknown> => (await send('GET', `${PARAMETERS}${query}`)).json();
  const script = async (): Promise<string> => (await send('GET', `${SCRIPT}?mac=${ONE}`)).text;

  it('by PUT answers in JSON of the type that clients compare [writing.put-content-type] [writing.put-answers-the-record]', async () => {
    for (const macs of [[ONE], [ONE.toUpperCase(), TWO]]) {
      const answer = await send('PUT', PARAMETERS, { macs, ...LINUX });
      expect(answer.headers['content-type']).toBe('application/json; charset=UTF-8');
      expect(answer.json()).toEqual({
        macs: macs.map((mac) => mac.toLowerCase()),
        ...LINUX,
        'cloud-init': NO_CLOUD_INIT,
      });
    }
  });

  it('by PUT leaves what the node has reported of itself [writing.put-keeps-phone-home]', async () => {
    const said = { pub_key_rsa: 'ssh-rsa A', hostname: 'n1', fqdn: 'n1.lab' };
    await send('POST', PARAMETERS, { macs: [ONE], ...LINUX, 'cloud-init': { 'phone-home': said } });
    for (const cloudInit of [undefined, null, {}, NO_CLOUD_INIT, { 'user-data': { a: 1 }, 'phone-home': null }]) {
      const put = await send('PUT', PARAMETERS, { macs: [ONE], kernel: 'http://files/k', 'cloud-init': cloudInit });
      expect(put.json()).toMatchObject({ 'cloud-init': { 'phone-home': { ...said, instance_id: '' } } });
    }
    expect(await list()).toEqual([
      {
        macs: [ONE],
        kernel: 'http://files/k',
        'cloud-init': {
          'meta-data': null,
          'user-data': { a: 1 },
          'phone-home': { ...NO_CLOUD_INIT['phone-home'], ...said },
        },
      },
    ]);
  });

  it('by PATCH merges meta-data as it merges user-data [writing.patch-merges-meta-data]', async () => {
    const before = { keep: [1, 2], change: 'a', go: 1, deep: { keep: null, change: { x: 1 }, go: { y: 2 } } };
    const patch = { change: ['b'], go: null, deep: { change: { x: { z: 0 } }, go: null, new: false }, missing: null };
    const after = { keep: [1, 2], change: ['b'], deep: { keep: null, change: { x: { z: 0 } }, new: false } };
    await send('POST', PARAMETERS, { macs: [ONE], 'cloud-init': { 'meta-data': before, 'user-data': { u: 1 } } });
    const answer = await send('PATCH', PARAMETERS, { macs: [ONE], 'cloud-init': { 'meta-data': patch } });
    const cloudInit = { ...NO_CLOUD_INIT, 'meta-data': after, 'user-data': { u: 1 } };
    expect(answer.json()).toEqual({ macs: [ONE], 'cloud-init': cloudInit });
    expect(await list()).toEqual([{ macs: [ONE], 'cloud-init': cloudInit }]);
    const emptied = { keep: null, change: null, deep: null };
    await send('PATCH', PARAMETERS, { macs: [ONE], 'cloud-init': { 'meta-data': emptied } });
    expect(await list()).toEqual([{ macs: [ONE], 'cloud-init': { ...NO_CLOUD_INIT, 'user-data': { u: 1 } } }]);
  });

  it('by PATCH is refused what could break a script, too [writing.lint-of-a-patch]', async () => {
    await send('POST', PARAMETERS, { macs: [ONE], ...LINUX });
    await send('POST', PARAMETERS, { kernel: LINUX.kernel, params: 'loud' });
    const before = (await send('GET', PARAMETERS)).text;
    for (const [change, detail] of [
      [{ params: 'quiet\nshell' }, 'params: a line break at offset 5'],
      [{ params: 'a || shell' }, 'params: a lone "||" at offset 2'],
      [{ params: 'a ; shell' }, 'params: a lone ";" at offset 2'],
      [{ params: 'p=$${serial}{password}' }, 'params: a "$" before a setting at offset 2'],
      [{ params: 'p=${${serial}}' }, 'params: a "${" that begins no allowed setting at offset 2'],
      [{ params: Array(191).fill('w').join(' ') }, 'params: 191 words, at most 190 are allowed at offset 0'],
      [{ kernel: 'http://files/${net0/password}' }, 'kernel: a "${" that begins no allowed setting at offset 13'],
      [{ initrd: 'http://files/i name' }, 'initrd: white space at offset 14'],
    ] as const) {
      expect((await send('PATCH', PARAMETERS, { macs: [ONE], ...change })).json()).toEqual(
        problemWith(400, 'Bad Request', detail),
      );
    }
    expect((await send('PATCH', PARAMETERS, { kernel: LINUX.kernel, params: 'a && b' })).status).toBe(400);
    expect((await send('GET', PARAMETERS)).text).toBe(before);
  });

  it('may use the settings of iPXE that are harmless, in parameters and in URIs [writing.lint-lets-settings-pass]', async () => {
    const settings = [
      ...['mac', 'ip', 'netmask', 'gateway', 'dns', 'hostname', 'domain', 'uuid', 'serial', 'asset', 'manufacturer'],
      ...['product', 'buildarch', 'platform', 'version', 'next-server', 'net0/mac', 'net12/ip', 'mac:hexhyp'],
      ...['net1/mac:hexraw', 'serial:uristring'],
    ].map((name) => `\${${name}}`);
    for (const setting of settings) {
      const record = { kernel: `http://files/${setting}/k`, initrd: `${setting}`, params: `a=${setting} ${setting}-b` };
      const answer = await send('PUT', PARAMETERS, { macs: [ONE], ...record });
      expect([setting, answer.status, answer.json()]).toMatchObject([setting, 200, record]);
      const text = await script();
      expect(text).toContain(`kernel --name kernel --timeout 60000 ${record.kernel} initrd=initrd ${record.params} `);
      expect(text).toContain(`initrd --name initrd --timeout 60000 ${setting} ||`);
    }
    for (const name of [
      'password',
      'net0/password',
      'username',
      'filename',
      'root-path',
      'net/mac',
      'mac ',
      'MAC',
      '',
    ]) {
      expect([name, (await send('PUT', PARAMETERS, { macs: [ONE], params: `\${${name}}` })).status]).toEqual([
        name,
        400,
      ]);
      expect((await send('PUT', PARAMETERS, { macs: [ONE], kernel: `http://f/\${${name}}` })).status).toBe(400);
    }
  });

  it('keeps parameters of an initrd, which reach the scripts that load it [writing.image-of-an-initrd] [get-bootparameters.by-initrd] [writing.image-parameters-reach-scripts]', async () => {
    const image = { initrd: LINUX.initrd, params: 'rd.debug' };
    const created = await send('POST', PARAMETERS, image);
    expect([created.status, created.headers['bss-referral-token'], created.json()]).toEqual([
      201,
      undefined,
      { ...image, 'cloud-init': NO_CLOUD_INIT },
    ]);
    expect((await send('POST', PARAMETERS, { kernel: LINUX.kernel, params: 'loud' })).status).toBe(201);
    const byInitrd = await send('GET', PARAMETERS, { initrd: LINUX.initrd });
    expect(byInitrd.json()).toEqual([{ ...image, 'cloud-init': NO_CLOUD_INIT }]);
    expect((await send('GET', PARAMETERS, { initrd: LINUX.kernel })).status).toBe(404);
    expect((await send('GET', PARAMETERS, { kernel: LINUX.initrd })).status).toBe(404);

    await send('POST', PARAMETERS, { macs: [ONE], ...LINUX });
    expect(await script()).toContain(' initrd=initrd console=ttyS0 quiet loud rd.debug bss_referral_token=');
    expect((await send('PUT', PARAMETERS, { ...image, params: 'rd.break' })).status).toBe(200);
    expect(await script()).toContain(' quiet loud rd.break bss_');
    expect((await send('DELETE', PARAMETERS, { initrd: LINUX.initrd, params: 'rd.break' })).status).toBe(200);
    expect(await script()).toContain(' quiet loud bss_');
    expect((await send('POST', PARAMETERS, LINUX)).status).toBe(400);
  });

  it('takes whole numbers for a priority, and nothing else [writing.priority-is-an-integer]', async () => {
    for (const priority of [1.5, '1', true, [1], {}, 2147483648, -2147483649, 1e300]) {
      for (const method of ['POST', 'PUT']) {
        const answer = await send(method, PARAMETERS, { hosts: ['gpu'], params: 'a', priority });
        expect([priority, answer.json()]).toEqual([
          priority,
          problemWith(400, 'Bad Request', expect.stringMatching(/^priority: /)),
        ]);
      }
    }
    expect(await rows('boot_groups')).toBe(0);
    for (const priority of [1, -1, 2147483647, -2147483648]) {
      await send('PUT', PARAMETERS, { hosts: ['gpu'], params: 'a', priority });
      expect(await list()).toMatchObject([{ hosts: ['gpu'], priority }]);
    }
    expect((await send('PUT', PARAMETERS, { hosts: ['gpu'], params: 'a', priority: null })).json()).toMatchObject({
      priority: -2147483648,
    });
    expect((await send('PATCH', PARAMETERS, { hosts: ['gpu'], priority: '1' })).status).toBe(400);
    expect((await send('PATCH', PARAMETERS, { hosts: ['gpu'], priority: 0 })).text).not.toContain('priority');
  });

  it('names tags of a certain form, whose capitals count [writing.tag-form] [writing.tag-case-counts]', async () => {
    const long = 'a'.repeat(128);
    for (const [at, tag] of ['a', '7', 'Unknown-x86_64', 'A.b_c-', long, 'a..b', 'x', 'X0c0s0b0n0x'].entries()) {
      expect([tag, (await send('POST', PARAMETERS, { hosts: [tag], kernel: `http://files/${at}` })).status]).toEqual([
        tag,
        201,
      ]);
    }
    for (const tag of ['', '.a', '-a', '_a', 'a b', ' a', 'a ', 'a/b', 'a,b', 'a:b', 'ä', `${long}a`, 'a\n', '*']) {
      const answer = await send('POST', PARAMETERS, { hosts: [tag], kernel: 'http://files/k' });
      expect([tag, answer.json()]).toEqual([
        tag,
        problemWith(400, 'Bad Request', expect.stringMatching(/^hosts\[0\]: /)),
      ]);
    }
    await send('POST', PARAMETERS, { hosts: ['compute'], kernel: 'http://files/group' });
    expect((await send('POST', PARAMETERS, { hosts: ['Compute'], kernel: 'http://files/role' })).status).toBe(201);
    expect(await list('?name=compute')).toMatchObject([{ hosts: ['compute'], kernel: 'http://files/group' }]);
    expect(await list('?name=Compute')).toMatchObject([{ hosts: ['Compute'], kernel: 'http://files/role' }]);
    expect((await send('GET', `${PARAMETERS}?name=COMPUTE`)).status).toBe(404);
    expect((await send('DELETE', PARAMETERS, { hosts: ['COMPUTE'] })).status).toBe(400);
    expect((await send('DELETE', PARAMETERS, { hosts: ['Compute'] })).status).toBe(200);
    expect(await list('?name=compute')).toHaveLength(1);
  });

  it('by DELETE removes xnames in whatever case [writing.delete-by-xnames]', async () => {
    const hosts = ['x1000c0s0b0n0', 'x1000c0s0b0n1', 'x1000c0s0b0n2'];
    await send('POST', PARAMETERS, { hosts, ...LINUX });
    expect((await send('DELETE', PARAMETERS, { hosts: ['X1000C0S0B0N0', 'x1000c0s0b0n2'] })).status).toBe(200);
    expect(await list()).toEqual([{ hosts: ['x1000c0s0b0n1'], ...LINUX, 'cloud-init': NO_CLOUD_INIT }]);
  });

  it('by DELETE of a kernel or of parameters removes all that have them, and no more [writing.delete-by-kernel] [writing.delete-by-params] [writing.delete-by-several-fields] [writing.delete-leaves-nothing-behind]', async () => {
    await send('POST', PARAMETERS, { macs: [ONE], hosts: ['gpu', 'x0c0s0b0n0'], nids: [7], ...LINUX });
    await send('POST', PARAMETERS, { macs: [TWO], ...LINUX, initrd: 'http://files/other' });
    await send('POST', PARAMETERS, { macs: [THREE], kernel: 'http://files/vmlinuz2', params: LINUX.params });
    await send('POST', PARAMETERS, { hosts: ['Default'], kernel: `${LINUX.kernel}/2`, params: `${LINUX.params} x` });
    expect((await send('DELETE', PARAMETERS, { kernel: LINUX.kernel, params: 'quiet' })).status).toBe(200);
    expect(await list()).toHaveLength(4);
    const removed = await send('DELETE', PARAMETERS, { kernel: LINUX.kernel });
    expect([removed.status, removed.text]).toEqual([200, '']);
    expect(await list()).toMatchObject([{ hosts: ['Default'] }, { macs: [THREE] }]);
    expect((await send('DELETE', PARAMETERS, { params: LINUX.params })).status).toBe(200);
    expect(await list()).toMatchObject([{ hosts: ['Default'] }]);
    expect((await send('DELETE', PARAMETERS, { params: `${LINUX.params} x`, kernel: '' })).status).toBe(200);
    expect(await list()).toEqual([]);
    expect([await rows('nodes'), await rows('boot_groups'), await rows('boot_configs')]).toEqual([0, 0, 0]);
  });
});
