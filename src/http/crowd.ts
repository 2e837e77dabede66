import type { MiddlewareHandler } from 'hono';
import { turnedAway } from '../core/errors.ts';

/** So many requests that read, and so many that write, are worked on at once. Those who ask for scripts are not among them. */
const MOST = { reads: 500, writes: 1000 };
/** Seconds in which a full house has been worked off, about. */
const DRAINED_IN = 2;

/** Turns away what comes while too many are being worked on. Who reads keeps nobody from writing. */
export function limitCrowd(): MiddlewareHandler {
  const inside = { reads: 0, writes: 0 };
  return async function crowd(c, next) {
    const kind = c.req.method === 'GET' || c.req.method === 'HEAD' ? 'reads' : 'writes';
    if (inside[kind] >= MOST[kind]) throw turnedAway(DRAINED_IN);
    inside[kind] += 1;
    try {
      await next();
    } finally {
      inside[kind] -= 1;
    }
  };
}
