/** What is taken from a client as its request's id: text that can do no harm in a log or header. */
const PATTERN = /^[\w=-]{1,255}$/;

/** The id of a request: the one that its client gave it in `X-Request-Id`, else a new one. */
export function requestIdOf(header: string | undefined): string {
  return header !== undefined && PATTERN.test(header) ? header : newRequestId();
}

/** Digits of a UUID that count. */
const DIGITS = 12;

let beginning: string | undefined;
let count = 0;

/** A UUID of which the last part counts: nobody has to guess it, and a random one for each takes as long as much of a script. */
export function newRequestId(): string {
  // Not before a request: a Worker has no random numbers until then.
  beginning ??= crypto.randomUUID().slice(0, -DIGITS);
  count = (count + 1) % 16 ** DIGITS;
  return beginning + count.toString(16).padStart(DIGITS, '0');
}
