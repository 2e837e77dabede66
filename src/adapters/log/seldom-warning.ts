import type { Log, LogFields } from '../../ports/log.ts';

/** Milliseconds. */
const SILENCE = 60_000;

/**
 * A warning of what may happen for thousands of nodes at once. It is written at most once a minute, with the fields of
 * that time and `count`, how often it has come since it was last written.
 */
export function seldomWarning(log: Log, message: string): (fields: LogFields) => void {
  let count = 0;
  let silentUntil = 0;
  return (fields) => {
    count += 1;
    const now = performance.now();
    if (now < silentUntil) return;
    log.warn({ ...fields, count }, message);
    count = 0;
    silentUntil = now + SILENCE;
  };
}
