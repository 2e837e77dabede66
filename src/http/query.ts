import { ServiceError } from '../core/errors.ts';
import { type Mac, parseMac } from '../core/identifiers/mac.ts';
import { type Nid, parseNid } from '../core/identifiers/nid.ts';

/** All values of a key: it may be repeated, and each may be a list joined by commas. */
export function values(query: URLSearchParams, key: string): string[] {
  return query.getAll(key).flatMap((value) => value.split(','));
}

/** The query of a URL, without reading the rest of it. */
export function queryOf(url: string): URLSearchParams {
  const begin = url.indexOf('?');
  const end = url.indexOf('#');
  if (begin < 0 || (end >= 0 && end < begin)) return new URLSearchParams();
  return new URLSearchParams(url.slice(begin + 1, end < 0 ? undefined : end));
}

/** The first value of a key, or `undefined` when the key is not there. */
export function firstValue(query: URLSearchParams, key: string): string | undefined {
  const value = query.get(key) ?? undefined;
  const comma = value?.indexOf(',') ?? -1;
  return comma < 0 ? value : value?.slice(0, comma);
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
