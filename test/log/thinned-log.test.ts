import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { thinnedLog } from '../../src/adapters/log/thinned-log.ts';
import type { LogFields } from '../../src/ports/log.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function notingLog() {
  const lines: [string, string, LogFields, unknown?][] = [];
  const log = thinnedLog({
    debug: (fields, message) => lines.push(['debug', message, fields]),
    info: (fields, message) => lines.push(['info', message, fields]),
    warn: (fields, message) => lines.push(['warn', message, fields]),
    error: (fields, message, cause) => lines.push(['error', message, fields, cause]),
  });
  return { lines, log };
}

it('Of one message ten lines a second are written, and the next says how many were omitted', () => {
  const { lines, log } = notingLog();
  const cause = new Error('away');
  for (let count = 0; count < 25; count++) log.error({ count }, 'no answer', cause);
  expect(lines).toEqual(Array.from({ length: 10 }, (_, count) => ['error', 'no answer', { count }, cause]));
  vi.advanceTimersByTime(1000);
  log.error({ count: 25 }, 'no answer', cause);
  log.error({ count: 26 }, 'no answer', cause);
  expect(lines.slice(10)).toEqual([
    ['error', 'no answer', { count: 25, omitted: 15 }, cause],
    ['error', 'no answer', { count: 26 }, cause],
  ]);
});

it('Other messages are not omitted for one that comes often, and debug lines never', () => {
  const { lines, log } = notingLog();
  for (let count = 0; count < 25; count++) {
    log.info({}, 'refused');
    log.debug({}, 'script');
  }
  log.warn({}, 'rare');
  expect(lines.filter(([, message]) => message === 'refused')).toHaveLength(10);
  expect(lines.filter(([, message]) => message === 'script')).toHaveLength(25);
  expect(lines.at(-1)).toEqual(['warn', 'rare', {}]);
});
