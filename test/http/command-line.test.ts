import { expect, it } from 'vitest';
import { describeService, PARAMETERS, SCRIPT } from './describe-service.ts';

/** In the canned set, x0c0s1b0n0 is 02:00:00:00:00:01 and NID 2. */
const MAC = '02:00:00:00:00:01';
const NODE = 'x0c0s1b0n0';
const KERNEL = 'http://files/vmlinuz';
const INITRD = 'http://files/initrd';
const TOKEN = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

const OWN = `xname=${NODE} nid=2 bss_referral_token=<token>`;
const BOOTIF = 'BOOTIF=01-02-00-00-00-00-01';
const SOURCE = 'ds=nocloud-net;s=http://10.0.0.1:8000/';
const ALL = `${OWN} ${BOOTIF} ${SOURCE}`;

describeService(
  'the command line of a kernel',
  { HSM_URL: 'mem:', BSS_SCRIPT_FORM: 'classic', BSS_ADVERTISE_ADDRESS: 'http://10.0.0.1:8000' },
  ({ send }) => {
    const script = async (query: string): Promise<string> =>
      (await send('GET', `${SCRIPT}?${query}`, undefined, { Host: 'boot.lab' })).text
        .replaceAll(TOKEN, '<token>')
        .replaceAll(/ts=[0-9]+/g, 'ts=<now>');
    /** The line of the kernel, behind its URI, of a record with these parts. */
    async function lineOf(record: object): Promise<string | undefined> {
      await send('PUT', PARAMETERS, { macs: [MAC], kernel: KERNEL, ...record });
      return /^kernel --name kernel http:\/\/files\/vmlinuz (.*) \|\| goto boot_retry$/m.exec(
        await script(`mac=${MAC}`),
      )?.[1];
    }

    it('is all there is without an initrd, and the pauses are those of the field [bootscript.no-initrd-no-line] [bootscript.default-delays]', async () => {
      await send('POST', PARAMETERS, { macs: [MAC], kernel: KERNEL, params: 'quiet' });
      expect(await script(`mac=${MAC}`)).toBe(`#!ipxe
kernel --name kernel ${KERNEL} quiet ${ALL} || goto boot_retry
boot || goto boot_retry
:boot_retry
sleep 30
chain http://boot.lab/boot/v1/bootscript?mac=${MAC}&retry=1
`);
      expect(await script('mac=02:00:00:00:00:99')).toBe(`#!ipxe
sleep 10
chain http://boot.lab/boot/v1/bootscript?mac=02:00:00:00:00:99&arch=\${buildarch}&ts=<now>
`);
    });

    it('has no other word for the initrd, and keeps those that only look like one [bootscript.other-initrd-words-go] [bootscript.initrd-inside-words-stays] [bootscript.initrd-word-first]', async () => {
      for (const [params, written] of [
        ['initrd=a.img quiet', ' quiet'],
        ['quiet initrd=a.img', ' quiet'],
        ['initrd=', ''],
        ['ro initrd=a  initrd=b rw', ' ro rw'],
        ['root=/dev/disk/initrd-x initrd=a noinitrd', ' root=/dev/disk/initrd-x noinitrd'],
        [
          'myinitrd=a initrdmem=b initrd rd.x=initrd=c Initrd=d',
          ' myinitrd=a initrdmem=b initrd rd.x=initrd=c Initrd=d',
        ],
      ]) {
        expect(await lineOf({ initrd: INITRD, params })).toBe(`initrd=initrd${written} ${ALL}`);
      }
      expect(await lineOf({ params: 'initrd=a.img quiet' })).toBe(`initrd=a.img quiet ${ALL}`);
      await send('PUT', PARAMETERS, { kernel: KERNEL, params: 'initrd=of-the-image loud' });
      expect(await lineOf({ initrd: INITRD })).toBe(`initrd=initrd loud ${ALL}`);
    });

    it('has what was written letter for letter [bootscript.parameters-verbatim]', async () => {
      for (const params of [
        'a=1&b=2 c+d e;f;g h|i 50% 100%25',
        `q="two  words" it's 'so' <x> [y] {z} ~ ^ * ? ! @ , : \\n a\\b $HOME $(x) \`y\``,
        'two  blanks   three',
        'x;y||z a&&b c#d $ {x}',
        'größe=ü 日本 🚀',
        'maß=größe',
      ]) {
        expect(await lineOf({ params })).toBe(`${params} ${ALL}`);
        expect(await lineOf({ params, initrd: INITRD })).toBe(`initrd=initrd ${params} ${ALL}`);
        expect((await send('GET', `${PARAMETERS}?mac=${MAC}`)).json()).toMatchObject([{ params }]);
      }
    });

    it('gets nothing added whose key is written, in the record or for the image [bootscript.written-stands-before-added] [bootscript.adds-what-is-known] [bootscript.adds-bootif] [bootscript.adds-data-source]', async () => {
      const [xname, nid, token] = OWN.split(' ');
      for (const [params, added] of [
        ['xname=me', [nid, token, BOOTIF, SOURCE]],
        ['xname=', [nid, token, BOOTIF, SOURCE]],
        ['nid=77', [xname, token, BOOTIF, SOURCE]],
        ['bss_referral_token=own', [xname, nid, BOOTIF, SOURCE]],
        ['BOOTIF=eth0', [xname, nid, token, SOURCE]],
        ['ds=nocloud', [xname, nid, token, BOOTIF]],
        ['ds=None', [xname, nid, token, BOOTIF]],
        ['ds=nocloud;s=http://here/', [xname, nid, token, BOOTIF]],
        ['ds=nocloud-net;s=http://here/', [xname, nid, token, BOOTIF]],
        ['nid=1 BOOTIF= ds=nocloud xname=x', [token]],
        // These begin with none of the keys.
        ['my.xname=me xname bootif=x DS=None ds cds=nocloud', [xname, nid, token, BOOTIF, SOURCE]],
      ] as const) {
        expect(await lineOf({ params })).toBe([params, ...added].join(' '));
      }
      await send('PUT', PARAMETERS, { kernel: KERNEL, params: 'BOOTIF=image nid=3' });
      await send('PUT', PARAMETERS, { initrd: INITRD, params: 'xname=image' });
      expect(await lineOf({ params: 'quiet', initrd: INITRD })).toBe(
        `initrd=initrd quiet BOOTIF=image nid=3 xname=image ${token} ${SOURCE}`,
      );
    });

    it('of a kernel without parameters is what the service adds', async () => {
      expect(await lineOf({})).toBe(ALL);
      expect(await lineOf({ initrd: INITRD, params: ' \t ' })).toBe(`initrd=initrd ${ALL}`);
    });

    it('is that of the name where a NID is given too [bootscript.name-before-nid]', async () => {
      await send('POST', PARAMETERS, { hosts: [NODE], kernel: 'http://files/name' });
      await send('POST', PARAMETERS, { nids: [3], kernel: 'http://files/nid' });
      for (const query of [`nid=3&name=${NODE}`, `name=${NODE}&nid=3`, `name=${NODE}&nid=nonsense`]) {
        expect(await script(query)).toContain(` http://files/name xname=${NODE} nid=2 `);
      }
      expect(await script('nid=3')).toContain(' http://files/nid xname=x0c0s2b0n0 nid=3 ');
    });
  },
);

describeService('a script for NID 0', { BSS_SCRIPT_FORM: 'classic' }, ({ send }) => {
  it('is the one that waits, even if there is a record of it [bootscript.nid-0-waits]', async () => {
    await send('POST', PARAMETERS, { nids: [0], kernel: KERNEL });
    const { status, text } = await send('GET', `${SCRIPT}?nid=0`, undefined, { Host: 'boot.lab' });
    expect([status, text.replace(/ts=[0-9]+/, 'ts=<now>')]).toEqual([
      200,
      '#!ipxe\nsleep 10\nchain http://boot.lab/boot/v1/bootscript?nid=0&arch=${buildarch}&ts=<now>\n',
    ]);
  });
});
