import type { Brand } from './brand.ts';

/** A MAC address: six pairs of hex digits in lower case, joined by colons. */
export type Mac = Brand<string, 'Mac'>;

/** How clients write a MAC. Both cases are spelled out: the API's document has no flags for a pattern. */
export const MAC_PATTERN = /^([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}$/;

/** Reads a MAC as clients of the API write it: with colons, in any case. */
export function parseMac(text: string): Mac | undefined {
  return MAC_PATTERN.test(text) ? (text.toLowerCase() as Mac) : undefined;
}

/** Reads a MAC as an inventory may hold it: with colons, dashes or nothing between; the broadcast address is none. */
export function parseInventoryMac(text: string): Mac | undefined {
  const digits = text.replaceAll(/[:-]/g, '');
  if (digits.length !== 12) return undefined;
  const mac = parseMac(digits.replaceAll(/(..)(?!$)/g, '$1:'));
  return mac === 'ff:ff:ff:ff:ff:ff' ? undefined : mac;
}

/** Its 48 bits. */
export function macNumber(mac: Mac): number {
  let number = 0;
  for (let at = 0; at < mac.length; at += 3) number = number * 256 + digit(mac, at) * 16 + digit(mac, at + 1);
  return number;
}

/** `a` to `f` have the codes from 97 on, and `0` to `9` those from 48 on. */
function digit(mac: Mac, at: number): number {
  const code = mac.charCodeAt(at);
  return code >= 97 ? code - 87 : code - 48;
}

/** The form of the kernel's `BOOTIF`: hardware type 01 (Ethernet), then the MAC with dashes. */
export function bootif(mac: Mac): string {
  const pair = (at: number): string => mac.slice(at, at + 2);
  return `01-${pair(0)}-${pair(3)}-${pair(6)}-${pair(9)}-${pair(12)}-${pair(15)}`;
}
