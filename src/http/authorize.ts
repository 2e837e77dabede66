import type { MiddlewareHandler } from 'hono';
import { ServiceError } from '../core/errors.ts';
import type { TokenVerifier } from '../ports/token-verifier.ts';

/** What a token must be good for where scopes count; who may write may read. */
const READ = 'bss:read';
const WRITE = 'bss:write';

/**
 * Lets a request pass only with a bearer token that holds and, with `scopes`, is good for what the request does.
 * OPTIONS passes without one.
 */
export function requireToken({
  verifier,
  scopes,
}: {
  readonly verifier: TokenVerifier;
  readonly scopes: boolean;
}): MiddlewareHandler {
  return async function token(c, next) {
    const { method } = c.req;
    if (method === 'OPTIONS') return next();
    const bearer = await verifier.verify(tokenOf(c.req.header('authorization')));
    if (scopes && !scopesFor(method).some((scope) => bearer.scopes.includes(scope))) {
      throw new ServiceError('forbidden', `${method} needs a token with the scope ${scopesFor(method).join(' or ')}`);
    }
    return next();
  };
}

function scopesFor(method: string): string[] {
  return method === 'GET' || method === 'HEAD' ? [READ, WRITE] : [WRITE];
}

/** The token of an `Authorization` header (RFC 6750). */
function tokenOf(header: string | undefined): string {
  if (header === undefined) throw new ServiceError('unauthorized', 'Authorization: a bearer token is needed');
  const token = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(header)?.[1];
  if (token === undefined) throw new ServiceError('unauthorized', 'Authorization: must be Bearer and a token');
  return token;
}
