import type { Context } from 'hono';
import type { RequestReader } from './request-reader.ts';

/** What a runtime knows of a request beside the request itself, and can do for it. */
export type Runtime = Pick<RequestReader<Context>, 'peerAddress' | 'peerPort' | 'forwardedFor' | 'background'> & {
  /** The body of a request of any method; for runtimes whose `Request` drops that of a GET. */
  body(c: Context): ReadableStream<Uint8Array> | null;
  /**
   * Resolves when a large request may be worked on: until its turn is ended no other large one is, where requests can
   * wait for one another. Throws `unavailable` when too many wait.
   */
  turn(c: Context): Promise<void>;
  /** Ends the turn of a request that has been worked on, if it took one. */
  endTurn(c: Context): void;
};

/** How Hono's requests are read on this runtime. */
export function contextReader(runtime: Runtime): RequestReader<Context> {
  return {
    ...runtime,
    method: (c) => c.req.method,
    url: (c) => c.req.url,
    isSecure: (c) => c.req.url.startsWith('https:'),
    header: (c, name) => c.req.header(name),
  };
}
