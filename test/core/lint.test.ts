import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Additions, withAdditions, writtenParameters } from '../../src/core/kernel-parameters.ts';
import { bootScript, type ScriptForm } from '../../src/core/script/ipxe.ts';
import { lintParams, lintUri, MAX_WORDS } from '../../src/core/script/lint.ts';
import { xnameOf } from '../support/identifiers.ts';
import { commandsOf, linesOf, settingsAskedFor } from './script/tokens.ts';

const SETTINGS = [
  ...['mac', 'ip', 'netmask', 'gateway', 'dns', 'hostname', 'domain', 'uuid', 'serial', 'asset', 'manufacturer'],
  ...['product', 'buildarch', 'platform', 'version', 'next-server'],
];
const FOREIGN = 'a "${" that begins no allowed setting';

/** What may stand neither in parameters nor in a URI: the text, where the fault is, and what it is. */
const anywhere: [string, number, string][] = [
  ['quiet\nboot', 5, 'a line break'],
  ['quiet\r', 5, 'a carriage return'],
  ['a\vb', 1, 'a vertical tab'],
  ['a\fb', 1, 'a form feed'],
  ['a\0b', 1, 'a NUL'],
  ['\x01', 0, 'a control character'],
  ['a\x1b[0m', 1, 'a control character'],
  ['a\x7f', 1, 'a control character'],
  ['||', 0, 'a lone "||"'],
  ['&&', 0, 'a lone "&&"'],
  [';', 0, 'a lone ";"'],
  ['quiet\\', 5, 'a "\\" at the end'],
  ['\\', 0, 'a "\\" at the end'],
  ['x=${password}', 2, FOREIGN],
  ['${}', 0, FOREIGN],
  ['a${', 1, FOREIGN],
  ['${mac', 0, FOREIGN],
  ['${mac${ip}}', 0, FOREIGN],
  ['${net0/${mac}}', 0, FOREIGN],
  ['${MAC}', 0, FOREIGN],
  ['${macs}', 0, FOREIGN],
  ['${net/mac}', 0, FOREIGN],
  ['${next_server}', 0, FOREIGN],
  ['${net0/password}', 0, FOREIGN],
  ['${smbios/mac}', 0, FOREIGN],
  ['${net0/net0/mac}', 0, FOREIGN],
  ['${mac:}', 0, FOREIGN],
  ['${mac:hex:hex}', 0, FOREIGN],
  ['${mac}${password}', 6, FOREIGN],
  ['${SPIRE_JOIN_TOKEN:hexraw}', 0, FOREIGN],
  ['${spire_join_token}', 0, FOREIGN],
  ['$${mac}', 0, 'a "$" before a setting'],
  ['a$$${mac}', 2, 'a "$" before a setting'],
  ['$${serial}{password}', 0, 'a "$" before a setting'],
  ['$${SPIRE_JOIN_TOKEN}{password}', 0, 'a "$" before a setting'],
  ['${serial}{password}', 9, 'a "{" behind a setting'],
  ['${SPIRE_JOIN_TOKEN}{', 19, 'a "{" behind a setting'],
];

/** What may stand in both. */
const harmless = [
  '',
  ...[
    'a#b',
    'x;y||z',
    'a&&b',
    'a;',
    ';a',
    '|||',
    '&',
    '|',
    'a\\b',
    '\\a',
    '$',
    '$$',
    'a$',
    '{a}',
    '$a{b}',
    '}',
    '"a\'b"',
  ],
  ...['a=%20', '${mac}', '${SPIRE_JOIN_TOKEN}', 'é', 'a\u0085b', '<a>', '`a`', '(a)', '*?', '~!@^,'],
];

describe('kernel parameters', () => {
  it.each([
    ...anywhere,
    ['#quiet', 0, 'a word that begins with "#"'],
    ['quiet #debug', 6, 'a word that begins with "#"'],
    ['quiet\t#', 6, 'a word that begins with "#"'],
    ['quiet  || boot', 7, 'a lone "||"'],
    ['quiet\t&&\tboot', 6, 'a lone "&&"'],
    ['quiet ;', 6, 'a lone ";"'],
    ['quiet\\ \t ', 5, 'a "\\" at the end'],
    ['a ${ mac}', 2, FOREIGN],
  ] as [string, number, string][])('%j is refused: at %i there is %s', (params, offset, reason) => {
    expect(lintParams(params)).toEqual({ offset, reason });
  });

  it.each([
    ...harmless,
    ' ',
    'a  b\tc',
    '\\ a',
    'a\\ b',
    '$ {a}',
    '-quiet',
    '-- single',
    '\u2028 a\u2028b',
    'a \u00a0',
  ])('%j is accepted', (params) => {
    expect(lintParams(params)).toBeUndefined();
  });

  it(`of ${MAX_WORDS} words are accepted, and of one more refused`, () => {
    const most = Array.from({ length: 190 }, (_, at) => `a${at}`);
    expect(lintParams(most.join(' '))).toBeUndefined();
    expect(lintParams(`  ${most.join(' \t ')} `)).toBeUndefined();
    expect(lintParams([...most, 'b'].join(' '))).toEqual({ offset: 0, reason: '191 words, at most 190 are allowed' });
    expect(lintParams([...most, 'b'].join('\t'))).toEqual({ offset: 0, reason: '191 words, at most 190 are allowed' });
  });

  it('may be longer than what Linux reads', () => {
    expect(lintParams('a'.repeat(5000))).toBeUndefined();
  });
});

describe('the URI of an image', () => {
  it.each([
    ...anywhere.filter(([text]) => !String(text).includes('SPIRE')),
    // Only parameters are searched for the placeholder before a script goes out.
    ['http://files/${SPIRE_JOIN_TOKEN}', 13, 'a "${" that begins no allowed setting'],
    ['http://files/a b', 14, 'white space'],
    ['http://files/a\tb', 14, 'white space'],
    [' http://files/a', 0, 'white space'],
    ['http://files/a ', 14, 'white space'],
    ['http://files/a#b', 14, 'a "#"'],
    ['#', 0, 'a "#"'],
    ['--timeout', 0, 'a "-" at the beginning'],
    ['-', 0, 'a "-" at the beginning'],
  ] as [string, number, string][])('%j is refused: at %i there is %s', (uri, offset, reason) => {
    expect(lintUri(uri)).toEqual({ offset, reason });
  });

  it.each([
    ...harmless.filter((text) => !/#|SPIRE/.test(text)),
    ...[
      'http://10.0.0.1:9000/boot-images/vmlinuz-6.1',
      'https://files/a?b=c&d=e;f',
      's3://bucket/key',
      's3:///bucket/key',
    ],
    ...[
      'tftp://10.0.0.1/vmlinuz',
      'http://[fd00::1]/vmlinuz',
      'http://${next-server}/${mac:hexhyp}/vmlinuz',
      'vmlinuz',
    ],
  ])('%j is accepted', (uri) => {
    expect(lintUri(uri)).toBeUndefined();
  });
});

describe('a setting of iPXE that is allowed by name', () => {
  it.each(SETTINGS)('%s may stand in parameters and URIs, with and without an interface and a type', (name) => {
    for (const before of ['', 'net0/', 'net12/']) {
      for (const type of ['', ':hexhyp', ':uristring', ':int32']) {
        const text = `a=\${${before}${name}${type}}b`;
        expect([lintParams(text), lintUri(text)], text).toEqual([undefined, undefined]);
      }
    }
  });

  it('may stand beside another', () => {
    expect(lintParams('ip=${ip}:${next-server}:${gateway}:${netmask} ${hostname}${SPIRE_JOIN_TOKEN}')).toBeUndefined();
  });
});

describe('accepted parameters', () => {
  const pieces = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.constantFrom('quiet', 'root=live:http://files/x', 'a', '=', 'initrd=b', 'xname=c', '-'),
    },
    { weight: 3, arbitrary: fc.constantFrom(...'#|&;\\${}"\'') },
    {
      weight: 2,
      arbitrary: fc.constantFrom('${mac}', '${net0/ip}', '${serial:uristring}', '${SPIRE_JOIN_TOKEN}', '${x}'),
    },
    { weight: 1, arbitrary: fc.constantFrom('||', '&&', '$$', '${', '\0', '\r', '\n', '\v', '\f', 'é', '\u0085') },
  );
  const wordsOf = (piece: fc.Arbitrary<string>) =>
    fc.array(
      fc.tuple(
        fc.array(piece, { minLength: 1, maxLength: 4 }).map((list) => list.join('')),
        fc.constantFrom(' ', ' ', '  ', '\t', ' \t '),
      ),
      { maxLength: 8 },
    );
  const forms = fc.constantFrom<ScriptForm>('classic', 'robust');
  const additions: Additions = { xname: xnameOf('x0c0s0b0n0'), advertise: 'http://10.0.0.1' };
  const added = ['xname=x0c0s0b0n0', 'ds=nocloud-net;s=http://10.0.0.1/'];

  /** The words that a kernel gets, read back from the script by the model of iPXE; and the script's lines. */
  function readBack(form: ScriptForm, params: string, hasInitrd: boolean, adding: boolean) {
    const written = writtenParameters({ params, hasInitrd, image: [] });
    const script = bootScript(form, {
      kernel: 'http://files/vmlinuz',
      initrd: hasInitrd ? 'http://files/initrd' : undefined,
      params: withAdditions(written, adding ? additions : {}),
      pause: { seconds: 30 },
      retry: 'http://bss/boot/v1/bootscript?mac=02:00:00:00:00:01&retry=1',
    });
    const lines = linesOf(script);
    const [kernel = [], ...then] = commandsOf(lines.find((line) => line.startsWith('kernel ')) ?? '');
    return { lines, then, given: kernel.slice(kernel.indexOf('http://files/vmlinuz') + 1) };
  }

  const survives = (
    form: ScriptForm,
    list: readonly (readonly [string, string])[],
    hasInitrd: boolean,
    adding: boolean,
  ): void => {
    const params = list.flat().join('');
    fc.pre(lintParams(params) === undefined);
    const written = list.map(([word]) => word).filter((word) => !hasInitrd || !word.startsWith('initrd='));
    const missing = (adding ? added : []).filter(
      (word) => !written.some((other) => other.startsWith(`${word.split('=')[0]}=`)),
    );
    const { lines, then, given } = readBack(form, params, hasInitrd, adding);
    expect(given).toEqual([...(hasInitrd ? ['initrd=initrd'] : []), ...written, ...missing]);
    expect(then).toEqual([['goto', 'boot_retry']]);
    expect(lines).toHaveLength(readBack(form, 'quiet', hasInitrd, adding).lines.length);
  };

  it('reach the kernel word by word, in order, and change nothing else in the script', () => {
    fc.assert(fc.property(forms, wordsOf(pieces), fc.boolean(), fc.boolean(), survives), { numRuns: 3000 });
  });

  it('reach the kernel whole also with characters that only Unicode takes for white space', () => {
    const unicode = fc.oneof(pieces, fc.constantFrom('\u00a0', '\u2028', '\u3000', '\ufeff'));
    fc.assert(fc.property(forms, wordsOf(unicode), fc.boolean(), fc.boolean(), survives), { numRuns: 3000 });
  });

  it.each(['\u00a0#', '\u2028|| reboot', '\ufeff&& reboot', '\u3000; reboot', 'quiet ||\u00a0'])(
    '%j stay words of the kernel: nothing that the lint looked at is taken away afterwards',
    (params) => {
      expect(lintParams(params)).toBeUndefined();
      for (const form of ['classic', 'robust'] as const) {
        for (const [hasInitrd, adding] of [
          [true, true],
          [false, true],
          [false, false],
        ] as const) {
          const { given, then } = readBack(form, params, hasInitrd, adding);
          expect(given.slice(hasInitrd ? 1 : 0)).toEqual([...params.split(' '), ...(adding ? added : [])]);
          expect(then).toEqual([['goto', 'boot_retry']]);
        }
      }
    },
  );

  it('make iPXE ask for no setting but the allowed ones, whatever those hold', () => {
    const values = fc.dictionary(fc.constantFrom('mac', 'net0/ip', 'serial:uristring'), fc.constantFrom('', 'a', '-1'));
    const allowed = /^(net[0-9]+\/)?([a-z-]+)(:[a-z0-9]+)?$/;
    fc.assert(
      fc.property(wordsOf(pieces), values, fc.constantFrom('', 'token'), (list, held, token) => {
        const params = list.flat().join('');
        fc.pre(lintParams(params) === undefined);
        const asked = list.flatMap(([word]) =>
          settingsAskedFor(word.replaceAll('${SPIRE_JOIN_TOKEN}', token), (name) => held[name] ?? ''),
        );
        for (const name of asked) expect(SETTINGS).toContain(allowed.exec(name)?.[2]);
      }),
      { numRuns: 3000 },
    );
  });
});
