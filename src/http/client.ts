import type { Context } from 'hono';
import { isIn, type Network } from '../core/network.ts';

/** What a runtime knows of a request beside the request itself. */
export type Runtime = {
  /** The address of the other end of the connection. */
  peerAddress(c: Context): string | undefined;
  /** The body of a request of any method; for runtimes whose `Request` drops that of a GET. */
  body(c: Context): ReadableStream<Uint8Array> | null;
};

/** Whether a request comes from a proxy whose `X-Forwarded-*` headers are to be believed. */
export function isFromTrustedProxy(c: Context, runtime: Runtime, proxies: readonly Network[]): boolean {
  return proxies.length > 0 && isIn(proxies, runtime.peerAddress(c));
}
