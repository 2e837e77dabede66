import { expect, it, onTestFinished, vi } from 'vitest';
import { seldomWarning } from '../../src/adapters/log/seldom-warning.ts';
import { recordedLog } from '../outside/recorded-log.ts';

it('A warning that comes often is written at once, and then at most once a minute, with how often it has come', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const log = recordedLog();
  const warn = seldomWarning(log, 'it fails');
  const other = seldomWarning(log, 'it fails otherwise');

  warn({ status: 500 });
  for (let times = 0; times < 59; times++) {
    vi.advanceTimersByTime(1000);
    warn({ status: 501 });
  }
  expect(log.lines).toEqual([{ level: 'warn', message: 'it fails', fields: { status: 500, count: 1 } }]);
  other({});
  vi.advanceTimersByTime(1000);
  warn({ status: 502 });
  warn({ status: 503 });
  vi.advanceTimersByTime(600_000);
  warn({ status: 504 });
  expect(log.lines.slice(1)).toEqual([
    { level: 'warn', message: 'it fails otherwise', fields: { count: 1 } },
    { level: 'warn', message: 'it fails', fields: { status: 502, count: 60 } },
    { level: 'warn', message: 'it fails', fields: { status: 504, count: 2 } },
  ]);
});
