import { expect, it } from 'vitest';
import { describeService, describeWithSmd, NO_CLOUD_INIT, PARAMETERS, SCRIPT } from './describe-service.ts';

const MAC = '02:00:00:00:03:01';
const NODE = 'x1000c0s3b0n1';
const LINUX = { kernel: 'http://files/k', initrd: 'http://files/i', params: 'quiet' };

describeWithSmd('the csm dialect', { settings: { BSS_DIALECT: 'csm' } }, ({ send, smd, rows }) => {
  const list = async (query = ''): Promise<unknown> => (await send('GET', `${PARAMETERS}${query}`)).json();

  it('answers one record per node, under the xname of every MAC and NID that SMD knows [get-bootparameters.csm-one-record-per-node] [get-bootparameters.csm-known-as-xname] [get-bootparameters.csm-unknown-as-stored]', async () => {
    await send('POST', PARAMETERS, { macs: [MAC, '02:00:00:00:0f:ff'], nids: [1, 77], hosts: ['Compute'], ...LINUX });
    const record = (identifiers: object) => ({ ...identifiers, ...LINUX, 'cloud-init': NO_CLOUD_INIT });
    expect(await list()).toEqual([
      record({ hosts: ['Compute'] }),
      record({ hosts: ['x1000c0s0b0n0'] }),
      record({ hosts: [NODE] }),
      record({ macs: ['02:00:00:00:0f:ff'] }),
      record({ nids: [77] }),
    ]);
    expect(await list(`?mac=${MAC}`)).toEqual([record({ hosts: [NODE] })]);
    expect(await list(`?nid=77`)).toEqual([record({ nids: [77] })]);
  });

  it('answers a write under the xname too, and what is read goes back as it is', async () => {
    const written = await send('PUT', PARAMETERS, { macs: [MAC], ...LINUX });
    expect(written.json()).toEqual({ hosts: [NODE], ...LINUX, 'cloud-init': NO_CLOUD_INIT });
    const [record] = (await list()) as object[];
    expect((await send('PUT', PARAMETERS, record)).json()).toEqual(record);
    expect(await list()).toEqual([record]);
    expect(await rows('nodes')).toBe(1);
    const patched = await send('PATCH', PARAMETERS, { nids: [8], params: 'loud' });
    expect(patched.json()).toMatchObject({ hosts: [NODE], params: 'loud' });
    expect((await send('DELETE', PARAMETERS, { hosts: [NODE] })).status).toBe(200);
    expect(await list()).toEqual([]);
  });

  it('answers one object to a write of many nodes and tags [writing.one-object-in-csm] [writing.answers-identifiers-as-stored]', async () => {
    const named = { macs: [MAC, '02:00:00:00:0f:ff'], nids: [1, 77], hosts: ['Compute', 'x1000c0s0b0n1'] };
    const stored = {
      hosts: ['x1000c0s0b0n1', NODE, 'x1000c0s0b0n0', 'Compute'],
      macs: ['02:00:00:00:0f:ff'],
      nids: [77],
    };
    for (const [method, status] of [
      ['POST', 201],
      ['PUT', 200],
    ] as const) {
      const answer = await send(method, PARAMETERS, { ...named, ...LINUX });
      expect([answer.status, answer.json()]).toEqual([status, { ...stored, ...LINUX, 'cloud-init': NO_CLOUD_INIT }]);
    }
    const patched = await send('PATCH', PARAMETERS, { ...named, params: 'loud' });
    expect(patched.json()).toEqual({ ...stored, ...LINUX, params: 'loud', 'cloud-init': NO_CLOUD_INIT });
    expect(await list()).toHaveLength(6);
  });

  it('shows no priority, which its clients do not know [get-bootparameters.csm-hides-priority]', async () => {
    await send('PUT', PARAMETERS, { hosts: ['gpu'], priority: 5, ...LINUX });
    expect(await list()).toEqual([{ hosts: ['gpu'], ...LINUX, 'cloud-init': NO_CLOUD_INIT }]);
    expect((await send('PUT', PARAMETERS, { hosts: ['gpu'], ...LINUX })).text).not.toContain('priority');
  });

  it('shows a node under its xname as soon as SMD gets to know it, and while SMD is away as before [writing.csm-answers-the-xname-once-known] [writing.literal-while-the-inventory-is-away]', async () => {
    const late = '02:00:00:00:09:09';
    await send('POST', PARAMETERS, { macs: [late], ...LINUX });
    expect(await list()).toMatchObject([{ macs: [late] }]);
    smd().add({ xname: 'x1000c0s9b0n0', nid: 99, macs: [late] });
    await send('POST', '/boot/v1/hosts');
    expect(await list()).toMatchObject([{ hosts: ['x1000c0s9b0n0'] }]);
    await send('PATCH', PARAMETERS, { hosts: ['x1000c0s9b0n0'], params: 'found' });
    smd().mode = 'refuse';
    expect(await list()).toMatchObject([{ hosts: ['x1000c0s9b0n0'], params: 'found' }]);
    smd().mode = 'healthy';
  });

  it('dumps records with hosts only [hosts-and-state.dumpstate-in-csm]', async () => {
    await send('PUT', PARAMETERS, { macs: [MAC, '02:00:00:00:0f:ff'], nids: [77], ...LINUX });
    const { Params } = (await send('GET', '/boot/v1/dumpstate')).json() as { Params: object[] };
    expect(Params).toEqual(
      [[NODE], ['02:00:00:00:0f:ff'], ['nid77']].map((hosts) => ({ hosts, ...LINUX, 'cloud-init': NO_CLOUD_INIT })),
    );
  });

  it('writes classic scripts, without BOOTIF [bootscript.csm-is-classic] [bootscript.csm-literals] [bootscript.csm-has-no-bootif] [bootscript.default-delays]', async () => {
    await send('PUT', PARAMETERS, { hosts: [NODE], ...LINUX });
    const { text } = await send('GET', `${SCRIPT}?mac=${MAC}`, undefined, { Host: 'bss.site' });
    expect(text.replace(/token=[0-9a-f-]{36}/, 'token=<token>')).toBe(`#!ipxe
kernel --name kernel http://files/k initrd=initrd quiet xname=${NODE} nid=8 bss_referral_token=<token> || goto boot_retry
initrd --name initrd http://files/i || goto boot_retry
boot || goto boot_retry
:boot_retry
sleep 30
chain http://bss.site/boot/v1/bootscript?mac=${MAC}&retry=1
`);
    const stranger = '02:00:00:00:0f:ff';
    const wait = await send('GET', `${SCRIPT}?mac=${stranger}`, undefined, { Host: 'bss.site' });
    expect(wait.text.replace(/ts=[0-9]+/, 'ts=<now>')).toBe(
      `#!ipxe\nsleep 10\nchain http://bss.site/boot/v1/bootscript?mac=${stranger}&arch=\${buildarch}&ts=<now>\n`,
    );
  });
});

describeService(
  'the csm dialect with scripts of our form',
  { BSS_DIALECT: 'csm', BSS_SCRIPT_FORM: 'robust', BSS_BOOTIF: 'on', HSM_URL: 'mem:' },
  ({ send }) => {
    it('has them where the settings say so [bootscript.csm-is-classic] [bootscript.csm-has-no-bootif]', async () => {
      await send('PUT', PARAMETERS, { hosts: ['Default'], ...LINUX });
      const { text } = await send('GET', `${SCRIPT}?mac=02:00:00:00:00:01`);
      expect(text).toContain(
        '\nkernel --name kernel --timeout 60000 http://files/k initrd=initrd quiet xname=x0c0s1b0n0 ',
      );
      expect(text).toContain(' BOOTIF=01-02-00-00-00-00-01 ');
      expect(text).toContain('chain --replace --autofree ');
    });
  },
);
