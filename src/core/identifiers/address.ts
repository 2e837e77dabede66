import ipaddr from 'ipaddr.js';
import type { Brand } from './brand.ts';

/** An IP address in its one canonical form; an IPv4 address that came mapped into IPv6 is an IPv4 address. */
export type Address = Brand<string, 'Address'>;

/** Reads an IPv4 address of four decimal parts, or an IPv6 address. */
export function parseAddress(text: string): Address | undefined {
  // The short, octal and hexadecimal forms of IPv4 are not taken.
  if (!ipaddr.IPv4.isValidFourPartDecimal(text) && !ipaddr.IPv6.isValid(text)) return undefined;
  return ipaddr.process(text).toString() as Address;
}
