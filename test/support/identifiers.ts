import { type Address, parseAddress } from '../../src/core/identifiers/address.ts';
import { type Hostname, parseHostname } from '../../src/core/identifiers/hostname.ts';
import { type Mac, parseMac } from '../../src/core/identifiers/mac.ts';
import { type Nid, nidOf } from '../../src/core/identifiers/nid.ts';
import { parseTag, type Tag } from '../../src/core/identifiers/tag.ts';
import { parseXname, type Xname } from '../../src/core/identifiers/xname.ts';

/** Identifiers that a test knows to be good. */
export const macOf = (text: string): Mac => good(parseMac(text), text);
export const xnameOf = (text: string): Xname => good(parseXname(text), text);
export const tagOf = (text: string): Tag => good(parseTag(text), text);
export const addressOf = (text: string): Address => good(parseAddress(text), text);
export const hostnameOf = (text: string): Hostname => good(parseHostname(text), text);
export const nidFrom = (value: number): Nid => good(nidOf(value), value);

function good<T>(value: T | undefined, raw: string | number): T {
  if (value === undefined) throw new Error(`a test's identifier is none: ${raw}`);
  return value;
}
