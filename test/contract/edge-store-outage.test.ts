import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Wanted } from '../../src/ports/store.ts';
import { clocksForTest } from '../inventory/edge.ts';
import { macOf, tagOf } from '../support/identifiers.ts';
import { type DatabaseMode, type Place, startPlace } from './edge-isolates.ts';

/** Milliseconds that the database has to answer, at first and while it is away, and between two tries. */
const [PATIENCE, LITTLE_PATIENCE, REST] = [1500, 500, 1000];
const MACS = ['02:00:00:00:00:01', '02:00:00:00:00:02', '02:00:00:00:00:03'];
const wantedOf = (mac: string): Wanted => ({
  nodes: { xnames: [], macs: [macOf(mac)], nids: [] },
  names: [tagOf('Default')],
});
const known = MACS.map(wantedOf);
const unknown = wantedOf('02:00:00:00:00:99');
const unavailable = { code: 'unavailable' };

let place: Place;
let clock: ReturnType<typeof clocksForTest>;
beforeAll(async () => {
  place = await startPlace();
});
afterAll(() => place.close());
beforeEach(async () => {
  await place.empty();
  clock = clocksForTest();
  const { store } = place.isolate();
  for (const wanted of known) await store.look(wanted);
});

const [first = unknown, ...others] = known;
/** Milliseconds, by the clock on the wall, until something is done. */
async function timeOf(act: () => unknown): Promise<number> {
  const start = process.hrtime.bigint();
  await act();
  return Number(process.hrtime.bigint() - start) / 1e6;
}
/** How often the database is asked while something is done. */
async function asked(act: () => unknown): Promise<number> {
  const before = place.looks();
  await act();
  return place.looks() - before;
}

describe('While the database is away', () => {
  it.each<[string, DatabaseMode]>([
    ['refuses', 'refuses'],
    ['hangs', 'hangs'],
    ['is slow', { slow: PATIENCE * 2 }],
  ])('and %s, who is known hardly ever waits for it', async (_, mode) => {
    const { store } = place.isolate();
    place.mode = mode;
    expect(await timeOf(async () => expect(await store.look(first)).toHaveProperty('age'))).toBeLessThan(
      PATIENCE + 200,
    );
    for (const wanted of known) {
      expect(await asked(async () => expect(await timeOf(() => store.look(wanted))).toBeLessThan(100))).toBe(0);
    }
    clock.pass(REST);
    expect(await asked(() => store.look(first))).toBe(1);
    clock.pass(REST);
    expect(await timeOf(() => store.look(first))).toBeLessThan(LITTLE_PATIENCE + 100);
  });

  it('one look-up in a second tries whether it is back, and then it counts at once', async () => {
    const { store } = place.isolate();
    place.mode = 'refuses';
    await store.look(first);
    for (let second = 0; second < 3; second++) {
      clock.pass(REST);
      expect(await asked(() => Promise.all([...known, ...known].map((wanted) => store.look(wanted))))).toBe(1);
    }
    place.mode = 'there';
    expect(await store.look(first)).toHaveProperty('age');
    clock.pass(REST);
    for (const wanted of known) expect((await store.look(wanted)).age).toBeUndefined();
  });

  it('who is not known is told so, and asks each time, so that it is back for all when it is for one', async () => {
    const { store } = place.isolate();
    place.mode = 'refuses';
    for (let round = 0; round < 3; round++) {
      expect(await asked(() => expect(store.look(unknown)).rejects.toMatchObject(unavailable))).toBe(1);
    }
    place.mode = 'there';
    expect((await store.look(unknown)).age).toBeUndefined();
    for (const wanted of known) expect((await store.look(wanted)).age).toBeUndefined();
  });

  it('who is not known waits for a database that is slow', async () => {
    const { store } = place.isolate();
    place.mode = { slow: PATIENCE + 300 };
    expect((await store.look(unknown)).age).toBeUndefined();
    // That shows that it is no use to wait for.
    expect(await timeOf(async () => expect(await store.look(first)).toHaveProperty('age'))).toBeLessThan(100);
  });

  it('no isolate waits for another one’s promise, nor a look-up for that of another', async () => {
    const { store } = place.isolate();
    place.mode = 'hangs';
    void store.look(unknown);
    place.mode = 'there';
    expect(await timeOf(() => store.look(first))).toBeLessThan(PATIENCE / 2);
  });

  it.each<[string, (persistence: ReturnType<Place['isolate']>) => Promise<unknown>]>([
    ['a write', ({ store }) => store.apply({ ...NO_CHANGE, basis: { wanted: {}, found: NO_FOUND } })],
    ['a reading', ({ store }) => store.find(unknown)],
    ['a list', ({ store }) => store.list()],
    ['a check', ({ store }) => store.check()],
    ['what was added by hand', ({ own }) => own.components()],
    ['a write of what was', ({ own }) => own.apply({ basis: { filters: [], found: NO_ENTRIES }, put: [], remove: [] })],
    ['what is written behind answers', ({ accesses }) => accesses.write([ACCESS])],
  ])('it is taken to be back when it has answered %s: the next script must see it', async (_, act) => {
    const isolate = place.isolate();
    place.mode = 'refuses';
    await isolate.store.look(first);
    await expect(act(isolate)).rejects.toMatchObject(unavailable);
    expect(await isolate.store.look(first)).toHaveProperty('age');
    place.mode = 'there';
    await act(isolate);
    for (const wanted of others) expect((await isolate.store.look(wanted)).age).toBeUndefined();
  });
});

it('A write counts at once however long it has taken', async () => {
  const isolate = place.isolate();
  place.mode = 'refuses';
  await isolate.store.look(first);
  place.mode = { slow: PATIENCE + 100 };
  await isolate.store.apply({ ...NO_CHANGE, basis: { wanted: {}, found: NO_FOUND } });
  place.mode = 'there';
  expect((await isolate.store.look(first)).age).toBeUndefined();
});

it('A fault of the program is no outage', async () => {
  place.mode = 'fault';
  await expect(place.isolate().store.look(first)).rejects.toThrow(TypeError);
});

const NO_CHANGE = { nodes: [], groups: [], images: [], removeNodes: [], removeGroups: [], removeImages: [] };
const NO_ENTRIES = { entries: [], asOf: Date.now() / 1000 };
const ACCESS = { name: 'x1000c0s0b0n0', endpoint: 'bootscript' as const, epoch: 1 };
const NO_FOUND = { nodes: [], groups: [], images: [], configurationImages: [] };
