import { ServiceError } from '../core/errors.ts';
import { type Mac, parseMac } from '../core/identifiers/mac.ts';
import { type Nid, parseNid } from '../core/identifiers/nid.ts';

/** All values of a key: it may be repeated, and each may be a list joined by commas. */
export function values(query: URLSearchParams, key: string): string[] {
  return query.getAll(key).flatMap((value) => value.split(','));
}

/** The first of the values that may be joined by commas. */
export function firstOf(value: string | undefined): string | undefined {
  const comma = value?.indexOf(',') ?? -1;
  return comma < 0 ? value : value?.slice(0, comma);
}

/** The first value of a key, or `undefined` when the key is not there. */
export function firstValue(query: URLSearchParams, key: string): string | undefined {
  return values(query, key)[0];
}

/** A NID of a query, or a problem that names the parameter. */
export function queryNid(text: string): Nid {
  const nid = parseNid(text);
  if (nid === undefined) throw new ServiceError('invalid', 'nid: must be a decimal number from 0 to 2147483647');
  return nid;
}

/** A MAC of a query, or a problem that names the parameter. */
export function queryMac(text: string): Mac {
  const mac = parseMac(text);
  if (mac === undefined) throw new ServiceError('invalid', 'mac: must be six pairs of hex digits joined by colons');
  return mac;
}
