import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryUrl, waitUrl } from '../../../src/core/script/chain.ts';
import { bootable, prepare } from '../../../src/core/script/compose.ts';
import { bootScript, messageScript, type ScriptForm, waitScript } from '../../../src/core/script/ipxe.ts';
import { pause } from '../../../src/core/script/pause.ts';
import { macOf, nidFrom, xnameOf } from '../../support/identifiers.ts';
import { golden } from './golden.ts';
import { commandsOf, linesOf } from './tokens.ts';

const mac = macOf('02:00:00:00:00:01');
const target = { endpoint: 'http://10.0.0.1:27778/boot/v1/bootscript', identifier: { mac } };
const known = {
  xname: xnameOf('x1000c0s0b0n0'),
  nid: nidFrom(1),
  referralToken: '5c1f5b0e-6d3a-4a3e-9d0e-2f1a7c9b8e11',
};
const kernel = 'http://10.0.0.1:9000/vmlinuz';
const initrd = 'http://10.0.0.1:9000/initrd.img';
const params = 'console=ttyS0,115200 root=live:http://10.0.0.1:9000/rootfs';
const wait = waitUrl(target, 1700000000);
const middle = 0.5;

/** The script for a node with a configuration, put together as the service does it. */
function boot(form: ScriptForm, what: { initrd?: string; discovering?: boolean }): string {
  const prepared = prepare({ kernel, params, initrd: what.initrd }, []);
  if ('reason' in prepared) throw new Error(prepared.reason);
  const node = what.discovering ? {} : known;
  const made = bootable(prepared, { ...node, bootMac: mac, advertise: 'http://10.0.0.1:8081' });
  const retry = what.discovering ? wait : retryUrl(target, 1);
  return bootScript(form, { ...made, pause: pause(form, 30, middle), retry });
}

describe.each(['classic', 'robust'] as const)('in the %s form', (form) => {
  it('a script boots a kernel with its initrd', () => {
    expect(boot(form, { initrd })).toBe(golden(`${form}-boot`));
  });

  it('a script boots a kernel without initrd [bootscript.no-initrd-no-line]', () => {
    expect(boot(form, {})).toBe(golden(`${form}-boot-without-initrd`));
  });

  it('a script for discovery names no xname, NID and token, and comes back as one that waits', () => {
    expect(boot(form, { initrd, discovering: true })).toBe(golden(`${form}-discovery`));
  });

  it('a script waits and asks again', () => {
    const message = 'This node is not in the inventory yet, asking again';
    expect(waitScript(form, { pause: pause(form, 10, middle), retry: wait, message })).toBe(golden(`${form}-wait`));
  });

  it('a script tells why the node does not boot, waits and asks again', () => {
    const message = 'The stored kernel cannot be booted: white space at offset 14';
    expect(messageScript(form, { pause: pause(form, 30, middle), retry: wait, message })).toBe(
      golden(`${form}-message`),
    );
  });

  it('a kernel without any parameters stands alone', () => {
    const script = bootScript(form, {
      kernel,
      initrd: undefined,
      params: '',
      pause: { seconds: 1 },
      retry: 'http://a',
    });
    expect(script).toContain(` ${kernel} || goto boot_retry\n`);
  });

  it('a script is #!ipxe and ASCII commands, and ends in one line feed', () => {
    for (const script of [
      boot(form, { initrd }),
      waitScript(form, { pause: { seconds: 1 }, retry: wait, message: 'é' }),
    ]) {
      expect(script).toMatch(/^#!ipxe\n[\n\x20-\x7e]*[^\n]\n$/);
    }
  });

  it('a message stays one harmless line, whatever it says', () => {
    const pieces = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('-n', '--', '#', '||', '&&', ';', '\\', '${password}', '\n', '\r', ' ', 'boot', '\u2028'),
    );
    const script = (message: string): string => messageScript(form, { pause: { seconds: 1 }, retry: wait, message });
    fc.assert(
      fc.property(
        fc.array(pieces).map((list) => list.join('')),
        (message) => {
          const lines = linesOf(script(message));
          expect(lines).toHaveLength(linesOf(script('a')).length);
          const [echo = ''] = lines.filter((line) => line.startsWith('echo'));
          expect(echo.replace(' (${waits})', '')).toMatch(/^echo[\x20-\x23\x25-\x7e]*$/);
          expect(commandsOf(echo)).toHaveLength(1);
          expect(commandsOf(echo)[0]?.[1] ?? '').not.toMatch(/^-/);
        },
      ),
    );
  });
});
