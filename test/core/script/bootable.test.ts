import { describe, expect, it } from 'vitest';
import type { BootConfiguration } from '../../../src/core/configuration.ts';
import type { Additions } from '../../../src/core/kernel-parameters.ts';
import type { StoredImage } from '../../../src/core/record.ts';
import { bootable, hasKernel, prepare, preparedOnce } from '../../../src/core/script/compose.ts';
import { macOf, nidFrom, xnameOf } from '../../support/identifiers.ts';
import { boot } from '../stored.ts';

const xname = xnameOf('x1000c0s0b0n0');
const nobody: Additions = { referralToken: 't' };
const known: Additions = { ...nobody, xname, nid: nidFrom(1), bootMac: macOf('02:00:00:00:00:01') };
const kernel = 'http://files/vmlinuz';
const initrd = 'http://files/initrd';
const image = (kind: StoredImage['kind'], uri: string, params: string): StoredImage => ({
  ...{ id: `${kind} ${uri}`, revision: 1, kind, uri, params },
});

function make(
  configuration: BootConfiguration & { kernel: string },
  node: Additions = nobody,
  images: StoredImage[] = [],
) {
  const prepared = prepare(configuration, images);
  return 'reason' in prepared ? prepared : bootable(prepared, node);
}

describe('what a node boots', () => {
  it('has what is known of the node in its parameters, in the order of the services in the field', () => {
    expect(make({ kernel, initrd, params: 'quiet' }, { ...known, advertise: 'http://10.0.0.1' })).toEqual({
      kernel,
      initrd,
      kernelImageParams: undefined,
      initrdImageParams: undefined,
      isToJoin: false,
      params:
        'initrd=initrd quiet xname=x1000c0s0b0n0 nid=1 bss_referral_token=t BOOTIF=01-02-00-00-00-00-01 ds=nocloud-net;s=http://10.0.0.1/',
    });
  });

  it('has nothing in its parameters of what is not known, switched off or not set', () => {
    expect(make({ kernel })).toMatchObject({ params: 'bss_referral_token=t' });
    expect(make({ kernel }, { ...nobody, referralToken: undefined })).toMatchObject({
      params: '',
      initrd: undefined,
    });
    expect(make({ kernel }, { ...nobody, xname })).toMatchObject({
      params: 'xname=x1000c0s0b0n0 bss_referral_token=t',
    });
  });

  it('has the parameters of its own images behind the written ones', () => {
    const images = [
      image('kernel', initrd, 'wrong=1'),
      image('initrd', kernel, 'wrong=2'),
      image('initrd', 'http://files/other', 'wrong=3'),
      image('initrd', initrd, 'b=2'),
      image('kernel', kernel, 'a=1'),
    ];
    expect(make({ kernel, initrd, params: 'quiet' }, nobody, images)).toMatchObject({
      params: 'initrd=initrd quiet a=1 b=2 bss_referral_token=t',
      kernelImageParams: 'a=1',
      initrdImageParams: 'b=2',
    });
    expect(make({ kernel }, nobody, images)).toMatchObject({ params: 'a=1 bss_referral_token=t' });
  });

  it('is refused with the field, the offset and the reason when a stored text may not stand in a script', () => {
    const refused = (configuration: BootConfiguration & { kernel: string }, images?: StoredImage[]) =>
      make(configuration, known, images);
    expect(refused({ kernel: 'http://files/a b' })).toEqual({
      field: 'kernel',
      reason: 'white space at offset 14',
    });
    expect(refused({ kernel, initrd: '-x' })).toEqual({
      field: 'initrd',
      reason: 'a "-" at the beginning at offset 0',
    });
    expect(refused({ kernel, params: 'quiet #x' })).toEqual({
      field: 'params',
      reason: 'a word that begins with "#" at offset 6',
    });
    expect(refused({ kernel, params: 'quiet' }, [image('kernel', kernel, 'a\nboot')])).toMatchObject({
      field: 'params',
      reason: expect.stringContaining('a line break'),
    });
  });

  it('is prepared anew only when the configuration or its images are others', () => {
    const configuration = { kernel, params: 'quiet' };
    const images = [image('kernel', kernel, 'a=1')];
    const first = preparedOnce(configuration, images);
    expect(preparedOnce(configuration, [...images])).toBe(first);
    expect(preparedOnce({ ...configuration }, images)).not.toBe(first);
    expect(first).toMatchObject({ kernelImageParams: 'a=1' });
    expect(preparedOnce(configuration, [image('kernel', kernel, 'a=2')])).toMatchObject({ kernelImageParams: 'a=2' });
    expect(preparedOnce(configuration, [])).toMatchObject({ kernelImageParams: undefined });
  });

  it('is something only when there is a kernel', () => {
    expect(hasKernel(boot({ kernel }))).toBe(true);
    expect(hasKernel(boot({ initrd, params: 'quiet' }))).toBe(false);
  });
});
