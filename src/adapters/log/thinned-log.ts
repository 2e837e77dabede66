import type { Log, LogFields } from '../../ports/log.ts';

/** So many lines of one message are written in a second. */
const MOST = 10;
/** So many messages are counted. */
const MESSAGES = 1000;

/**
 * A log that thousands of nodes cannot flood: of each message some lines a second are written, and the next one behind them
 * says how many were `omitted`.
 */
export function thinnedLog(log: Log): Log {
  const counts = new Map<string, { second: number; written: number; omitted: number }>();

  function thin(write: (fields: LogFields, message: string) => void, fields: LogFields, message: string): void {
    const second = Math.floor(performance.now() / 1000);
    let count = counts.get(message);
    if (count === undefined) {
      if (counts.size >= MESSAGES) counts.clear();
      count = { second, written: 0, omitted: 0 };
      counts.set(message, count);
    }
    if (count.second !== second) Object.assign(count, { second, written: 0 });
    if (count.written >= MOST) {
      count.omitted += 1;
      return;
    }
    count.written += 1;
    write(count.omitted === 0 ? fields : { ...fields, omitted: count.omitted }, message);
    count.omitted = 0;
  }

  return {
    debug: log.debug,
    info: (fields, message) => thin(log.info, fields, message),
    warn: (fields, message) => thin(log.warn, fields, message),
    error: (fields, message, cause) => thin((more) => log.error(more, message, cause), fields, message),
  };
}
