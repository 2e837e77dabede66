import { describe, expect, it } from 'vitest';
import { type Claim, claimsOf, compare, type Row, rowsOf } from './claims.ts';

// Put together here, so that no text of this file looks like a claim.
const claiming = (...ids: string[]): string => ids.map((id) => ` [${id}]`).join('');
const idsIn = (source: string): string[] => claimsOf('a.test.ts', source).map(({ id }) => id);

describe('the rows of a table', () => {
  it('are read with their ids, and with whether only the Node entry can show them', () => {
    const markdown = [
      '# Writing',
      'Text with a | in it.',
      '',
      '| id | what holds |',
      '|---|---|',
      '| writing.one | A POST is 201. |',
      '|writing.two|(Node) Headers are read. A (Node) further on means nothing.|',
      '| Writing three | Not one of (Node) alone. |',
    ].join('\n');
    expect(rowsOf('writing', markdown)).toEqual([
      { id: 'writing.one', area: 'writing', nodeOnly: false },
      { id: 'writing.two', area: 'writing', nodeOnly: true },
      { id: 'Writing three', area: 'writing', nodeOnly: false },
    ]);
  });
});

describe('the claims of a test file', () => {
  it('are all ids in brackets in the titles of its tests, in any quotes', () => {
    const claims = claiming('a.one', 'a-b.two-3');
    for (const quote of ["'", '"', '`']) {
      expect(idsIn(`it(${quote}does it${claims}${quote}, () => {});`)).toEqual(['a.one', 'a-b.two-3']);
    }
    expect(idsIn(`test(\n  'it\\'s done${claims}',\n  { timeout: 5 },\n  () => {})`)).toEqual(['a.one', 'a-b.two-3']);
    expect(idsIn(`it.each([f('a')])('%s${claims}', (a) => {})`)).toEqual(['a.one', 'a-b.two-3']);
    expect(idsIn(`it.concurrent('does it${claims}', () => {})`)).toEqual(['a.one', 'a-b.two-3']);
  });

  it('are none in other texts and comments, nor for what looks otherwise', () => {
    expect(idsIn(`// it shows${claiming('a.one')}`)).toEqual([]);
    expect(idsIn(`expect(text).toBe('x${claiming('a.one')}');`)).toEqual([]);
    expect(idsIn(`it('hosts[0] and [1.5] of A[B.c] in [a.]${claiming('a.one')}', f)`)).toEqual(['a.one']);
  });

  it('are none of tests that do not run', () => {
    const claims = claiming('a.one');
    for (const how of ['skip', 'todo', 'fails']) expect(idsIn(`it.${how}('does it${claims}', f)`)).toEqual([]);
  });

  it('hold of both entries where the file runs its cases on both', () => {
    const test = `it('does it${claiming('a.one')}', f)`;
    expect(claimsOf('a.test.ts', test)).toEqual([{ id: 'a.one', file: 'a.test.ts', onBothEntries: false }]);
    const both = `describeService('a', {}, () => { ${test} });`;
    expect(claimsOf('a.test.ts', both)).toEqual([{ id: 'a.one', file: 'a.test.ts', onBothEntries: true }]);
  });
});

describe('rows and claims', () => {
  const row = (id: string, rest: Partial<Row> = {}): Row => ({ id, area: 'a', nodeOnly: false, ...rest });
  const claim = (id: string, onBothEntries = true): Claim => ({ id, file: 'a.test.ts', onBothEntries });
  const wrong = (rows: Row[], claims: Claim[]) =>
    Object.fromEntries(Object.entries(compare(rows, claims)).filter(([, list]) => list.length > 0));

  it('may be as they should', () => {
    const rows = [row('a.one'), row('a.two'), row('a.three', { nodeOnly: true }), row('a.four', { nodeOnly: true })];
    const claims = [claim('a.one'), claim('a.two', false), claim('a.two'), claim('a.three', false), claim('a.four')];
    expect(wrong(rows, claims)).toEqual({});
  });

  it('lack a case', () => {
    expect(wrong([row('a.one'), row('a.two', { nodeOnly: true })], [])).toEqual({
      'ids without a case': ['a.one', 'a.two'],
    });
  });

  it('lack a case on both entries', () => {
    expect(wrong([row('a.one')], [claim('a.one', false)])).toEqual({
      'ids without a case that runs on both entries': ['a.one'],
    });
  });

  it('lack a row', () => {
    expect(wrong([row('a.one')], [claim('a.one'), claim('a.gone')])).toEqual({
      'ids that are claimed and in no table': ['a.gone (a.test.ts)'],
    });
  });

  it('have a row twice', () => {
    expect(wrong([row('a.one'), row('a.two'), row('a.one')], [claim('a.one'), claim('a.two')])).toEqual({
      'ids that the tables have twice': ['a.one'],
    });
  });

  it('have a row whose id is none or stands in another area’s file', () => {
    const ids = ['b.one', 'a', 'a.One', 'a.one two', 'a.b.c'];
    expect(
      wrong(
        ids.map((id) => row(id)),
        ids.map((id) => claim(id)),
      ),
    ).toEqual({
      'ids that are none, or of another area than their file': ids,
    });
  });
});
