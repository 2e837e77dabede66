import type { Brand } from './brand.ts';

/** A numeric node id, 0 to 2147483647. */
export type Nid = Brand<number, 'Nid'>;

const MAX = 2147483647;

/** Reads a NID as it stands in a query: decimal digits only. Hexadecimal and octal, which Go's parser let through, are refused. */
export function parseNid(text: string): Nid | undefined {
  return /^[0-9]{1,10}$/.test(text) && !/^0[0-9]/.test(text) ? nidOf(Number(text)) : undefined;
}

/** Takes a number as a NID when it is an integer in range. */
export function nidOf(value: number): Nid | undefined {
  return Number.isInteger(value) && value >= 0 && value <= MAX ? (value as Nid) : undefined;
}
