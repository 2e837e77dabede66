import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
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

describe('Who looks while queries take long', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** Looks under way and as many as there are behind them, begun so many milliseconds ago. */
  function busy(milliseconds: number) {
    const { asked, store } = slowStore();
    for (let count = 0; count < 3; count++) void Promise.resolve(store.look({ names: [tagOf('a')] })).catch(() => {});
    vi.advanceTimersByTime(milliseconds);
    return { asked, store };
  }

  it('is turned away at once when it would have to wait too long, and told when to come again', async () => {
    const { asked, store } = busy(2500);
    const before = asked.length;
    await expect(store.look({ names: [tagOf('b')] })).rejects.toMatchObject({
      code: 'unavailable',
      // The two under way may take as long again, and then it is the turn of those who wait.
      retryAfter: expect.toSatisfy((seconds: number) => seconds >= 5 && seconds <= 10),
    });
    expect(asked).toHaveLength(before);
  });

  it('waits when that is not too long', async () => {
    const { asked, store } = busy(100);
    const look = store.look({ names: [tagOf('b')] });
    asked[0]?.end();
    await vi.waitUntil(() => asked.length === 3);
    asked[2]?.end();
    expect(await look).toEqual(NOTHING);
  });

  it('is told so when no answer comes in the end', async () => {
    const { store } = slowStore();
    const look = expect(store.look({ names: [tagOf('b')] })).rejects.toMatchObject({ code: 'unavailable' });
    await vi.advanceTimersByTimeAsync(6000);
    await look;
  });

  it('comes in again as soon as one query was quick', async () => {
    const { asked, store } = busy(2500);
    asked[0]?.end();
    asked[1]?.end();
    await vi.waitUntil(() => asked.length === 3);
    asked[2]?.end();
    await vi.advanceTimersByTimeAsync(1);
    const looks = Array.from({ length: 50 }, () => store.look({ names: [tagOf('b')] }));
    while (asked.length < 6) {
      asked[3]?.end();
      asked[4]?.end();
      await vi.advanceTimersByTimeAsync(1);
    }
    asked[5]?.end();
    expect(await Promise.all(looks)).toHaveLength(50);
  });
});
