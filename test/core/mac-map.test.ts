import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Mac, macNumber } from '../../src/core/identifiers/mac.ts';
import { createMacMap } from '../../src/core/identifiers/mac-map.ts';

const macFrom = (number: number): Mac =>
  number
    .toString(16)
    .padStart(12, '0')
    .replaceAll(/(..)(?!$)/g, '$1:') as Mac;

/** Any, and such that differ in one byte only, as those of a site do. */
const mac = fc.oneof(
  fc.nat({ max: 2 ** 48 - 1 }),
  fc.tuple(fc.nat({ max: 5 }), fc.nat({ max: 255 })).map(([byte, value]) => value * 256 ** byte),
);

it('the number of a MAC is its 48 bits', () => {
  fc.assert(
    fc.property(mac, (number) => {
      expect(macNumber(macFrom(number))).toBe(number);
    }),
  );
});

it('a map by MAC holds what a Map does', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(mac, fc.nat()), { maxLength: 3000 }), fc.array(mac), (entries, others) => {
      const map = createMacMap<number>();
      const model = new Map<Mac, number>();
      for (const [number, value] of entries) {
        map.set(macFrom(number), value);
        model.set(macFrom(number), value);
      }
      for (const number of [...entries.map(([key]) => key), ...others]) {
        expect(map.get(macFrom(number))).toBe(model.get(macFrom(number)));
      }
    }),
    { numRuns: 50 },
  );
});

it('a map by MAC keeps as many as a large site has', () => {
  const map = createMacMap<number>();
  for (let at = 0; at < 100_000; at++) map.set(macFrom(0x02_00_00_00_00_00 + at), at);
  for (let at = 0; at < 100_000; at++) expect(map.get(macFrom(0x02_00_00_00_00_00 + at))).toBe(at);
  expect(map.get(macFrom(0))).toBeUndefined();
});
