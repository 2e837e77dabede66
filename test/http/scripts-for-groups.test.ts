import { expect, it } from 'vitest';
import type { SmdNode } from '../support/smd-simulator.ts';
import { describeWithSmd, PARAMETERS, problemWith, SCRIPT } from './describe-service.ts';

const NODE: SmdNode = {
  xname: 'x1c0s0b0n0',
  nid: 11,
  macs: ['02:00:00:01:00:00', '02:00:00:01:00:01'],
  role: 'Compute',
  subRole: 'Worker',
  groups: ['red', 'green', 'blue'],
  endpoint: { enabled: true, fqdn: 'n11.lab' },
};
const [FIRST_MAC, SECOND_MAC] = ['02:00:00:01:00:00', '02:00:00:01:00:01'];
/** Its endpoint is disabled, and nothing is said of its component. */
const DISABLED: SmdNode = { xname: 'x1c0s1b0n0', nid: 12, role: 'Compute', endpoint: { enabled: false } };
const BLOCKED: SmdNode = { xname: 'x1c0s2b0n0', nid: 13, role: 'Storage', subRole: 'Disks', groups: ['blue'] };

describeWithSmd(
  'which configuration a node boots',
  {
    settings: { BSS_SCRIPT_FORM: 'classic', BSS_BOOTIF: 'off', BSS_BLOCKED_ROLES: 'storage,Application' },
    nodes: [NODE, DISABLED, BLOCKED],
  },
  ({ send, smd }) => {
    const ask = (query: string) => send('GET', `${SCRIPT}?${query}`, undefined, { Host: 'boot.lab' });
    /** The last part of the kernel's URI; `undefined` for a script that waits. */
    const kernelOf = async (query: string): Promise<string | undefined> =>
      /^kernel --name kernel http:\/\/files\/(\S+) /m.exec((await ask(query)).text)?.[1];
    const put = (host: string, record: object = {}) =>
      send('PUT', PARAMETERS, { hosts: [host], kernel: `http://files/${host}`, ...record });

    it('is its own, else its group’s, else that of sub-role and role, else its role’s, else Default’s [resolution.node-first] [resolution.group-before-role] [resolution.sub-role-before-role] [resolution.role-before-default]', async () => {
      expect(await kernelOf('nid=11')).toBeUndefined();
      // What is none of its levels: the sub-role alone, and names in another case.
      for (const tag of ['Worker', 'compute', 'compute_worker', 'Red', 'Global', 'Unknown-x86_64']) await put(tag);
      expect(await kernelOf('nid=11')).toBeUndefined();
      for (const level of ['Default', 'Compute', 'Compute_Worker', 'red', NODE.xname]) {
        await put(level);
        expect(await kernelOf('nid=11')).toBe(level);
      }
    });

    it('is that of the group of the highest priority, and of equals the first by name [resolution.groups-by-priority] [resolution.groups-by-name]', async () => {
      for (const group of ['red', 'green', 'blue', 'foreign'])
        await put(group, { priority: group === 'foreign' ? 99 : 0 });
      expect(await kernelOf('nid=11')).toBe('blue');
      await send('PATCH', PARAMETERS, { hosts: ['green'], priority: 1 });
      expect(await kernelOf('nid=11')).toBe('green');
      await send('PATCH', PARAMETERS, { hosts: ['red'], priority: 2 });
      expect(await kernelOf('nid=11')).toBe('red');
      await send('PATCH', PARAMETERS, { hosts: ['green'], priority: 2 });
      expect(await kernelOf('nid=11')).toBe('green');
      await send('PATCH', PARAMETERS, { hosts: ['green', 'red'], priority: -1 });
      expect(await kernelOf('nid=11')).toBe('blue');
      await send('DELETE', PARAMETERS, { hosts: ['blue'] });
      expect(await kernelOf('nid=11')).toBe('green');
    });

    it('is taken whole: nothing comes from the levels behind it [resolution.whole-record] [bootscript.no-kernel-waits]', async () => {
      const full = { initrd: 'http://files/initrd', params: 'of-the-role' };
      await put('Default', full);
      await put('Compute', full);
      await put('red', { priority: 1 });
      const { text } = await ask('nid=11');
      expect(text).toMatch(
        /^kernel --name kernel http:\/\/files\/red xname=x1c0s0b0n0 nid=11 bss_referral_token=\S+ \|\| /m,
      );
      expect(text).not.toContain('initrd');
      // A more specific record without a kernel is not filled up either.
      await send('PUT', PARAMETERS, { hosts: [NODE.xname], params: 'of-the-node' });
      expect(await kernelOf('nid=11')).toBeUndefined();
      await send('PUT', PARAMETERS, { hosts: [NODE.xname], 'cloud-init': { 'user-data': { a: 1 } } });
      expect(await kernelOf('nid=11')).toBeUndefined();
    });

    it('does not depend on the identifier that it is asked for by [resolution.same-by-every-identifier] [resolution.by-any-identifier] [bootscript.by-host-name] [bootscript.chain-by-mac]', async () => {
      for (const identifiers of [
        { nids: [11] },
        { macs: [SECOND_MAC] },
        { hosts: [NODE.xname] },
        { hosts: ['blue'] },
      ]) {
        await send('POST', PARAMETERS, { ...identifiers, kernel: 'http://files/k', params: 'quiet' });
        const { text: expected } = await ask(`mac=${FIRST_MAC}`);
        expect(expected).toContain(
          'kernel --name kernel http://files/k quiet xname=x1c0s0b0n0 nid=11 bss_referral_token=',
        );
        for (const query of [
          'name=x1c0s0b0n0',
          'name=X1C0S0B0N0',
          'nid=11',
          'name=n11.lab',
          'name=n11',
          'name=N11.Lab.',
        ]) {
          expect([query, (await ask(query)).text]).toEqual([query, expected]);
        }
        expect((await ask(`mac=${SECOND_MAC}`)).text).toBe(expected.replace(FIRST_MAC, SECOND_MAC));
        await send('DELETE', PARAMETERS, identifiers);
      }
    });

    it('is none for a node whose endpoint is disabled [bootscript.disabled-endpoint-waits]', async () => {
      await put(DISABLED.xname);
      await put('Default');
      const { status, text } = await ask(`name=${DISABLED.xname}`);
      expect([status, text.replace(/ts=[0-9]+/, 'ts=<now>')]).toEqual([
        200,
        '#!ipxe\nsleep 10\nchain http://boot.lab/boot/v1/bootscript?name=x1c0s1b0n0&arch=${buildarch}&ts=<now>\n',
      ]);
      await put('Unknown-x86_64');
      const { text: discovery } = await ask(`name=${DISABLED.xname}&arch=x86_64`);
      expect(discovery).toContain('kernel --name kernel http://files/Unknown-x86_64 ||');
      expect((await send('GET', `${SCRIPT}?nid=12&json=1`)).status).toBe(404);
    });

    it('is for a blocked role its own or its role’s, and nobody else’s [bootscript.blocked-role-in-a-group-is-404] [bootscript.blocked-role-is-404] [bootscript.blocked-role-by-role] [bootscript.blocked-role-by-own-record]', async () => {
      for (const tag of ['Default', 'blue', 'Disks', 'Unknown-x86_64']) await put(tag, { priority: 9 });
      for (const query of ['nid=13', `name=${BLOCKED.xname}`, 'nid=13&arch=x86_64', 'nid=13&json=1']) {
        const answer = await ask(query);
        expect([query, answer.json()]).toEqual([query, problemWith(404, 'Not Found', expect.any(String))]);
        expect(answer.headers['retry-after']).toBeUndefined();
      }
      expect(await kernelOf('nid=11')).toBe('blue');
      for (const tag of ['Storage', 'Storage_Disks', BLOCKED.xname]) {
        await put(tag);
        expect(await kernelOf('nid=13')).toBe(tag);
      }
    });

    it('cannot be told of a node that nothing is known of while SMD is away [bootscript.inventory-outage-is-503] [problems.show-no-insides]', async () => {
      await put('Compute');
      const stranger: SmdNode = { xname: 'x1c0s3b0n0', nid: 20, macs: ['02:00:00:01:03:00'], role: 'Compute' };
      const queries = ['name=x1c0s3b0n0', 'nid=20&arch=x86_64', 'mac=02:00:00:01:03:00', 'nid=20&json=1'];
      for (const mode of ['refuse', 'garbage', 'wrong types', { status: 500 }] as const) {
        smd().mode = mode;
        for (const query of queries) {
          const answer = await ask(query);
          expect([query, mode, answer.json()]).toEqual([
            query,
            mode,
            problemWith(503, 'Service Unavailable', expect.any(String)),
          ]);
          expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(5);
          expect(answer.text).not.toMatch(/127\.0\.0\.1|http|\/hsm|Components|JSON| at |ECONN|fetch/i);
        }
      }
      smd().add(stranger);
      smd().mode = 'healthy';
      expect(await kernelOf('nid=20')).toBe('Compute');
    });
  },
);
