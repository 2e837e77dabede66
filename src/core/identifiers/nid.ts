import type { Brand } from './brand.ts';

/** A numeric node id, 0 to 2147483647. */
export type Nid = Brand<number, 'Nid'>;

/** The greatest NID. */
export const MAX_NID = 2147483647;

/** A NID in a query: decimal digits only. Hexadecimal and octal, which Go's parser let through, are refused. */
export const NID_PATTERN = /^(0|[1-9][0-9]{0,9})$/;

/** Reads a NID as it stands in a query. */
export function parseNid(text: string): Nid | undefined {
  return NID_PATTERN.test(text) ? nidOf(Number(text)) : undefined;
}

/** Takes a number as a NID when it is an integer in range. */
export function nidOf(value: number): Nid | undefined {
  return Number.isInteger(value) && value >= 0 && value <= MAX_NID ? (value as Nid) : undefined;
}
