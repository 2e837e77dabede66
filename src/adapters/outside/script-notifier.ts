import type { Log } from '../../ports/log.ts';
import type { ScriptNotifier } from '../../ports/outside.ts';
import { seldomWarning } from '../log/seldom-warning.ts';

export type NotifierOptions = {
  /** `<BSS_BOOTSCRIPT_NOTIFY_URL>`. */
  readonly url: string;
  /** How long a request may take. */
  readonly timeoutMs: number;
  readonly fetch: typeof fetch;
  readonly log: Log;
};

/** So many requests may be under way; more are not sent. */
const MAX_UNDER_WAY = 64;

/** Tells a URL of each script, as a form with the field `data`. */
export function scriptNotifier({ url, timeoutMs, fetch, log }: NotifierOptions): ScriptNotifier {
  const warnOfFailure = seldomWarning(log, 'BSS_BOOTSCRIPT_NOTIFY_URL cannot be told of scripts');
  const warnOfDrop = seldomWarning(log, 'BSS_BOOTSCRIPT_NOTIFY_URL is too slow to be told of every script');
  const underWay = new Set<{ readonly until: number }>();

  /** A Worker that is stopped in the middle of a request never comes to its end: the deadline has to do. */
  function forgetLost(now: number): void {
    for (const request of underWay) {
      if (request.until > now) break;
      underWay.delete(request);
    }
  }

  return {
    async notify(caller) {
      const now = performance.now();
      forgetLost(now);
      if (underWay.size >= MAX_UNDER_WAY) return warnOfDrop({ underWay: underWay.size });
      const request = { until: now + 2 * timeoutMs };
      underWay.add(request);
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams({ data: caller }).toString(),
          redirect: 'manual',
          signal: AbortSignal.timeout(timeoutMs),
        });
        await response.body?.cancel();
        if (!response.ok) warnOfFailure({ status: response.status });
      } catch (error) {
        warnOfFailure({ reason: reasonOf(error) });
      } finally {
        underWay.delete(request);
      }
    },
  };
}

/** The message of what an error came from in the end. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : reasonOf(error.cause);
}
