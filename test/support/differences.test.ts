import { expect, it } from 'vitest';
import { differences, surprises } from './differences.ts';

const paths = (ours: unknown, theirs: unknown): string[] => differences(ours, theirs, '$').map(({ path }) => path);

it('finds none between answers that differ in the order of records, identifiers and members', () => {
  const records = [
    { hosts: ['x0c0s0b0n0', 'Default'], nids: [5, 10], kernel: 'k' },
    { kernel: 'k', params: 'p' },
  ];
  expect(
    differences(
      records,
      [
        { params: 'p', kernel: 'k' },
        { kernel: 'k', nids: [10, 5], hosts: ['Default', 'x0c0s0b0n0'] },
      ],
      '$',
    ),
  ).toEqual([]);
});

it('finds what has changed, what is missing and what is too much, each by its path', () => {
  expect(
    differences(
      { Params: [{ hosts: ['a'], kernel: 'k', initrd: 'i' }, { macs: ['m'] }], n: null },
      { Params: [{ hosts: ['a'], kernel: 'other', params: 'p' }, { nids: [1] }] },
      '$',
    ),
  ).toEqual([
    { path: '$.Params[a].kernel', ours: 'k', theirs: 'other' },
    { path: '$.Params[a].params', ours: undefined, theirs: 'p' },
    { path: '$.Params[a].initrd', ours: 'i', theirs: undefined },
    { path: '$.Params[1]', ours: undefined, theirs: { nids: [1] } },
    { path: '$.Params[m]', ours: { macs: ['m'] }, theirs: undefined },
    { path: '$.n', ours: null, theirs: undefined },
  ]);
});

it('sees an identifier, a record or an entry that is there twice', () => {
  expect(paths([{ macs: ['m'], kernel: 'k' }], [{ macs: ['m', 'm'], kernel: 'k' }])).toEqual(['$[m m]', '$[m]']);
  expect(paths([{ ID: 'a' }, { ID: 'a' }], [{ ID: 'a' }])).toEqual(['$[a]']);
  expect(paths([], [{ name: 'a', endpoint: 'b' }])).toEqual(['$[a b]']);
});

it('minds the order of all other lists, and the kinds of values', () => {
  expect(paths([{ ID: 'a', MAC: ['m', 'n'] }], [{ ID: 'a', MAC: ['n', 'm'] }])).toEqual(['$[a].MAC']);
  expect(paths({ users: [{ name: 'a' }, { name: 'b' }] }, { users: [{ name: 'b' }, { name: 'a' }] })).toEqual([
    '$.users',
  ]);
  expect(paths({ a: 1, b: null, c: [] }, { a: '1', b: {}, c: null })).toEqual(['$.a', '$.b', '$.c']);
});

it('tells of differences that were not expected, and of expected ones that are not there', () => {
  const found = differences({ a: 1, ab: 1, b: 1 }, { a: 2, ab: 2, b: 2 }, '$');
  const expected = { at: /\$\.a/, is: () => true, times: 1, because: 'of a reason' };
  expect(surprises(found, [expected, { ...expected, at: /\$\.(ab|b)/, times: 2 }])).toEqual([]);
  expect(surprises(found, [expected, { ...expected, at: /\$\.b/, is: ({ ours }) => ours === 5 }])).toEqual([
    '$.ab is 1, was 2',
    '$.b is 1, was 2',
    '/\\$\\.b/ 0 times and not 1, though of a reason',
  ]);
});
