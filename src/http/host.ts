import type { MiddlewareHandler } from 'hono';
import { problem } from './problem.ts';

/** What a `Host` that is refused should have been. */
export const HOST_RULE = 'Host: must be a name or an address, with or without a port';

/** Reads a `Host` header: a name, an IPv4 address or `[IPv6]`, with or without a port. */
export function parseHost(text: string): string | undefined {
  const match = /^(?:[A-Za-z0-9][A-Za-z0-9._-]{0,252}|\[[0-9A-Fa-f:.]{2,45}\])(?::([0-9]{1,5}))?$/.exec(text);
  if (match === null || Number(match[1] ?? 0) > 65535) return undefined;
  return URL.canParse(`http://${text}`) ? text.toLowerCase() : undefined;
}

/** Refuses a request whose `Host` could not stand in a URL. */
export function requireHost(): MiddlewareHandler {
  return async function host(c, next) {
    if (parseHost(c.req.header('host') ?? '') === undefined) {
      return problem(400, HOST_RULE);
    }
    return next();
  };
}
