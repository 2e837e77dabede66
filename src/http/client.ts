import type { Context } from 'hono';

/** What a runtime knows of a request beside the request itself. */
export type Runtime = {
  /** The address of the other end of the connection. */
  peerAddress(c: Context): string | undefined;
  /** The body of a request of any method; for runtimes whose `Request` drops that of a GET. */
  body(c: Context): ReadableStream<Uint8Array> | null;
};
