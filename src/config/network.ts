import ipaddr from 'ipaddr.js';
import { parseAddress } from '../core/identifiers/address.ts';

/** An address block, as `[address, prefix length]`. */
export type Network = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Reads a network in CIDR notation, or a single address. */
export function parseNetwork(text: string): Network | undefined {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  const plain = parseAddress(text);
  if (plain === undefined) return undefined;
  const address = ipaddr.parse(plain);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

/** Whether an address is in one of some networks; an IPv4 address may come mapped into IPv6. */
export function isIn(networks: readonly Network[], text: string | undefined): boolean {
  if (networks.length === 0) return false;
  const plain = parseAddress(text ?? '');
  if (plain === undefined) return false;
  const address = ipaddr.parse(plain);
  return networks.some(([base, bits]) => base.kind() === address.kind() && address.match(base, bits));
}
