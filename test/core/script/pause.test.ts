import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pause } from '../../../src/core/script/pause.ts';

const randoms = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const delays = fc.integer({ min: 1, max: 3600 });

describe('a pause', () => {
  it('in the classic form is the delay', () => {
    fc.assert(
      fc.property(delays, randoms, (delay, random) => {
        expect(pause('classic', delay, random).seconds).toBe(delay);
      }),
    );
  });

  it('in the robust form is the delay and up to half of it more, in whole seconds [bootscript.robust-jitter]', () => {
    fc.assert(
      fc.property(delays, randoms, (delay, random) => {
        const { seconds } = pause('robust', delay, random);
        expect(Number.isInteger(seconds)).toBe(true);
        expect(seconds).toBeGreaterThanOrEqual(delay);
        expect(seconds).toBeLessThanOrEqual(delay * 1.5);
      }),
    );
  });

  it('in the robust form takes every value between, each about as often', () => {
    const steps = Array.from({ length: 1600 }, (_, at) => pause('robust', 30, at / 1600).seconds);
    const counts = Map.groupBy(steps, (seconds) => seconds);
    expect([...counts.keys()]).toEqual(Array.from({ length: 16 }, (_, at) => 30 + at));
    for (const [, list] of counts) expect(list).toHaveLength(100);
  });
});
