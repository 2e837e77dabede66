import { describe, expect, it } from 'vitest';
import { type Additions, withAdditions, words, writtenParameters } from '../../src/core/kernel-parameters.ts';
import { macOf, nidFrom, xnameOf } from '../support/identifiers.ts';

const additions: Additions = {
  xname: xnameOf('x0c0s0b0n0'),
  nid: nidFrom(1),
  referralToken: 't',
  bootMac: macOf('02:00:00:00:00:01'),
  advertise: 'http://10.0.0.1',
};
const added = [
  'xname=x0c0s0b0n0',
  'nid=1',
  'bss_referral_token=t',
  'BOOTIF=01-02-00-00-00-00-01',
  'ds=nocloud-net;s=http://10.0.0.1/',
];
const all = added.join(' ');

type Rest = { readonly hasInitrd?: boolean; readonly image?: readonly string[]; readonly additions?: Additions };

function render(params: string | undefined, { hasInitrd = true, image = [], additions = {} }: Rest = {}): string {
  const written = writtenParameters({ params, hasInitrd, image });
  return withAdditions(written, additions);
}

describe('the kernel parameters', () => {
  it('are initrd=initrd, the written ones, those of the images, then the additions', () => {
    expect(render('quiet root=/dev/sda1', { image: ['kernel-image=1', 'initrd-image=2'], additions })).toBe(
      `initrd=initrd quiet root=/dev/sda1 kernel-image=1 initrd-image=2 ${all}`,
    );
  });

  it('have no initrd=initrd when no initrd is loaded', () => {
    expect(render('quiet', { hasInitrd: false, additions })).toBe(`quiet ${all}`);
    expect(render(undefined, { hasInitrd: false })).toBe('');
  });

  it('are only initrd=initrd and the additions when nothing is written', () => {
    expect(render(undefined)).toBe('initrd=initrd');
    expect(render('', { image: ['', ' '], additions })).toBe(`initrd=initrd ${all}`);
  });

  it.each([
    ['a=1  b=2   c=3', 'double blanks'],
    ['a\tb', 'a tab'],
    [`a="b c" d='e'`, 'quotes'],
    ['a=b&c=d+e;f', '&, + and ;'],
    ['a\\b %20 <x> ,', 'a backslash inside, percent signs, angle brackets'],
    ['x=${hostname} ${SPIRE_JOIN_TOKEN}', 'settings of iPXE'],
    ['über=grün', 'letters beyond ASCII'],
    ['a=\u00a0b\u2028c\u0085', 'what Unicode takes for white space and iPXE does not'],
  ])('keep %j as it was written (%s) [bootscript.parameters-verbatim]', (params) => {
    expect(render(params)).toBe(`initrd=initrd ${params}`);
  });

  it.each(['\u2028', 'a=\u2028', '\u2028a', 'a=\u00a0', '\u3000a', '\ufeffa'])(
    'keep %j whole: at the ends too, only blanks and tabs are white space',
    (params) => {
      expect(render(params)).toBe(`initrd=initrd ${params}`);
      expect(render(params, { hasInitrd: false, image: [params] })).toBe(`${params} ${params}`);
    },
  );

  it('hold no other word that begins with initrd=, wherever it stands [bootscript.other-initrd-words-go]', () => {
    expect(render('initrd=a quiet')).toBe('initrd=initrd quiet');
    expect(render('quiet initrd=a initrd=b.img debug')).toBe('initrd=initrd quiet debug');
    expect(render('quiet\tinitrd=a')).toBe('initrd=initrd quiet');
    expect(render('initrd=a initrd=initrd initrd=')).toBe('initrd=initrd');
    expect(render('quiet', { image: ['initrd=a debug', 'initrd=b'] })).toBe('initrd=initrd quiet debug');
  });

  it.each([
    'root=live:http://files/initrd-x',
    'root=/initrd=a/b',
    'rd.initrd=a',
    'noinitrd',
    'initrdmem=1',
    'INITRD=a',
    'initrd',
    'x=" initrd"',
  ])('keep %j, in which the letters initrd begin no such word [bootscript.initrd-inside-words-stays]', (params) => {
    expect(render(`quiet ${params} debug`)).toBe(`initrd=initrd quiet ${params} debug`);
  });

  it('keep an initrd= word when no initrd is loaded', () => {
    expect(render('initrd=a quiet', { hasInitrd: false })).toBe('initrd=a quiet');
  });

  it.each([
    ['xname=mine', 'xname=x0c0s0b0n0'],
    ['nid=0', 'nid=1'],
    ['bss_referral_token=', 'bss_referral_token=t'],
    ['BOOTIF=eth0', 'BOOTIF=01-02-00-00-00-00-01'],
    ['ds=nocloud;s=http://other/', 'ds=nocloud-net;s=http://10.0.0.1/'],
    ['ds=nocloud-net;s=http://other/', 'ds=nocloud-net;s=http://10.0.0.1/'],
    ['ds=nocloud', 'ds=nocloud-net;s=http://10.0.0.1/'],
    ['ds=None', 'ds=nocloud-net;s=http://10.0.0.1/'],
  ])('with %s are not given %s [bootscript.written-stands-before-added]', (written, addition) => {
    const others = added.filter((word) => word !== addition);
    expect(render(`quiet ${written}`, { additions })).toBe(['initrd=initrd quiet', written, ...others].join(' '));
  });

  it.each(['my_xname=a', 'x=nid=5', 'bootif=x', 'DS=None', 'dds=nocloud', 'xname', 'a="xname=b"'])(
    'with %s, which begins with no key, are given every addition',
    (written) => {
      expect(render(written, { additions })).toBe(`initrd=initrd ${written} ${all}`);
    },
  );

  it('are not given what stands in an image’s parameters already', () => {
    expect(render('quiet', { image: ['nid=7'], additions: { xname: xnameOf('x0c0s0b0n0'), nid: nidFrom(1) } })).toBe(
      'initrd=initrd quiet nid=7 xname=x0c0s0b0n0',
    );
  });

  it('are given nothing twice', () => {
    const twice = render(render('quiet', { additions }), { additions });
    expect(twice).toBe(`initrd=initrd quiet ${all}`);
  });
});

describe('words', () => {
  it('are split at blanks and tabs, and at nothing else', () => {
    expect(words(' a  b\tc=\u0085d\u2028e \t')).toEqual(['a', 'b', 'c=\u0085d\u2028e']);
    expect(words('')).toEqual([]);
    expect(words(' \t ')).toEqual([]);
  });
});
