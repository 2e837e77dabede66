import ipaddr from 'ipaddr.js';

/** An address block, as `[address, prefix length]`. */
export type Network = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Reads a network in CIDR notation, or a single address. */
export function parseNetwork(text: string): Network | undefined {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  if (!isAddress(text)) return undefined;
  const address = ipaddr.process(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

/** Whether an address is in one of some networks; an IPv4 address may come mapped into IPv6. */
export function isIn(networks: readonly Network[], text: string | undefined): boolean {
  if (text === undefined || !isAddress(text)) return false;
  const address = ipaddr.process(text);
  return networks.some(([base, bits]) => base.kind() === address.kind() && address.match(base, bits));
}

/** Short forms of IPv4 (`10.1`, octal, hexadecimal) are not taken. */
function isAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
}
