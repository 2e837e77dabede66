import { expect, onTestFinished, vi } from 'vitest';
import { type JwksVerifierOptions, jwksVerifier } from '../../src/adapters/auth/jwks-verifier.ts';
import { ServiceError } from '../../src/core/errors.ts';
import type { TokenVerifier } from '../../src/ports/token-verifier.ts';
import { type KeyServer, type Members, type SigningKey, startKeyServer } from '../support/key-server.ts';
import { silentLog } from '../support/silent-log.ts';

/** A key server until the running test ends. */
export async function keyServerForTest(keys: readonly SigningKey[]): Promise<KeyServer> {
  const server = await startKeyServer(keys);
  onTestFinished(server.stop);
  return server;
}

/** A verifier that asks a key server. */
export function verifierOf(
  { url }: Pick<KeyServer, 'url'>,
  options: Partial<Omit<JwksVerifierOptions, 'url'>> = {},
): TokenVerifier {
  return jwksVerifier({
    url,
    issuer: undefined,
    audience: undefined,
    timeoutMs: 2000,
    fetch: (...args) => fetch(...args),
    log: silentLog,
    ...options,
  });
}

/** Claims that hold, and these laid over them. */
export function claimsWith(changes: Members = {}): Members {
  return { sub: 'admin', iss: 'https://issuer.example', aud: 'bss', iat: now(), exp: now() + 300, ...changes };
}

/** Seconds, as in claims. */
export function now(): number {
  return Math.floor(Date.now() / 1000);
}

/** Stops all clocks until the running test ends; timers go on, so that requests do. */
export function stopClocks(): void {
  vi.useFakeTimers({ toFake: ['Date', 'performance'], now: 1_800_000_000_000 });
  onTestFinished(() => void vi.useRealTimers());
}

/** Puts the clocks on by milliseconds. */
export function pass(ms: number): void {
  vi.advanceTimersByTime(ms);
}

/** Expects the refusal of a token, in a sentence of our own that holds nothing of it. */
export async function expectRefused(verifier: TokenVerifier, token: string, message: string): Promise<void> {
  const error = await refusalOf(verifier, token);
  expect(error).toBeInstanceOf(ServiceError);
  expect(error).toMatchObject({ code: 'unauthorized', message });
  expect(error).not.toHaveProperty('cause');
}

/** Expects that it cannot be told whether a token holds. */
export async function expectUnavailable(verifier: TokenVerifier, token: string): Promise<void> {
  const error = await refusalOf(verifier, token);
  expect(error).toBeInstanceOf(ServiceError);
  expect(error).toMatchObject({ code: 'unavailable', cause: expect.any(Error) });
}

function refusalOf(verifier: TokenVerifier, token: string): Promise<unknown> {
  return verifier.verify(token).then(
    ({ subject }) => expect.fail(`let ${subject} pass`),
    (reason: unknown) => reason,
  );
}
