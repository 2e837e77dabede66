import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { Metrics } from '../ports/metrics.ts';

/** The methods that there are; any other is one label. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Measures every request that gets so far, by the pattern of its path. */
export function measureRequests(metrics: Metrics): MiddlewareHandler {
  return async function measuredRequest(c, next) {
    const started = performance.now();
    await next();
    // The last that matches: those before it are of middleware. Where there is nothing, it is this one's own.
    const route = routePath(c, -1);
    const method = METHODS.has(c.req.method) ? c.req.method : 'other';
    metrics.request(route, method, c.res.status, performance.now() - started);
  };
}
