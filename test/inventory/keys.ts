import type { AddressKey, NodeKey } from '../../src/core/component.ts';
import { parseHostname } from '../../src/core/identifiers/hostname.ts';
import { addressOf, macOf, nidFrom, xnameOf } from '../support/identifiers.ts';

/** Keys of identifiers that a test knows to be good. */
export const byMac = (mac: string): NodeKey => ({ kind: 'mac', mac: macOf(mac) });
export const byXname = (xname: string): NodeKey => ({ kind: 'xname', xname: xnameOf(xname) });
export const byNid = (nid: number): NodeKey => ({ kind: 'nid', nid: nidFrom(nid) });
export const byHostname = (name: string): NodeKey => {
  const hostname = parseHostname(name);
  if (hostname === undefined) throw new Error(`a test's host name is none: ${name}`);
  return { kind: 'hostname', hostname };
};
export const byAddress = (address: string): AddressKey => ({ kind: 'address', address: addressOf(address) });
