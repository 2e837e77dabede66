import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHostname } from '../../src/core/identifiers/hostname.ts';
import { bootif, parseInventoryMac, parseMac } from '../../src/core/identifiers/mac.ts';
import { nidOf, parseNid } from '../../src/core/identifiers/nid.ts';
import { parseTag, roleTags, unknownTag } from '../../src/core/identifiers/tag.ts';
import { componentType, parseXname } from '../../src/core/identifiers/xname.ts';
import { macOf } from '../support/identifiers.ts';

/** Texts of any characters, and texts of those that a kind of identifier is made of: near misses. */
const textsLike = (characters: string): fc.Arbitrary<string> =>
  fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...characters), maxLength: 40 }));
const only = (text: string, characters: string): boolean => [...text].every((one) => characters.includes(one));
const DIGITS = '0123456789';
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

describe('a MAC address', () => {
  const isMac = (text: string): boolean => {
    const pairs = text.split(':');
    return pairs.length === 6 && pairs.every((pair) => pair.length === 2 && only(pair, `${DIGITS}abcdefABCDEF`));
  };
  const bytes = fc.uint8Array({ minLength: 6, maxLength: 6 }).map((array) => Buffer.from(array).toString('hex'));
  const joined = (hex: string, separator: string): string => (hex.match(/../g) ?? []).join(separator);

  it('is read in any case and kept in lower case', () => {
    expect(parseMac('B4:2E:99:df:eb:Bf')).toBe('b4:2e:99:df:eb:bf');
  });

  it.each([
    '',
    'b42e99dfebbf',
    'b4-2e-99-df-eb-bf',
    'b4:2e:99:df:eb',
    'b4:2e:99:df:eb:bf:00',
    'b4:2e:99:df:eb:bg',
    ' b4:2e:99:df:eb:bf',
    'b4:2e:99:df:eb:bf\n',
    'b4%3A2e%3A99%3Adf%3Aeb%3Abf',
    'not available',
  ])('is not %j when a client writes it', (text) => {
    expect(parseMac(text)).toBeUndefined();
  });

  it('is exactly what the written pattern says, and reading it again changes nothing', () => {
    const texts = fc.oneof(
      textsLike('09afAFg:-'),
      bytes.map((hex) => joined(hex, ':')),
      bytes.map((hex) => joined(hex.toUpperCase(), ':')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const mac = parseMac(text);
        expect(mac !== undefined).toBe(isMac(text));
        if (mac === undefined) return;
        expect(mac).toBe(text.toLowerCase());
        expect(parseMac(mac)).toBe(mac);
      }),
    );
  });

  it('is the same in every form that an inventory holds it in', () => {
    fc.assert(
      fc.property(
        bytes.filter((hex) => hex !== 'ffffffffffff'),
        (hex) => {
          const mac = joined(hex, ':');
          for (const form of [hex, mac, joined(hex, '-'), hex.toUpperCase(), joined(hex.toUpperCase(), '-')]) {
            expect(parseInventoryMac(form)).toBe(mac);
          }
        },
      ),
    );
  });

  it.each([
    '',
    'not available',
    'notavailable',
    'ff:ff:ff:ff:ff:ff',
    'FFFFFFFFFFFF',
    'ff-FF-ff-FF-ff-FF',
    '0200000001',
  ])('is not %j in an inventory', (text) => {
    expect(parseInventoryMac(text)).toBeUndefined();
  });

  it('never comes out of an inventory in another form than out of a request', () => {
    fc.assert(
      fc.property(textsLike('09afAF:- '), (text) => {
        const mac = parseInventoryMac(text);
        if (mac !== undefined) expect(parseMac(mac)).toBe(mac);
      }),
    );
  });

  it('stands in BOOTIF with dashes, behind the type of Ethernet', () => {
    expect(bootif(macOf('02:00:00:00:00:0A'))).toBe('01-02-00-00-00-00-0a');
  });
});

describe('an xname', () => {
  const parts = fc.array(
    fc.tuple(fc.constantFrom(...'xcsbnXCSBNd'), fc.string({ unit: fc.constantFrom(...'0123459'), maxLength: 4 })),
    { maxLength: 6 },
  );
  const nodes = fc
    .tuple(fc.nat(9999), fc.nat(7), fc.nat(64), fc.nat(16), fc.nat(16), fc.nat(2))
    .map(([x, c, s, b, n, zeros]) => {
      const number = (value: number): string => `${'0'.repeat(zeros)}${value}`;
      return {
        written: `X${number(x)}c${number(c)}S${number(s)}b${number(b)}n${number(n)}`,
        meant: `x${x}c${c}s${s}b${b}n${n}`,
      };
    });

  it('of a node is read in any case and kept in lower case, without leading zeros', () => {
    expect(parseXname('X1000C0S0B0N0')).toBe('x1000c0s0b0n0');
    expect(parseXname('x0c00s010b001n00')).toBe('x0c0s10b1n0');
    fc.assert(
      fc.property(nodes, ({ written, meant }) => {
        expect(parseXname(written)).toBe(meant);
      }),
    );
  });

  it('of a node is exactly what the written pattern says, and reading it again changes nothing', () => {
    const written = /^[xX][0-9]+[cC][0-9]+[sS][0-9]+[bB][0-9]+[nN][0-9]+$/;
    const texts = fc.oneof(
      parts.map((list) => list.flat().join('')),
      textsLike('xcsbnXCSBN01 \n'),
      nodes.map((node) => node.written),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const xname = parseXname(text);
        expect(xname !== undefined).toBe(written.test(text));
        if (xname !== undefined) expect(parseXname(xname)).toBe(xname);
      }),
    );
  });

  it.each(['', 'x', 'x1000c0s0b0n', 'x1000c0s0b0n0 ', 'x1000c0s0b0n0\n', 'x1000c0s0b0nn0', 'nid000001', 'x-1c0s0b0n0'])(
    'is not %j',
    (text) => {
      expect(componentType(text)).toBeUndefined();
      expect(parseXname(text)).toBeUndefined();
    },
  );

  // A form for each type of HPE's naming scheme (hms-xname) that begins with a cabinet or a CDU.
  it.each([
    ['x0', 'Cabinet'],
    ['x0c0', 'Chassis'],
    ['x0c0s0', 'ComputeModule'],
    ['x0c0s0b0', 'NodeBMC'],
    ['X0C0S0E0', 'NodeEnclosure'],
    ['x0c0s0b0n0p0', 'Processor'],
    ['x0c0s0b0n0d0', 'Memory'],
    ['x0c0s0b0n0i0', 'NodeNic'],
    ['x0c0s0b0n0h0', 'NodeHsnNic'],
    ['x0c0s0b0n0a0', 'NodeAccel'],
    ['x0c0s0b0n0r0', 'NodeAccelRiser'],
    ['x0c0s0b0n0g0', 'StorageGroup'],
    ['x0c0s0b0n0g0k0', 'Drive'],
    ['x0c0s0b0f0', 'NodeFpga'],
    ['x0c0s0b0i0', 'NodeBMCNic'],
    ['x0c0s0v1', 'NodePowerConnector'],
    ['x0c0b0', 'ChassisBMC'],
    ['x0c0b0i0', 'ChassisBMCNic'],
    ['x0c0f0', 'CMMFpga'],
    ['x0c0t0', 'CMMRectifier'],
    ['x0c0r0', 'RouterModule'],
    ['x0c0r0b0', 'RouterBMC'],
    ['x0c0r0b0i0', 'RouterBMCNic'],
    ['x0c0r0e0', 'HSNBoard'],
    ['x0c0r0a0', 'HSNAsic'],
    ['x0c0r0j1', 'HSNConnector'],
    ['x0c0w1', 'MgmtSwitch'],
    ['x0c0w1j1', 'MgmtSwitchConnector'],
    ['x0c0h1', 'MgmtHLSwitchEnclosure'],
    ['x0c0h1s1', 'MgmtHLSwitch'],
    ['x0m0', 'CabinetPDUController'],
    ['x0m0p0', 'CabinetPDU'],
    ['x0m0i0', 'CabinetPDUNic'],
    ['x0m0p0j1', 'CabinetPDUOutlet'],
    ['x0m0p0v1', 'CabinetPDUPowerConnector'],
    ['x0d0', 'CabinetCDU'],
    ['x0e0', 'CEC'],
    ['d0', 'CDU'],
    ['D0W0', 'CDUMgmtSwitch'],
    ['x0b0', 'CabinetBMC'],
    ['x0c0s0e0t0', 'NodeEnclosurePowerSupply'],
    ['x0c0s0j1', 'NodePowerConnector'],
    ['x0c0r0f0', 'RouterFpga'],
    ['x0c0r0t0', 'RouterTOR'],
    ['x0c0r0t0f0', 'RouterTORFpga'],
    ['x0c0r0v1', 'RouterPowerConnector'],
    ['x0c0r0a0l0', 'HSNLink'],
    ['x0c0r0j1p0', 'HSNConnectorPort'],
  ])('%s names a %s: neither a node nor a tag', (text, type) => {
    expect(componentType(text)).toBe(type);
    expect(parseXname(text)).toBeUndefined();
    expect(parseTag(text)).toBeUndefined();
  });

  it('of a node is no tag either, in any case and with leading zeros', () => {
    for (const text of ['x1000c0s0b0n0', 'X1000C0S0B0N0', 'x1000c0s00b0n0']) expect(parseTag(text)).toBeUndefined();
  });
});

describe('a NID', () => {
  it.each([
    ['0', 0],
    ['1', 1],
    ['10', 10],
    ['2147483647', 2147483647],
  ])('is read from %j [reading-requests.nids-in-range]', (text, nid) => {
    expect(parseNid(text)).toBe(nid);
  });

  it.each([
    ...['0x10', '010', '00', '-1', '-0', '+1', '', ' ', ' 1', '1 ', '1\n', '*', 'one', '1e3', '1.0', '1_000', '١'],
    ...['2147483648', '9999999999', '1234567890123456789012345678', '1,2'],
  ])('is not %j', (text) => {
    expect(parseNid(text)).toBeUndefined();
  });

  it('is exactly a decimal in range without leading zeros, and reading it again changes nothing', () => {
    const texts = fc.oneof(
      textsLike(`${DIGITS}x-+e. `),
      fc.string({ unit: fc.constantFrom(...DIGITS), minLength: 1, maxLength: 12 }),
      fc.maxSafeNat().map(String),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const decimal = text !== '' && only(text, DIGITS) && (text === '0' || !text.startsWith('0'));
        const nid = parseNid(text);
        expect(nid !== undefined).toBe(decimal && BigInt(text) <= 2147483647n);
        if (nid === undefined) return;
        expect(String(nid)).toBe(text);
        expect(parseNid(String(nid))).toBe(nid);
      }),
    );
  });

  it('as a number is an integer in range', () => {
    expect([0, 5, 2147483647].map(nidOf)).toEqual([0, 5, 2147483647]);
    for (const value of [-1, 0.5, 2147483648, Number.NaN, Number.POSITIVE_INFINITY])
      expect(nidOf(value)).toBeUndefined();
  });
});

describe('a tag', () => {
  const inPattern = (text: string): boolean =>
    text.length >= 1 &&
    text.length <= 128 &&
    only(text, `${DIGITS}${LETTERS}${LETTERS.toUpperCase()}._-`) &&
    !'._-'.includes(text.charAt(0));

  it.each([
    'Default',
    'Global',
    'Compute',
    'Application_UAN',
    'Unknown-x86_64',
    '0',
    'rack.1-a_b',
    'x',
    'xyz',
    'a'.repeat(128),
  ])('may be %j [writing.tag-form]', (text) => {
    expect(parseTag(text)).toBe(text);
  });

  it.each(['', '_a', '.a', '-a', 'a b', 'a\n', 'a,b', 'a/b', 'a:b', 'é', '\u212A', 'a'.repeat(129)])(
    'is not %j [writing.tag-form]',
    (text) => {
      expect(parseTag(text)).toBeUndefined();
    },
  );

  it('keeps its case: the group compute is not the role Compute [writing.tag-case-counts]', () => {
    expect(parseTag('compute')).not.toBe(parseTag('Compute'));
  });

  it('is taken as it is when it matches the written pattern and is no xname', () => {
    fc.assert(
      fc.property(textsLike('aZ09._- xcsbné'), (text) => {
        const tag = parseTag(text);
        if (tag !== undefined) {
          expect(tag).toBe(text);
          expect(parseTag(tag)).toBe(tag);
          expect(inPattern(text)).toBe(true);
          expect(parseXname(text)).toBeUndefined();
        }
        expect(parseTag(`Role${text}`) !== undefined).toBe(inPattern(`Role${text}`));
      }),
    );
  });

  it('of a role comes after the one of role and sub-role', () => {
    expect(roleTags('Application', 'UAN')).toEqual(['Application_UAN', 'Application']);
    expect(roleTags('Compute', undefined)).toEqual(['Compute']);
    expect(roleTags('Compute', '')).toEqual(['Compute']);
  });

  it('of a role is left out when there is no role, or none that a tag can hold', () => {
    expect(roleTags(undefined, 'UAN')).toEqual([]);
    expect(roleTags('', 'UAN')).toEqual([]);
    expect(roleTags('Service Node', 'UAN')).toEqual([]);
    expect(roleTags('Service', 'a b')).toEqual(['Service']);
  });

  it('for nodes that nobody knows is made of their architecture, if it can stand in a tag', () => {
    expect(['x86_64', 'arm64', 'i386'].map(unknownTag)).toEqual(['Unknown-x86_64', 'Unknown-arm64', 'Unknown-i386']);
    for (const arch of ['x86 64', '${buildarch}', 'a\n', 'a'.repeat(121)]) expect(unknownTag(arch)).toBeUndefined();
  });
});

describe('a host name', () => {
  it('is read in any case, as a label or with its domain, with or without the final dot', () => {
    expect(parseHostname('NID0001')).toBe('nid0001');
    expect(parseHostname('nid0001.Cluster.local.')).toBe('nid0001.cluster.local');
    expect(parseHostname('a'.repeat(253))).toBe('a'.repeat(253));
  });

  it.each(['', '.', '-a', '.a', '_a', 'a b', 'a\n', 'a/b', 'a&b', 'a?b', '${a}', 'é', 'a'.repeat(254)])(
    'is not %j',
    (text) => {
      expect(parseHostname(text)).toBeUndefined();
    },
  );

  it('is not one with an empty label at its end', () => {
    expect(parseHostname('nid0001..')).toBeUndefined();
  });

  it('is not one that becomes ASCII only by being put into lower case', () => {
    // U+212A, the Kelvin sign, is a k in lower case.
    expect(parseHostname('\u212Anode')).toBeUndefined();
  });

  it('is made of what can stand in a URL, and reading it again changes nothing', () => {
    fc.assert(
      fc.property(textsLike('aZ09._- é'), (text) => {
        const hostname = parseHostname(text);
        if (hostname === undefined) return;
        expect(only(text, `${DIGITS}${LETTERS}${LETTERS.toUpperCase()}._-`)).toBe(true);
        expect(only(hostname, `${DIGITS}${LETTERS}._-`)).toBe(true);
        expect(parseHostname(hostname)).toBe(hostname);
      }),
    );
  });
});
