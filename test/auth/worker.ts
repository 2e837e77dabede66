import { jwksVerifier } from '../../src/adapters/auth/jwks-verifier.ts';
import { ServiceError } from '../../src/core/errors.ts';
import type { TokenVerifier } from '../../src/ports/token-verifier.ts';
import { silentLog } from '../support/silent-log.ts';

let verifier: TokenVerifier | undefined;

/** A Worker that does nothing but verify the token in a request's body, with one verifier for all requests. */
export default {
  async fetch(request: Request, env: { readonly JWKS_URL: string }): Promise<Response> {
    verifier ??= jwksVerifier({
      url: env.JWKS_URL,
      issuer: undefined,
      audience: undefined,
      timeoutMs: 1000,
      fetch: (...args) => fetch(...args),
      log: silentLog,
    });
    try {
      return Response.json(await verifier.verify(await request.text()));
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return Response.json({ code: error.code, message: error.message });
    }
  },
};
