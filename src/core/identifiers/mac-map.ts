import { type Mac, macNumber } from './mac.ts';

/** Values by MAC. */
export type MacMap<Value> = {
  get(mac: Mac): Value | undefined;
  /** Keeps a value, in the place of the one that was there. */
  set(mac: Mac, value: Value): void;
};

/** What no MAC is as a number. */
const FREE = -1;

/** Places at the beginning, and always a power of two. */
const FEW = 1024;

/** The share of the places that are taken before there are more of them: 100,000 MACs have 2 MB. */
const FULL = 0.8;

/**
 * A map with the MACs as numbers (open addressing): a look needs one place in each of two small arrays, at once. A `Map` of
 * strings needs four, one after the other, and among a hundred thousand nodes each is a place in memory that no cache holds.
 */
export function createMacMap<Value>(): MacMap<Value> {
  let keys = new Float64Array(FEW).fill(FREE);
  let values = new Array<Value | undefined>(FEW).fill(undefined);
  let size = 0;

  /** Where a key is, or where it would be. */
  function placeOf(key: number): number {
    const last = keys.length - 1;
    let at = mixed(key) & last;
    while (keys[at] !== key && keys[at] !== FREE) at = (at + 1) & last;
    return at;
  }

  function put(key: number, value: Value | undefined): void {
    const at = placeOf(key);
    if (keys[at] === FREE) size += 1;
    keys[at] = key;
    values[at] = value;
  }

  function grow(): void {
    const [before, beforeValues] = [keys, values];
    keys = new Float64Array(2 * before.length).fill(FREE);
    values = new Array<Value | undefined>(keys.length).fill(undefined);
    size = 0;
    for (const [at, key] of before.entries()) if (key !== FREE) put(key, beforeValues[at]);
  }

  return {
    get: (mac) => values[placeOf(macNumber(mac))],
    set(mac, value) {
      if (size >= FULL * keys.length) grow();
      put(macNumber(mac), value);
    },
  };
}

/** Spreads neighbours far apart (Fibonacci hashing): the last bytes of a site's MACs are often counted up. */
function mixed(key: number): number {
  const product = Math.imul(key, 0x9e3779b1);
  return product ^ (product >>> 15);
}
