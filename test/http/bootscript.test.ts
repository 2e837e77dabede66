import { describe, expect, it } from 'vitest';
import { describeService, NO_CLOUD_INIT, PARAMETERS, problemWith, SCRIPT } from './describe-service.ts';

const MAC = '02:00:00:00:00:01';
const LINUX = { kernel: 'http://files/vmlinuz', initrd: 'http://files/initrd', params: 'console=ttyS0 quiet' };
const IPXE = { 'User-Agent': 'iPXE/1.21.1', Host: 'boot.lab:8080' };

/** A script with what differs from one request to the next replaced. */
function stable(script: string): string {
  return script
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<token>')
    .replaceAll(/ts=[0-9]+/g, 'ts=<now>')
    .replaceAll(/sleep [0-9]+/g, 'sleep <pause>')
    .replaceAll(/again in [0-9]+ s/g, 'again in <pause> s');
}

const WAIT = `#!ipxe
imgfree
isset \${waits:int32} || set waits:int32 0
:wait
inc waits
echo This node is not in the inventory yet, asking again (\${waits})
sleep <pause>
chain --replace --autofree http://boot.lab:8080/boot/v1/bootscript?mac=${MAC}&arch=\${buildarch}&ts=<now> || goto wait
`;

describeService('a script, standalone', {}, ({ send }) => {
  it('boots a node by its record [bootscript.is-plain-text] [bootscript.robust-is-the-default] [bootscript.robust-form] [bootscript.robust-chain-replaces] [bootscript.retry-counts-up] [bootscript.initrd-word-first] [bootscript.adds-bootif] [bootscript.adds-data-source] [inventory.standalone-by-record]', async () => {
    await send('POST', PARAMETERS, { macs: [MAC], ...LINUX });
    const answer = await send('GET', `${SCRIPT}?mac=02%3A00%3A00%3A00%3A00%3A01&retry=2`, undefined, IPXE);
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/plain; charset=UTF-8']);
    expect(stable(answer.text)).toBe(`#!ipxe
imgfree
isset \${tries:int32} || set tries:int32 0
kernel --name kernel --timeout 60000 http://files/vmlinuz initrd=initrd console=ttyS0 quiet bss_referral_token=<token> BOOTIF=01-02-00-00-00-00-01 || goto boot_retry
initrd --name initrd --timeout 60000 http://files/initrd || goto boot_retry
boot || goto boot_retry
:boot_retry
set e \${errno:hexraw}
inc tries
imgfree
echo Boot failed (error \${e}), try \${tries}, asking again in <pause> s
sleep <pause>
chain --replace --autofree http://boot.lab:8080/boot/v1/bootscript?mac=${MAC}&retry=3&e=\${e} || goto boot_retry
`);
  });

  it('waits and asks again for a node without a record, also by the next request [bootscript.gate-in-robust] [bootscript.gate-is-never-a-4xx] [bootscript.gate-goes-on-waiting]', async () => {
    for (const query of [`mac=${MAC}`, `mac=${MAC}&arch=x86_64&ts=5`, `mac=${MAC}&arch=..%2f%0a&ts=`]) {
      const answer = await send('GET', `${SCRIPT}?${query}`, undefined, IPXE);
      expect([answer.status, stable(answer.text)]).toEqual([200, WAIT]);
    }
  });

  it('pauses for up to half as long again, so that nodes spread out [bootscript.robust-jitter] [bootscript.default-delays]', async () => {
    await send('POST', PARAMETERS, { macs: [MAC], ...LINUX });
    for (const [mac, least, most] of [
      [MAC, 30, 45],
      ['02:00:00:00:00:02', 10, 15],
    ] as const) {
      const scripts = await Promise.all(Array.from({ length: 40 }, () => send('GET', `${SCRIPT}?mac=${mac}`)));
      const pauses = scripts.map(({ text }) => Number(/^sleep ([0-9]+)$/m.exec(text)?.[1]));
      expect(Math.min(...pauses)).toBeGreaterThanOrEqual(least);
      expect(Math.max(...pauses)).toBeLessThanOrEqual(most);
      expect(new Set(pauses).size).toBeGreaterThan(1);
    }
  });

  it('boots the discovery kernel of an unknown architecture, without xname, nid and token [bootscript.discovery-by-architecture] [bootscript.discovery-names-nobody] [bootscript.discovery-comes-back-as-the-gate] [bootscript.gate-goes-on-waiting]', async () => {
    await send('POST', PARAMETERS, { hosts: ['Unknown-x86_64'], kernel: 'http://files/discover', params: 'discover' });
    expect(stable((await send('GET', `${SCRIPT}?mac=${MAC}`, undefined, IPXE)).text)).toBe(WAIT);
    const { text } = await send('GET', `${SCRIPT}?mac=${MAC}&arch=x86_64&ts=1`, undefined, IPXE);
    expect(text).toContain('http://files/discover discover BOOTIF=01-02-00-00-00-00-01 ||');
    expect(text).toContain(`bootscript?mac=${MAC}&arch=\${buildarch}&ts=`);
    expect(stable((await send('GET', `${SCRIPT}?mac=${MAC}&arch=arm64`, undefined, IPXE)).text)).toBe(WAIT);
  });

  it('gives a tag its own script, and takes what is neither for an unknown host [bootscript.by-tag]', async () => {
    await send('POST', PARAMETERS, { hosts: ['Default'], kernel: 'http://files/default' });
    const { text } = await send('GET', `${SCRIPT}?name=Default`, undefined, IPXE);
    expect(text).toContain('kernel --name kernel --timeout 60000 http://files/default bss_referral_token=');
    expect(text).toContain('bootscript?name=Default&retry=1');
    expect((await send('GET', `${SCRIPT}?name=n1.cluster`, undefined, IPXE)).text).toContain('?name=n1.cluster&arch=');
  });

  it('finds a node by xname and NID, and adds what it knows of it [inventory.standalone-by-record] [bootscript.chain-by-name-or-nid] [bootscript.retry-counts-up]', async () => {
    await send('POST', PARAMETERS, { hosts: ['x0c0s0b0n0'], ...LINUX });
    await send('POST', PARAMETERS, { nids: [9], kernel: 'http://files/nine' });
    const byName = await send('GET', `${SCRIPT}?name=X0c0s0b0n0`, undefined, IPXE);
    expect(stable(byName.text)).toContain('console=ttyS0 quiet xname=x0c0s0b0n0 bss_referral_token=<token> || goto');
    expect(byName.text).toContain('bootscript?name=x0c0s0b0n0&retry=1');
    const byNid = await send('GET', `${SCRIPT}?nid=9`, undefined, IPXE);
    expect(byNid.text).toContain('http://files/nine nid=9 bss_referral_token=');
    expect(byNid.text).toContain('bootscript?nid=9&retry=1');
    expect((await send('GET', `${SCRIPT}?nid=0`, undefined, IPXE)).status).toBe(200);
  });

  it('takes mac before name before nid, and of several the first [bootscript.mac-before-others] [bootscript.retry-that-is-no-number] [reading-requests.first-of-several]', async () => {
    await send('POST', PARAMETERS, { macs: [MAC], kernel: 'http://files/mac' });
    await send('POST', PARAMETERS, { nids: [9], kernel: 'http://files/nid' });
    const first = await send(
      'GET',
      `${SCRIPT}?nid=9&name=x0c0s0b0n0&mac=${MAC},02:00:00:00:00:02&mac=x&retry=one`,
      undefined,
      IPXE,
    );
    expect(first.text).toContain('http://files/mac ');
    expect(first.text).toContain('&retry=1&');
    for (const [retry, next] of [
      ['0', 1],
      ['9', 10],
      ['007', 8],
      ['2147483647', 2147483648],
      ['-1', 0],
      ['', 1],
      ['1.5', 1],
      ['0x10', 1],
      ['1e3', 1],
      ['5,6', 6],
      ['9'.repeat(30), 1],
    ] as const) {
      const { text } = await send('GET', `${SCRIPT}?mac=${MAC}&retry=${retry}`, undefined, IPXE);
      expect([retry, /&retry=([^&]*)&/.exec(text)?.[1]]).toEqual([retry, String(next)]);
    }
  });

  it('is refused to who asks wrongly [bootscript.asked-wrongly-is-400] [reading-requests.empty-mac-is-malformed]', async () => {
    for (const query of [
      '',
      '?foo',
      '?mac=',
      '?mac=nonsense',
      '?nid=',
      '?nid=0x10',
      '?name=',
      '?name=a%0ab',
      '?name=%24%7bx%7d',
    ]) {
      const answer = await send('GET', `${SCRIPT}${query}`, undefined, IPXE);
      expect([query, answer.status]).toEqual([query, 400]);
      expect(answer.headers['content-type']).toBe('application/problem+json');
    }
  });

  it('says on the console why a stored record that breaks the rules is not booted', async () => {
    await send('POST', PARAMETERS, { macs: [MAC], kernel: 'http://files/k', params: Array(150).fill('a').join(' ') });
    await send('POST', PARAMETERS, { kernel: 'http://files/k', params: Array(150).fill('b').join(' ') });
    const { status, text } = await send('GET', `${SCRIPT}?mac=${MAC}`, undefined, IPXE);
    expect([status, text]).toEqual([
      200,
      expect.stringContaining('echo The stored params cannot be booted: 300 words'),
    ]);
    expect(text).not.toContain('kernel --name');
  });

  it('waits for a node whose record has no kernel [bootscript.no-kernel-waits]', async () => {
    await send('POST', PARAMETERS, { macs: [MAC], params: 'quiet' });
    expect((await send('GET', `${SCRIPT}?mac=${MAC}`, undefined, IPXE)).text).toContain(
      'has no boot configuration yet',
    );
  });

  it('comes as JSON when asked, and 404 for a node without a configuration [bootscript.json] [bootscript.json-for-nobody-is-404]', async () => {
    expect((await send('GET', `${SCRIPT}?mac=${MAC}&json=1`)).json()).toEqual(
      problemWith(404, 'Not Found', expect.any(String)),
    );
    await send('POST', PARAMETERS, { macs: [MAC], ...LINUX });
    await send('POST', PARAMETERS, { kernel: LINUX.kernel, params: 'console=tty0' });
    expect((await send('GET', `${SCRIPT}?mac=${MAC}&json=1`)).json()).toEqual({
      params: expect.stringMatching(/^kernel initrd=initrd console=ttyS0 quiet console=tty0 bss_referral_token=/),
      kernel: { path: LINUX.kernel, params: 'console=tty0' },
      initrd: { path: LINUX.initrd },
    });
  });

  it('chains to the host and path that the request came in on [bootscript.chain-as-asked] [bootscript.chain-ignores-strangers] [paths.script-without-prefix] [paths.prefixes] [reading-requests.host-forms]', async () => {
    await send('POST', PARAMETERS, { macs: [MAC], ...LINUX });
    for (const path of [
      '/apis/bss/boot/v1/bootscript',
      '/bss/boot/v1/bootscript',
      '/bootscript',
      '/boot-service/bootscript',
    ]) {
      const { text } = await send('GET', `${path}/?mac=${MAC}`, undefined, IPXE);
      expect(text).toContain(` http://boot.lab:8080${path}?mac=${MAC}&retry=1`);
    }
    const forwarded = { ...IPXE, 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Prefix': '/evil' };
    expect((await send('GET', `${SCRIPT}?mac=${MAC}`, undefined, forwarded)).text).toContain(
      ' http://boot.lab:8080/boot/v1/',
    );
    const v6 = await send('GET', `${SCRIPT}?mac=${MAC}`, undefined, { Host: '[fe80::1]:8080' });
    expect(v6.text).toContain(' http://[fe80::1]:8080/boot/v1/');
  });
});

describeService(
  'a script with settings of the site',
  {
    HSM_URL: 'mem:',
    BSS_SCRIPT_FORM: 'classic',
    BSS_BOOTIF: 'off',
    BSS_RETRY_DELAY: '7',
    BSS_HSM_RETRIEVAL_DELAY: '3',
    BSS_CHAIN_PROTO: 'https',
    BSS_IPXE_SERVER: 'gateway.lab',
    BSS_GW_URI: '/apis/bss',
    BSS_ADVERTISE_ADDRESS: 'http://10.0.0.1:8000/',
  },
  ({ send }) => {
    const CHAIN = `chain https://gateway.lab/apis/bss/boot/v1/bootscript?mac=${MAC}`;

    it('has the classic form, with what the inventory knows of the node [bootscript.form-by-setting] [bootscript.classic-form] [bootscript.retry-delay] [bootscript.adds-what-is-known] [bootscript.bootif-off] [bootscript.adds-data-source] [bootscript.chain-by-settings] [resolution.by-any-identifier] [inventory.mem]', async () => {
      await send('POST', PARAMETERS, { hosts: ['x0c0s1b0n0'], ...LINUX });
      const { text } = await send('GET', `${SCRIPT}?mac=${MAC}`);
      expect(stable(text)).toBe(`#!ipxe
kernel --name kernel http://files/vmlinuz initrd=initrd console=ttyS0 quiet xname=x0c0s1b0n0 nid=2 bss_referral_token=<token> ds=nocloud-net;s=http://10.0.0.1:8000/ || goto boot_retry
initrd --name initrd http://files/initrd || goto boot_retry
boot || goto boot_retry
:boot_retry
sleep <pause>
${CHAIN}&retry=1
`);
      expect(text).toContain('sleep 7\n');
    });

    it('is found by host name, and comes back by MAC [bootscript.by-host-name] [bootscript.chain-by-mac]', async () => {
      await send('POST', PARAMETERS, { macs: [MAC], ...LINUX });
      for (const name of ['nid0002', 'NID0002.local']) {
        const { text } = await send('GET', `${SCRIPT}?name=${name}`);
        expect(text).toContain('xname=x0c0s1b0n0');
        expect(text).toContain(`${CHAIN}&retry=1`);
      }
    });

    it('falls back from the node to its role to Default [resolution.role-before-default]', async () => {
      const kernel = async (): Promise<string | undefined> =>
        (await send('GET', `${SCRIPT}?mac=${MAC}`)).text.match(/kernel --name kernel (\S+)/)?.[1];
      expect(await kernel()).toBeUndefined();
      for (const host of ['Default', 'Compute', 'x0c0s1b0n0']) {
        await send('POST', PARAMETERS, { hosts: [host], kernel: `http://files/${host}` });
        expect(await kernel()).toBe(`http://files/${host}`);
      }
    });

    it('waits for a node that the inventory does not know, even if it has a record, and for a disabled one [bootscript.gate-holds-back-records] [bootscript.gate-in-classic] [bootscript.wait-delay] [bootscript.disabled-component-waits]', async () => {
      const gate = (mac: string): string =>
        `#!ipxe\nsleep 3\nchain https://gateway.lab/apis/bss/boot/v1/bootscript?mac=${mac}&arch=\${buildarch}&ts=<now>\n`;
      for (const mac of ['02:00:00:00:00:99', '02:00:00:00:00:04']) {
        await send('POST', PARAMETERS, { macs: [mac], ...LINUX });
        const { status, text } = await send('GET', `${SCRIPT}?mac=${mac}`);
        expect([status, text.replace(/ts=[0-9]+/, 'ts=<now>')]).toEqual([200, gate(mac)]);
      }
    });

    it('keeps cloud-init out of it', async () => {
      await send('POST', PARAMETERS, {
        macs: [MAC],
        ...LINUX,
        'cloud-init': { ...NO_CLOUD_INIT, 'user-data': { secret: 'x' } },
      });
      expect((await send('GET', `${SCRIPT}?mac=${MAC}`)).text).not.toContain('secret');
    });
  },
);

describeService(
  'a script for a role that is not to boot',
  { HSM_URL: 'mem:', BSS_BLOCKED_ROLES: 'compute, Storage' },
  ({ send }) => {
    it('is given only by the record of the node or its role [bootscript.blocked-role-is-404] [bootscript.blocked-role-by-role]', async () => {
      await send('POST', PARAMETERS, { hosts: ['Default'], kernel: 'http://files/default' });
      expect((await send('GET', `${SCRIPT}?mac=${MAC}`)).status).toBe(404);
      await send('POST', PARAMETERS, { hosts: ['Compute'], kernel: 'http://files/role' });
      expect((await send('GET', `${SCRIPT}?mac=${MAC}`)).text).toContain('http://files/role');
    });
  },
);

describe('a script behind a trusted proxy', () => {
  describeService('on this machine', { BSS_TRUSTED_PROXIES: '127.0.0.0/8, ::1, 10.0.0.0/8' }, ({ send }) => {
    it('chains to where the proxy was asked [bootscript.chain-behind-a-proxy]', async () => {
      const headers = {
        'X-Forwarded-Proto': 'https',
        'X-Forwarded-Host': 'site.example:8443',
        'X-Forwarded-Prefix': '/apis/bss',
        'CF-Connecting-IP': '10.1.2.3',
      };
      const { text } = await send('GET', `${SCRIPT}?mac=${MAC}`, undefined, headers);
      expect(text).toContain(` https://site.example:8443/apis/bss/boot/v1/bootscript?mac=${MAC}&`);
      const odd = await send('GET', `${SCRIPT}?mac=${MAC}`, undefined, {
        ...headers,
        'X-Forwarded-Host': 'a b',
        'X-Forwarded-Prefix': '/x;y',
      });
      expect(odd.text).toMatch(/ https:\/\/127\.0\.0\.1:[0-9]+\/boot\/v1\/bootscript\?/);
    });
  });
});
