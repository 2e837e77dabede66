/** What is taken from a client as its request's id: text that can do no harm in a log or header. */
const PATTERN = /^[\w=-]{1,255}$/;

/** The id of a request: the one that its client gave it in `X-Request-Id`, else a new one. */
export function requestIdOf(header: string | undefined): string {
  return header !== undefined && PATTERN.test(header) ? header : crypto.randomUUID();
}
