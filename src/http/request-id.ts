import type { Context } from 'hono';

/** What is taken from a client as its request's id: text that can do no harm in a log or header. */
const PATTERN = /^[\w=-]{1,255}$/;

/** The id of a request: the one that its client gave it, else a new one. */
export function requestIdOf(c: Context): string {
  const given = c.req.header('x-request-id');
  return given !== undefined && PATTERN.test(given) ? given : crypto.randomUUID();
}
