import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entriesOf } from '../../src/node/reading/entries-of.ts';

const KEY = 'Components';
const PART = 256 * 1024;

/** All that is told of a list: what came in parts, and what is left in the text without these. */
function read(json: Buffer, key: string | undefined): { entries: unknown[]; rest: unknown; parts: number } {
  const entries: unknown[] = [];
  const generator = entriesOf(json, key);
  for (let parts = 0; ; parts++) {
    const part = generator.next();
    if (part.done) return { entries, rest: part.value, parts };
    entries.push(...part.value);
  }
}

/** The list in what JSON makes of a text. */
function listIn(value: unknown, key: string | undefined): unknown {
  if (key === undefined) return value;
  return typeof value === 'object' && value !== null && key in value ? Reflect.get(value, key) : undefined;
}

/** What is read of a text is what JSON makes of it; `undefined` when neither makes anything of it. */
function expectAsJson(json: Buffer, key: string | undefined): void {
  const expected = attempt(() => JSON.parse(json.toString()));
  const got = attempt(() => read(json, key));
  // To refuse more than JSON does is no harm: what is refused is not taken.
  if (got === undefined) return;
  if (expected === undefined) expect.fail(`read what is no JSON: ${json.toString().slice(0, 300)}`);
  const { entries, rest } = got.value;
  if (entries.length === 0) expect(JSON.stringify(rest)).toBe(JSON.stringify(expected.value));
  else expect(JSON.stringify(entries)).toBe(JSON.stringify(listIn(expected.value, key)));
}

function attempt<T>(work: () => T): { readonly value: T } | undefined {
  try {
    return { value: work() };
  } catch {
    return undefined;
  }
}

const space = fc.stringMatching(/^[ \t\r\n]{0,3}$/);
const awkward = fc.oneof(
  fc.string({ unit: fc.constantFrom('[', ']', '{', '}', '"', '\\', ',', ':', ' ', 'é', '€', '😀', '\n', '\u0000') }),
  fc.string({ unit: 'binary' }),
);
/**
 * No backslash in keys, only in texts: after `{"a":0,"\\":0}` Node 24's own `JSON.parse` takes the second key of
 * `{"a":0,"\u0000":0}` for a backslash too.
 */
const keys = awkward.filter((key) => !key.includes('\\'));
const values = fc.letrec<{ value: unknown; object: object }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    awkward,
    fc.constantFrom(null, true, false, 0, -1.5e10),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(keys, tie('value'), { maxKeys: 4, noNullPrototype: true }),
}));
/** The entries of a list, in texts with spaces where JSON may have them: the list alone, and as a member of an object. */
const texts = fc
  .tuple(
    fc.array(values.object, { maxLength: 6 }),
    fc.constantFrom(0, 1, 2),
    fc.array(space, { minLength: 20, maxLength: 20 }),
  )
  .map(([entries, indent, spaces]) => {
    const at = (place: number): string => spaces[place] ?? '';
    const inner = entries.map((entry, n) => at(n) + JSON.stringify(entry, undefined, indent) + at(n + 6)).join(',');
    const bare = `${at(12)}[${inner || at(13)}]${at(14)}`;
    const member = `${at(15)}{${at(16)}"${KEY}"${at(17)}:${bare},"more":[{"a":1}]${at(18)}}${at(19)}`;
    return { entries, bare, member };
  });

describe('The entries of a list of objects', () => {
  it('are those that JSON gives, whatever their texts hold and wherever there is space', () => {
    fc.assert(
      fc.property(texts, ({ entries, bare }) => {
        const { parts, ...all } = read(Buffer.from(bare), undefined);
        expect([JSON.stringify(all), parts]).toEqual([
          JSON.stringify({ entries, rest: [] }),
          Math.min(1, entries.length),
        ]);
      }),
      { numRuns: 500 },
    );
  });

  it('are those that JSON gives when the list is a member of an object', () => {
    fc.assert(
      fc.property(texts, ({ entries, member }) => {
        const { parts, ...all } = read(Buffer.from(member), KEY);
        const rest = { [KEY]: [], more: [{ a: 1 }] };
        expect([JSON.stringify(all), parts]).toEqual([JSON.stringify({ entries, rest }), Math.min(1, entries.length)]);
      }),
      { numRuns: 500 },
    );
  });

  it.each([undefined, KEY])('cut anywhere, are none (%s)', (key) => {
    fc.assert(
      fc.property(texts, fc.nat(), ({ bare }, where) => {
        const json = Buffer.from(wrapped(bare.trim(), key));
        expect(() => read(json.subarray(0, where % json.length), key)).toThrow();
      }),
      { numRuns: 500 },
    );
  });

  it.each([undefined, KEY])('with a byte changed, put in or left out, are what JSON gives or none (%s)', (key) => {
    const signs = fc.oneof(
      fc.constantFrom(...Buffer.from('[]{}",:\\ 0\u00a0\u2028')),
      fc.integer({ min: 0, max: 255 }),
    );
    fc.assert(
      fc.property(texts, fc.nat(), signs, fc.nat({ max: 1 }), fc.boolean(), ({ bare }, where, byte, left, put) => {
        const json = Buffer.from(wrapped(bare, key));
        const at = where % json.length;
        expectAsJson(
          Buffer.concat([json.subarray(0, at), Buffer.from(put ? [byte] : []), json.subarray(at + left)]),
          key,
        );
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['\u00a0[{"a":1}]'],
    ['[\u00a0{"a":1}]'],
    ['[{"a":1},]'],
    ['[,{"a":1}]'],
    ['[{"a":1}{"b":2}]'],
    ['[{"a":1]}'],
    ['[{"a":1}]]'],
    ['[{"a":1}] 5'],
    ['\ufeff[{"a":1}]'],
    ['[5,{"a":1}]'],
    ['[{"a":1}5]'],
    ['[{"a":1},5]'],
    ['[5]'],
    ['["[{}]"]'],
    [''],
    ['['],
    ['{"a":"b'],
  ])('are none in %j', (text) => {
    expect(() => read(Buffer.from(text), undefined)).toThrow(SyntaxError);
  });

  it('are all those of the list also when something else stands before it', () => {
    const list = [{ b: 1 }, { c: 2 }];
    for (const before of [{ a: '[' }, { a: [{ b: 2 }] }, { ' Components': [{ b: 2 }] }]) {
      const text = JSON.stringify({ ...before, [KEY]: list });
      expect(read(Buffer.from(text), KEY)).toMatchObject({ entries: list, rest: { ...before, [KEY]: [] } });
    }
  });

  it('are none where there is no such list, which the rest tells then', () => {
    for (const text of [
      '{"Componentz":[{}]}',
      '{" Components":[{}]}',
      '{"Components":{"a":[{}]}}',
      '[{"a":1}]',
      'null',
      '5',
    ])
      expect(read(Buffer.from(text), KEY)).toEqual({ entries: [], rest: JSON.parse(text), parts: 0 });
    for (const text of ['{}', '5', '"["', 'null', '{"a":[{}]}'])
      expect(read(Buffer.from(text), undefined)).toMatchObject({ entries: [], rest: JSON.parse(text) });
  });

  it('are none of a list that is there twice: which of them counts?', () => {
    const text = '{"Components":[{"a":1}],"Components":[{"b":1}]}';
    expect(() => read(Buffer.from(text), KEY)).toThrow(SyntaxError);
  });
});

describe('A list that is larger than a part', () => {
  const entries = Array.from({ length: 3000 }, (_, at) => ({ at, text: `€${'"]},[{'.repeat(at % 100)}` }));

  it.each([undefined, KEY])('comes in several, all of it (%s)', (key) => {
    const text = wrapped(JSON.stringify(entries), key);
    const { parts, ...all } = read(Buffer.from(text), key);
    expect(all).toEqual({ entries, rest: key === undefined ? [] : { [key]: [] } });
    expect(parts).toBe(Math.ceil(Buffer.byteLength(text) / PART) - (Buffer.byteLength(text) % PART < 1000 ? 1 : 0));
  });

  it('is refused when something else than a comma stands between two parts', () => {
    const long = JSON.stringify({ text: 'x'.repeat(PART) });
    expect(read(Buffer.from(`[${long} ,\n${long}]`), undefined).entries).toHaveLength(2);
    for (const between of ['', ';', ',,', ', 5,', '\u00a0,', ',\u00a0', '],['])
      expect(() => read(Buffer.from(`[${long}${between}${long}]`), undefined)).toThrow(SyntaxError);
  });
});

function wrapped(list: string, key: string | undefined): string {
  return key === undefined ? list : `{${JSON.stringify(key)}:${list}}`;
}
