import {
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  type JWTVerifyOptions,
  jwtVerify,
  type LocalJWKSet,
  type ProtectedHeaderParameters,
} from 'jose';
import * as v from 'valibot';
import type { Bearer, TokenVerifier } from '../../ports/token-verifier.ts';
import { ALGORITHMS } from './key-set.ts';
import { type KeySourceOptions, keySource } from './key-source.ts';
import { refusalOf, refuse } from './refusal.ts';

export type JwksVerifierOptions = KeySourceOptions & {
  /** What `iss` must be; `undefined` lets any pass. */
  readonly issuer: string | undefined;
  /** What `aud` must be or hold; `undefined` lets any pass. */
  readonly audience: string | undefined;
};

/** Seconds by which the clocks of an issuer and of this service may differ. */
const TOLERANCE = 30;

const text = v.pipe(v.string(), v.nonEmpty());

/** The claims that are read here; jose has checked the others. */
const claims = v.object({
  sub: text,
  iss: text,
  aud: v.union([text, v.pipe(v.array(text), v.nonEmpty())]),
  iat: v.optional(v.number()),
  scope: v.optional(v.unknown()),
  scp: v.optional(v.unknown()),
});

/** Checks tokens (JWT) by the keys of a key server (JWKS). Asks for no key before a token comes that keys can vouch for. */
export function jwksVerifier({ issuer, audience, ...options }: JwksVerifierOptions): TokenVerifier {
  const source = keySource(options);
  const checks: JWTVerifyOptions = {
    algorithms: ALGORITHMS,
    clockTolerance: TOLERANCE,
    ...(issuer !== undefined && { issuer }),
    ...(audience !== undefined && { audience }),
  };

  /** What a token says, if one of these keys signed it. */
  async function read(token: string, keys: LocalJWKSet): Promise<JWTPayload> {
    try {
      return (await jwtVerify(token, keys, checks)).payload;
    } catch (error) {
      if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
      // The token does not say which of several keys signed it.
      for await (const key of error) {
        try {
          return (await jwtVerify(token, key, checks)).payload;
        } catch (reason) {
          if (!(reason instanceof errors.JWSSignatureVerificationFailed)) throw reason;
        }
      }
      throw new errors.JWKSNoMatchingKey();
    }
  }

  /** What a token says, if a key signed it that is known or that the key server tells of now. */
  async function payloadOf(token: string): Promise<JWTPayload> {
    const { kid } = headerOf(token);
    const known = await source.keys();
    try {
      return await read(token, known);
    } catch (error) {
      const isOfUnknownKey =
        error instanceof errors.JWKSNoMatchingKey ||
        (kid === undefined && error instanceof errors.JWSSignatureVerificationFailed);
      const newer = isOfUnknownKey ? await source.newer(known) : undefined;
      if (newer === undefined) throw error;
      return await read(token, newer);
    }
  }

  return {
    async verify(token) {
      try {
        return bearerOf(await payloadOf(token));
      } catch (error) {
        throw refusalOf(error);
      }
    },
  };
}

/** The header of a token. Throws for one that no key could vouch for: the key server is not asked for its sake. */
function headerOf(token: string): ProtectedHeaderParameters {
  let header: ProtectedHeaderParameters;
  try {
    header = decodeProtectedHeader(token);
  } catch {
    throw new errors.JWSInvalid();
  }
  if (header.alg === undefined || !ALGORITHMS.includes(header.alg)) throw new errors.JOSEAlgNotAllowed();
  return header;
}

/** The bearer by a token's claims, once its signature and its times hold. */
function bearerOf(payload: JWTPayload): Bearer {
  const parsed = v.safeParse(claims, payload);
  if (!parsed.success) throw refuse(`lacks the claim ${String(parsed.issues[0].path?.[0]?.key)}`);
  const { sub, iat, scope, scp } = parsed.output;
  if (iat !== undefined && iat > Date.now() / 1000 + TOLERANCE) throw refuse('was issued in the future');
  return { subject: sub, scopes: wordsOf(scope ?? scp) };
}

/** The words of a text, or the texts of a list; none of anything else. */
function wordsOf(claim: unknown): string[] {
  if (typeof claim === 'string') return claim.split(' ').filter((word) => word !== '');
  return Array.isArray(claim) ? claim.filter((word) => typeof word === 'string') : [];
}
