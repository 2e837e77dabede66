import fc from 'fast-check';

/** What a node is to boot, as texts that an administrator or an attacker may write. */
export type Texts = {
  readonly kernel: string;
  readonly initrd: string | undefined;
  readonly params: string | undefined;
  /** Parameters that go with the kernel and with the initrd on every node. */
  readonly kernelParams: string | undefined;
  readonly initrdParams: string | undefined;
};

const WORDS = [
  ...[
    'quiet',
    'console=ttyS0,115200n8',
    'root=live:http://files/initrd-x/rootfs',
    'ip=dhcp',
    'a=b=c',
    '-',
    '--',
    '-x=1',
  ],
  // Of those that the service or a loader puts in.
  ...['initrd=other', 'initrd=', 'rd.initrd=1', 'xname=x9', 'nid=9', 'nid', 'BOOTIF=01', 'ds=nocloud', 'ds=none'],
  ...['bss_referral_token=none', 'kernel', '--name', '--timeout', 'goto', ':boot_retry', 'boot'],
];

/** Ordinary inside a word or as one, however they look; some of them are not, where they come to stand alone. */
const ODD = [
  ...['"', "'", '`', '%', '%2f', '%s', '$', '{', '}', '$(x)', '\\', '\\n', '<&>', 'a#b', 'x;y||z', '||b', '&&c', ';d'],
  ...['${mac}', '${net0/ip}', '${serial:uristring}', '${net12/next-server:hexhyp}', '${buildarch}'],
  ...['\u0085', '\u2028', '\u00a0', '\u3000', '\ufeff', 'é', '漢', '😀'],
];

/** Where it stands alone or begins a word: would end the command, run another, or hold what nobody allowed. */
const BAD = [
  ...['#', '||', '&&', ';', '#x', '${', '$${', '${password}', '${net0/password}', '$${mac}', '${serial}{password}'],
  ...['$${serial}{password}', '${${mac}}'],
  ...['\n', '\r', '\v', '\f', '\0', '\u001b', '\u007f', '\ud800', '\n#!ipxe\nshell\n'],
];

const BLANKS = [' ', ' ', ' ', '\t', '    ', ' \t \t '];

const blank = fc.constantFrom(...BLANKS);

const params = texted(
  joined(
    { weight: 14, arbitrary: fc.constantFrom(...WORDS) },
    { weight: 8, arbitrary: blank },
    { weight: 8, arbitrary: fc.constantFrom(...ODD) },
  ),
  fc.oneof(fc.constantFrom(...BAD), fc.tuple(blank, fc.constantFrom(...BAD), blank).map(together)),
);

const uri = texted(
  fc
    .tuple(
      fc.constantFrom('http://files/', 'tftp://files/', 'http://files/k?a=1&b=', ''),
      joined(
        { weight: 14, arbitrary: fc.constantFrom('vmlinuz', 'initrd', 'img', '/', '?', '&', '=', ...WORDS) },
        { weight: 6, arbitrary: fc.constantFrom(...ODD) },
      ),
    )
    .map(together),
  fc.constantFrom(...BAD, ...BLANKS),
);

/** Texts of which the service takes about a half. */
export const texts: fc.Arbitrary<Texts> = fc.record({
  kernel: uri,
  initrd: fc.option(uri, { nil: undefined }),
  params: fc.option(params, { nil: undefined, freq: 10 }),
  kernelParams: fc.option(params, { nil: undefined, freq: 1 }),
  initrdParams: fc.option(params, { nil: undefined, freq: 1 }),
});

/** A text, sometimes with something bad in front of it, behind it or within. */
function texted(text: fc.Arbitrary<string>, bad: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const spoilt = fc.tuple(fc.oneof(text, fc.constant('')), bad, fc.oneof(text, fc.constant(''))).map(together);
  return fc.oneof({ weight: 6, arbitrary: text }, { weight: 1, arbitrary: spoilt });
}

function joined(...pieces: fc.WeightedArbitrary<string>[]): fc.Arbitrary<string> {
  return fc.array(fc.oneof(...pieces), { minLength: 1, maxLength: 9, size: 'max' }).map(together);
}

function together(pieces: readonly string[]): string {
  return pieces.join('');
}
