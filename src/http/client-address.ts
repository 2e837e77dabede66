import { type Address, parseAddress } from '../core/identifiers/address.ts';
import type { AppDeps } from './deps.ts';
import type { RequestReader } from './request-reader.ts';

/** Who asks: its address, and its port when that is known. */
export type Caller = { readonly address: Address; readonly port: number | undefined };

/**
 * Who sent a request: the other end of the connection, or, when that is a trusted proxy, the last that it says it was
 * asked by. `undefined` when that is no address.
 */
export function callerOf<Request>(
  request: Request,
  reader: Pick<RequestReader<Request>, 'peerAddress' | 'peerPort' | 'forwardedFor'>,
  { isTrustedProxy }: Pick<AppDeps, 'isTrustedProxy'>,
): Caller | undefined {
  const peer = reader.peerAddress(request);
  const forwarded = isTrustedProxy(peer) ? reader.forwardedFor(request) : undefined;
  if (forwarded !== undefined && forwarded.trim() !== '') return parseEntry(forwarded.split(',').at(-1)?.trim());
  const address = parseAddress(peer ?? '');
  return address && { address, port: reader.peerPort(request) };
}

/** `address`, `address:port`, `[v6]` or `[v6]:port`. */
function parseEntry(entry: string | undefined): Caller | undefined {
  const parts = /^\[([^\]]*)\](?::([0-9]{1,5}))?$|^([0-9.]+):([0-9]{1,5})$/.exec(entry ?? '');
  const address = parseAddress(parts?.[1] ?? parts?.[3] ?? entry ?? '');
  const port = parts?.[2] ?? parts?.[4];
  return address && { address, port: port === undefined ? undefined : Number(port) };
}

/** `address:port`, with an IPv6 address in brackets; port 0 when it is not known. */
export function describeCaller({ address, port = 0 }: Caller): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}
