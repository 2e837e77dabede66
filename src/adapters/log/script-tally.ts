import type { Log } from '../../ports/log.ts';
import type { ScriptLog } from '../../ports/script-log.ts';

/** Every script at `debug`, and on each `summarise` one line at `info` that counts them by decision. */
export function scriptTally(log: Log): { readonly note: ScriptLog; summarise(): void } {
  const counts = new Map<string, number>();
  let slowest = 0;
  return {
    note(event) {
      counts.set(event.decision, (counts.get(event.decision) ?? 0) + 1);
      slowest = Math.max(slowest, event.milliseconds);
      log.debug({ ...event }, 'script');
    },
    summarise() {
      if (counts.size === 0) return;
      log.info({ ...Object.fromEntries(counts), slowestMilliseconds: Math.round(slowest) }, 'scripts');
      counts.clear();
      slowest = 0;
    },
  };
}
