import { describe, expect, it } from 'vitest';
import { batchingStore } from '../../src/adapters/store/batching-store.ts';
import { ServiceError } from '../../src/core/errors.ts';
import type { Found, Store, Wanted } from '../../src/ports/store.ts';
import { BrokenStore } from '../support/broken.ts';
import { macOf, tagOf, xnameOf } from '../support/identifiers.ts';

const NOTHING: Found = { nodes: [], groups: [], images: [], configurationImages: [] };

/** A store whose queries end when a test says so. */
function slowStore() {
  const asked: { wanted: Wanted; end(found?: Found): void; fail(error: unknown): void }[] = [];
  const store: Store = {
    ...BrokenStore,
    look: (wanted) =>
      new Promise((resolve, reject) => {
        asked.push({ wanted, end: (found = NOTHING) => resolve(found), fail: reject });
      }),
  };
  return { asked, store: batchingStore(store) };
}

const byMac = (mac: string): Wanted => ({
  nodes: { xnames: [], macs: [macOf(mac)], nids: [] },
  names: [tagOf('Default')],
});

describe('Who looks while the store is busy', () => {
  it('is not kept waiting when it is not', () => {
    const { asked, store } = slowStore();
    void store.look(byMac('02:00:00:00:00:01'));
    expect(asked.map(({ wanted }) => wanted)).toEqual([byMac('02:00:00:00:00:01')]);
  });

  it('is answered by one query with all the others, which begins after they have asked', async () => {
    const { asked, store } = slowStore();
    void store.look({ names: [tagOf('a')] });
    void store.look({ names: [tagOf('b')] });
    const both = [
      store.look(byMac('02:00:00:00:00:01')),
      store.look({ ...byMac('02:00:00:00:00:02'), own: [{ kind: 'xname', xname: xnameOf('x0c0s0b0n0') }] }),
    ];
    expect(asked).toHaveLength(2);
    asked[0]?.end();
    await expect.poll(() => asked.length).toBe(3);
    expect(asked[2]?.wanted).toEqual({
      nodes: { xnames: [], macs: ['02:00:00:00:00:01', '02:00:00:00:00:02'], nids: [] },
      names: ['Default'],
      own: [{ kind: 'xname', xname: 'x0c0s0b0n0' }],
    });
    const found = { ...NOTHING, asOf: 5 };
    asked[2]?.end(found);
    expect(await Promise.all(both)).toEqual([found, found]);
  });

  it('is told of an outage with the others of its query, and those after it are not', async () => {
    const { asked, store } = slowStore();
    const first = store.look({ names: [tagOf('a')] });
    void store.look({ names: [tagOf('b')] });
    const later = store.look({ names: [tagOf('c')] });
    asked[0]?.fail(new ServiceError('unavailable', 'away'));
    await expect(first).rejects.toMatchObject({ code: 'unavailable' });
    await expect.poll(() => asked.length).toBe(3);
    asked[2]?.end();
    expect(await later).toEqual(NOTHING);
  });
});
