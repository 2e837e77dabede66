import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, send } from '../support/http-client.ts';
import { naming, type Place } from './places.ts';

/** What a record holds besides its identifiers. */
export type Boot = { readonly kernel?: string; readonly initrd?: string; readonly params?: string };

/** A request that names one or more places. */
export type Write = {
  /** Its own, among all writes of a run. */
  readonly id: string;
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly places: readonly Place[];
  readonly boot: Boot;
};

/** What became of it, as its client can tell. */
export type Outcome =
  | 'acknowledged'
  /** 4xx: nothing was done. */
  | 'refused'
  /** 503 with `Retry-After`. */
  | 'put off'
  /** Any other 5xx, and a 503 that does not say when to come again. */
  | 'failed'
  /** The connection broke, or nothing came. */
  | 'unanswered'
  /** Nobody was there to connect to: it was never sent. */
  | 'unsent';

/** Milliseconds that a client waits: longer than any gateway. */
const PATIENCE = 20_000;

/** Sends it, naming each place by whichever of its identifiers. */
export async function perform({ method, places, boot }: Write, origin: string): Promise<[Outcome, Answer | undefined]> {
  const body = { ...naming(places), ...boot };
  const patience = new AbortController();
  const tooLong = sleep(PATIENCE, undefined, { signal: patience.signal }).catch(() => undefined);
  try {
    const answer = await Promise.race([send(origin, method, '/boot/v1/bootparameters', body), tooLong]);
    return answer === undefined ? ['unanswered', undefined] : [outcomeOf(answer), answer];
  } catch (error) {
    const isNobodyThere = error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
    return [isNobodyThere ? 'unsent' : 'unanswered', undefined];
  } finally {
    patience.abort();
  }
}

function outcomeOf({ status, headers }: Answer): Outcome {
  if (status >= 200 && status < 300) return 'acknowledged';
  if (status >= 400 && status < 500) return 'refused';
  return status === 503 && headers['retry-after'] !== undefined ? 'put off' : 'failed';
}

/** What a place holds once a write that names it is done. */
export function after({ method, boot }: Pick<Write, 'method' | 'boot'>, before: Boot | undefined): Boot | undefined {
  if (method === 'DELETE') return undefined;
  return method === 'PATCH' ? { ...before, ...boot } : boot;
}

/** Whether two places hold the same. */
export function sameBoot(one: Boot | undefined, other: Boot | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.kernel === other.kernel && one.initrd === other.initrd && one.params === other.params;
}
