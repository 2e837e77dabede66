import type { Pause, ScriptForm } from './ipxe.ts';

/**
 * How long a node waits before it asks again. The `robust` form adds up to half of the delay, so that nodes that
 * were powered on together spread out; `random` is in [0, 1).
 */
export function pause(form: ScriptForm, delaySeconds: number, random: number): Pause {
  const jitter = form === 'robust' ? Math.floor(random * (Math.floor(delaySeconds / 2) + 1)) : 0;
  return { seconds: delaySeconds + jitter };
}
