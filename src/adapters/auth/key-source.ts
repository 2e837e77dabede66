import type { LocalJWKSet } from 'jose';
import { ServiceError } from '../../core/errors.ts';
import type { Log } from '../../ports/log.ts';
import { readKeySet } from './key-set.ts';

/** A key server's keys, as far as they are known. Both throw `unavailable` when it would have to say more and cannot. */
export type KeySource = {
  /** Young keys, or the last ones while the server is away. */
  keys(): Promise<LocalJWKSet>;
  /** Keys that came after these; `undefined` when the server was asked just now and there are none. */
  newer(than: LocalJWKSet): Promise<LocalJWKSet | undefined>;
};

export type KeySourceOptions = {
  /** Of the JWKS. */
  readonly url: string;
  /** How long one request to the key server may take. */
  readonly timeoutMs: number;
  /** Whether calls may wait for one another's promises, which those of a Worker may not. */
  readonly sharing?: boolean;
  readonly fetch: typeof fetch;
  readonly log: Log;
};

/** Milliseconds after which keys are fetched again. */
const MAX_AGE = 600_000;
/** Milliseconds between two requests to the key server: strangers' tokens must not be able to hammer it. */
const COOLDOWN = 10_000;
/** Milliseconds between two looks at what became of another call's request. */
const GLANCE = 20;

/** One request to the key server. */
type Attempt = {
  /** When it began. */
  readonly at: number;
  state: 'under way' | 'good' | 'failed';
  /** Why it failed. */
  error?: unknown;
  /** Resolves when it is over. Only with `sharing`. */
  over?: Promise<void>;
};

/** The keys at a URL, fetched when first needed and never more often than the cooldown lets it. */
export function keySource({ url, timeoutMs, sharing = false, fetch, log }: KeySourceOptions): KeySource {
  let known: { readonly keys: LocalJWKSet; readonly at: number } | undefined;
  let last: Attempt = { at: Number.NEGATIVE_INFINITY, state: 'good' };

  async function load(attempt: Attempt): Promise<void> {
    try {
      const response = await fetch(url, {
        headers: { Accept: 'application/json, application/jwk-set+json' },
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (response.status !== 200) {
        await response.body?.cancel();
        throw new Error(`the key server answered ${response.status}`);
      }
      // Keys are as old as the question: what changes while the server answers may be missing from them.
      known = { keys: await readKeySet(await response.json()), at: attempt.at };
      attempt.state = 'good';
    } catch (error) {
      attempt.state = 'failed';
      attempt.error = error;
      log.error({ known: known !== undefined }, 'the key server cannot be asked', error);
    }
  }

  /** Asks the key server, unless that was done within the cooldown; waits for another call that is asking it. */
  async function refresh(): Promise<void> {
    // A Worker's request that is given up takes its attempt along: then it never ends, and somebody else makes one.
    while (last.state === 'under way' && ageOf(last) < 2 * timeoutMs) await (last.over ?? glance());
    if (last.state !== 'under way' && ageOf(last) < COOLDOWN) return;
    const attempt: Attempt = { at: performance.now(), state: 'under way' };
    last = attempt;
    const over = load(attempt);
    if (sharing) attempt.over = over;
    await over;
  }

  const unavailable = (): ServiceError =>
    new ServiceError('unavailable', 'the key server, by whose keys tokens are checked, cannot be asked', {
      cause: last.error,
    });

  return {
    async keys() {
      // While one call asks for younger keys, the others go on with the old ones.
      if (known === undefined || (ageOf(known) >= MAX_AGE && ageOf(last) >= COOLDOWN)) await refresh();
      if (known === undefined) throw unavailable();
      return known.keys;
    },
    async newer(than) {
      if (known?.keys === than) await refresh();
      if (known?.keys !== than) return known?.keys;
      if (last.state === 'failed') throw unavailable();
      return undefined;
    },
  };
}

function ageOf({ at }: { readonly at: number }): number {
  return performance.now() - at;
}

function glance(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, GLANCE));
}
