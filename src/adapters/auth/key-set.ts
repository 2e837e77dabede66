import { createLocalJWKSet, importJWK, type JWK, type LocalJWKSet } from 'jose';
import * as v from 'valibot';

/** What tokens may be signed with: asymmetric algorithms only, whatever a key server holds. */
export const ALGORITHMS: string[] = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];

/** Bits of an RSA key: shorter ones check nothing. */
const LEAST_RSA = 2048;

/** By curve, or else by type of key: an algorithm of a key that names none, to try it with. */
const ALGORITHM_OF = new Map([
  ['RSA', 'RS256'],
  ['P-256', 'ES256'],
  ['P-384', 'ES384'],
  ['P-521', 'ES512'],
  ['Ed25519', 'EdDSA'],
]);

const text = v.exactOptional(v.string());

/** A public key for signatures. One whose private half is published vouches for nobody. */
const publicKey = v.object({
  kty: v.picklist(['RSA', 'EC', 'OKP']),
  use: v.exactOptional(v.literal('sig')),
  key_ops: v.exactOptional(v.pipe(v.array(v.string()), v.includes('verify'))),
  d: v.exactOptional(v.never()),
  kid: text,
  alg: text,
  crv: text,
  x: text,
  y: text,
  n: text,
  e: text,
});

const keySet = v.object({ keys: v.array(v.unknown()) });

/**
 * Reads a JWKS: of its keys those that signatures can be checked with, for there may be others (RFC 7517, section 5).
 * Throws when there is none.
 */
export async function readKeySet(json: unknown): Promise<LocalJWKSet> {
  const read = await Promise.all(v.parse(keySet, json).keys.map(readKey));
  const keys = read.filter((key) => key !== undefined);
  if (keys.length === 0) throw new Error('the key set holds no key that a signature can be checked with');
  return createLocalJWKSet({ keys });
}

async function readKey(json: unknown): Promise<JWK | undefined> {
  const parsed = v.safeParse(publicKey, json);
  if (!parsed.success) return undefined;
  const { kty, crv, alg = ALGORITHM_OF.get(crv ?? kty) ?? '' } = parsed.output;
  if (!ALGORITHMS.includes(alg)) return undefined;
  try {
    const { algorithm } = await importJWK({ ...parsed.output, kty }, alg);
    const isShort = 'modulusLength' in algorithm && Number(algorithm.modulusLength) < LEAST_RSA;
    return isShort ? undefined : parsed.output;
  } catch {
    return undefined;
  }
}
