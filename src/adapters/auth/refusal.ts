import { errors } from 'jose';
import { ServiceError } from '../../core/errors.ts';

/** A refusal of a token. It has no cause: jose's errors carry the token's claims. */
export function refuse(reason: string): ServiceError {
  return new ServiceError('unauthorized', `the token ${reason}`);
}

/** What jose's refusal of a token is for the caller; any other error as it is. */
export function refusalOf(error: unknown): unknown {
  const reason = error instanceof errors.JOSEError ? reasonOf(error) : undefined;
  return reason === undefined ? error : refuse(reason);
}

/** By jose's code, or by the claim that does not hold. */
const REASONS = new Map<string, string>([
  [errors.JWSInvalid.code, 'is no signed JWT'],
  [errors.JWTInvalid.code, 'is no signed JWT'],
  [errors.JOSENotSupported.code, 'has a critical header that is not known here'],
  [errors.JOSEAlgNotAllowed.code, 'is signed with an algorithm that is not accepted'],
  [errors.JWSSignatureVerificationFailed.code, 'has a signature that does not hold'],
  [errors.JWKSNoMatchingKey.code, 'is signed by none of the known keys'],
  [errors.JWTExpired.code, 'has expired'],
  ['nbf', 'is not valid yet'],
  ['iss', 'is from another issuer'],
  ['aud', 'is for another audience'],
]);

function reasonOf(error: errors.JOSEError): string | undefined {
  if (!(error instanceof errors.JWTClaimValidationFailed)) return REASONS.get(error.code);
  if (error.reason === 'missing') return `lacks the claim ${error.claim}`;
  if (error.reason === 'invalid') return `has a claim ${error.claim} that is no time`;
  return REASONS.get(error.claim);
}
