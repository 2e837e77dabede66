import type { Log } from '../../ports/log.ts';
import type { ScriptLog } from '../../ports/script-log.ts';

/** Every script at `debug`, and on each `summarise` one line at `info` that counts them by decision. */
export function scriptTally(log: Log): { readonly note: ScriptLog; summarise(): void } {
  const counts = new Map<string, { scripts: number }>();
  let slowest = 0;
  return {
    note(event) {
      const count = counts.get(event.decision);
      if (count === undefined) counts.set(event.decision, { scripts: 1 });
      else count.scripts += 1;
      slowest = Math.max(slowest, event.milliseconds);
      log.debug(event, 'script');
    },
    summarise() {
      if (counts.size === 0) return;
      const byDecision = Array.from(counts, ([decision, { scripts }]) => [decision, scripts] as const);
      log.info({ ...Object.fromEntries(byDecision), slowestMilliseconds: Math.round(slowest) }, 'scripts');
      counts.clear();
      slowest = 0;
    },
  };
}
