import { beforeEach, describe, expect, it } from 'vitest';
import { type Figures, faultsOf, noFigures } from './figures.ts';
import { ownPlaces } from './own-places.ts';
import { nodePlace, type Place } from './places.ts';
import { countRows } from './rows.ts';
import { sharedPlaces } from './shared-places.ts';
import type { Stored } from './stored.ts';
import type { Boot, Outcome, Write } from './write.ts';

const one = nodePlace(0);
const two = nodePlace(1);
const places = [one, two];

let figures: Figures;
beforeEach(() => {
  figures = noFigures();
});

function storing(...content: [Place, Boot][]): Stored {
  const held = new Map(content);
  return { of: (place) => held.get(place), duplicated: 0 };
}

const by = (id: string): Boot => ({
  kernel: `http://files/by=${id}`,
  initrd: `http://files/by=${id}`,
  params: `by=${id}`,
});

function written(method: Write['method'], id: string, named: readonly Place[] = places): Write {
  return {
    id,
    method,
    places: named,
    boot: method === 'PATCH' ? { params: `by=${id}` } : method === 'DELETE' ? {} : by(id),
  };
}

describe('what is said of places of one writer', () => {
  const first = written('POST', '1');
  const second = written('PUT', '2');
  function after(outcome: Outcome, ...content: [Place, Boot][]): string {
    const own = ownPlaces(places);
    own.note(first, 'acknowledged');
    own.note(second, outcome);
    own.settle(storing(...content), figures);
    return faultsOf(figures);
  }

  it.each<[Outcome, [Place, Boot][], string]>([
    [
      'acknowledged',
      [
        [one, by('2')],
        [two, by('2')],
      ],
      '',
    ],
    [
      'acknowledged',
      [
        [one, by('1')],
        [two, by('2')],
      ],
      'lost 1',
    ],
    ['acknowledged', [[one, by('2')]], 'lost 1'],
    ['acknowledged', [], 'lost 2'],
    [
      'unanswered',
      [
        [one, by('2')],
        [two, by('2')],
      ],
      '',
    ],
    [
      'put off',
      [
        [one, by('1')],
        [two, by('1')],
      ],
      '',
    ],
    [
      'put off',
      [
        [one, by('2')],
        [two, by('2')],
      ],
      '503, and done after all 1',
    ],
    [
      'unanswered',
      [
        [one, by('1')],
        [two, by('2')],
      ],
      'torn 1',
    ],
    [
      'unanswered',
      [
        [one, by('3')],
        [two, by('2')],
      ],
      'lost 1',
    ],
    [
      'refused',
      [
        [one, by('1')],
        [two, by('1')],
      ],
      '',
    ],
    [
      'refused',
      [
        [one, by('2')],
        [two, by('2')],
      ],
      'lost 2',
    ],
    [
      'unsent',
      [
        [one, by('2')],
        [two, by('1')],
      ],
      'lost 1',
    ],
  ])('after a write that was %s', (outcome, content, faults) => {
    expect(after(outcome, ...content)).toBe(faults);
  });
});

describe('what is said of places that all write to', () => {
  /** Writes one after the other, or, where so named, at once. */
  function after(writes: [Write, Outcome][], atOnce: boolean, ...content: [Place, Boot][]): string {
    const shared = sharedPlaces(places);
    if (atOnce) {
      const ends = writes.map(([write, outcome]) => [shared.begin(write), outcome] as const);
      for (const [end, outcome] of ends) end(outcome);
    } else {
      for (const [write, outcome] of writes) {
        shared.begin(write)(outcome);
        // Two that follow each other are not told apart within one tick of the clock.
        for (const now = performance.now(); performance.now() === now; );
      }
    }
    shared.settle(storing(...content), figures);
    return faultsOf(figures);
  }
  const done = (method: Write['method'], id: string, named?: readonly Place[]): [Write, Outcome] => [
    written(method, id, named),
    'acknowledged',
  ];
  const perhaps = (method: Write['method'], id: string): [Write, Outcome] => [written(method, id), 'unanswered'];
  const patched = (whole: string, patch: string): Boot => ({ ...by(whole), params: `by=${patch}` });

  it.each<[string, [Write, Outcome][], boolean, [Place, Boot][], string]>([
    [
      'the later one holds',
      [done('PUT', '1'), done('PUT', '2')],
      false,
      [
        [one, by('2')],
        [two, by('2')],
      ],
      '',
    ],
    [
      'the earlier one holds',
      [done('PUT', '1'), done('PUT', '2')],
      false,
      [
        [one, by('1')],
        [two, by('1')],
      ],
      'lost 2',
    ],
    [
      'either of two at once holds',
      [done('PUT', '1'), done('PUT', '2')],
      true,
      [
        [one, by('1')],
        [two, by('1')],
      ],
      '',
    ],
    [
      'each of two at once holds a half',
      [done('PUT', '1'), done('PUT', '2')],
      true,
      [
        [one, by('1')],
        [two, by('2')],
      ],
      'torn 1',
    ],
    [
      'an unanswered one holds',
      [done('PUT', '1'), perhaps('PUT', '2')],
      false,
      [
        [one, by('2')],
        [two, by('2')],
      ],
      '',
    ],
    [
      'one that was put off holds',
      [done('PUT', '1'), [written('PUT', '2'), 'put off']],
      false,
      [
        [one, by('2')],
        [two, by('2')],
      ],
      '503, and done after all 1',
    ],
    [
      'an unanswered one holds a half',
      [done('PUT', '1'), perhaps('PUT', '2')],
      false,
      [
        [one, by('1')],
        [two, by('2')],
      ],
      'torn 1',
    ],
    [
      'a record is made of two',
      [done('PUT', '1'), done('PUT', '2')],
      true,
      [
        [one, { ...by('1'), initrd: 'http://files/by=2' }],
        [two, by('2')],
      ],
      'torn 1',
    ],
    ['one is gone', [done('PUT', '1')], false, [[one, by('1')]], 'lost 1'],
    [
      'a patch is kept',
      [done('PUT', '1'), done('PATCH', '2')],
      false,
      [
        [one, patched('1', '2')],
        [two, patched('1', '2')],
      ],
      '',
    ],
    [
      'a patch is forgotten',
      [done('PUT', '1'), done('PATCH', '2')],
      false,
      [
        [one, patched('1', '2')],
        [two, by('1')],
      ],
      'lost 1',
    ],
    ['a removal holds', [done('PUT', '1'), done('DELETE', '2')], false, [], ''],
    [
      'a removal is forgotten',
      [done('PUT', '1'), done('DELETE', '2')],
      false,
      [
        [one, by('1')],
        [two, by('1')],
      ],
      'lost 2',
    ],
    ['a removal is done by half', [done('PUT', '1'), perhaps('DELETE', '2')], false, [[one, by('1')]], 'torn 1'],
    ['what was written after a removal is gone', [perhaps('DELETE', '1'), done('PUT', '2', [one])], false, [], ''],
    [
      'what was written after a certain removal is gone',
      [done('DELETE', '1'), done('PUT', '2', [one])],
      false,
      [],
      'lost 1',
    ],
    ['nobody wrote it', [], false, [[one, by('9')]], 'torn 1'],
  ])('when %s', (_, writes, atOnce, content, faults) => {
    expect(after(writes, atOnce, ...content)).toBe(faults);
  });

  it('when what was there is forgotten or stays', () => {
    for (const [held, faults] of [
      [by('1'), ''],
      [by('0'), 'torn 1'],
    ] as const) {
      figures = noFigures();
      const shared = sharedPlaces([one]);
      shared.begin(written('PUT', '1', [one]))('acknowledged');
      shared.settle(storing([one, by('1')]), figures);
      shared.settle(storing([one, held]), figures);
      expect(faultsOf(figures)).toBe(faults);
    }
  });
});

it('finds a node that has a row under each of two identifiers, and rows that nobody uses', async () => {
  const node = { mac: '02:00:00:00:00:00', xname: null, nid: null };
  const same = { mac: null, xname: 'x1000c0s0b0n0', nid: null };
  const query = async (text: string) => ({
    rows: text.includes('as mac') ? [node, same] : /boot_configs where id not in/.test(text) ? [{}] : [],
  });
  expect(await countRows(query, places)).toEqual({ duplicated: 1, orphans: 1 });
});
