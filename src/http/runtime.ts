import type { Context } from 'hono';

/** What a runtime knows of a request beside the request itself, and can do for it. */
export type Runtime = {
  /** The address of the other end of the connection. */
  peerAddress(c: Context): string | undefined;
  /** Its port; `undefined` when the runtime does not tell. */
  peerPort(c: Context): number | undefined;
  /** `X-Forwarded-For` as the other end sent it. */
  forwardedFor(c: Context): string | undefined;
  /** The body of a request of any method; for runtimes whose `Request` drops that of a GET. */
  body(c: Context): ReadableStream<Uint8Array> | null;
  /**
   * Resolves when a large request may be worked on: until its turn is ended no other large one is, where requests can
   * wait for one another. Throws `unavailable` when too many wait.
   */
  turn(c: Context): Promise<void>;
  /** Ends the turn of a request that has been worked on, if it took one. */
  endTurn(c: Context): void;
  /** Lets work go on behind the answer. It must not fail. */
  background(c: Context, work: Promise<void>): void;
};
