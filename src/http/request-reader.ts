/**
 * How a request is read, whichever server it came in by: scripts are asked for by the thousand, and Node answers them without
 * making anything else of a request first.
 */
export type RequestReader<Request> = {
  method(request: Request): string;
  /** A path or a whole URL, with the query. */
  url(request: Request): string;
  /** Whether it came in by TLS. */
  isSecure(request: Request): boolean;
  /** `name` is in lower case. */
  header(request: Request, name: string): string | undefined;
  /** The address of the other end of the connection. */
  peerAddress(request: Request): string | undefined;
  /** Its port; `undefined` when the runtime does not tell. */
  peerPort(request: Request): number | undefined;
  /** `X-Forwarded-For` as the other end sent it. */
  forwardedFor(request: Request): string | undefined;
  /** Lets work go on behind the answer. It must not fail. */
  background(request: Request, work: Promise<void>): void;
};
