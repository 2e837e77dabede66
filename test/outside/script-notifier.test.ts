import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { scriptNotifier } from '../../src/adapters/outside/script-notifier.ts';
import type { ScriptNotifier } from '../../src/ports/outside.ts';
import { freePort } from '../support/postgres.ts';
import { type FormServerMode, formServer } from './form-server.ts';
import { type Line, recordedLog } from './recorded-log.ts';

const CALLER = '10.0.0.9:49152';
const FAILED = 'BSS_BOOTSCRIPT_NOTIFY_URL cannot be told of scripts';
const DROPPED = 'BSS_BOOTSCRIPT_NOTIFY_URL is too slow to be told of every script';

/** A notifier, and what it says in the log. */
function notifierOf(url: string, timeoutMs = 5000, send: typeof fetch = (...args) => fetch(...args)) {
  const log = recordedLog();
  const notifier: ScriptNotifier = scriptNotifier({ url, timeoutMs, fetch: send, log });
  return { notify: notifier.notify, lines: log.lines };
}

const warning = (message: string, fields: Line['fields']): Line => ({ level: 'warn', message, fields });

describe('Who wants to know of scripts', () => {
  it.each([
    [CALLER, 'data=10.0.0.9%3A49152'],
    ['[fd00::9]:49152', 'data=%5Bfd00%3A%3A9%5D%3A49152'],
  ])('is told of %s as a form', async (caller, body) => {
    const server = await formServer({ status: 200, text: 'thank you' });
    const { notify, lines } = notifierOf(`${server.url}/notify?site=1`);
    await notify(caller);
    const contentType = 'application/x-www-form-urlencoded';
    expect(server.requests).toEqual([{ line: 'POST /notify?site=1', contentType, body }]);
    expect(new URLSearchParams(body).get('data')).toBe(caller);
    expect(lines).toEqual([]);
  });

  it('need not say anything', async () => {
    const server = await formServer({ status: 204 });
    const { notify, lines } = notifierOf(server.url);
    await notify(CALLER);
    expect([server.requests.length, lines]).toEqual([1, []]);
  });

  it.each<[string, FormServerMode, Line['fields']]>([
    ['refuses', { status: 404, text: 'no' }, { status: 404 }],
    ['fails', { status: 500, text: 'no' }, { status: 500 }],
    ['sends elsewhere', { status: 307, headers: { Location: '/elsewhere' } }, { status: 307 }],
    ['does not answer in time', 'hang', { reason: expect.stringMatching(/timeout/i) }],
    ['closes the connection', 'refuse', { reason: expect.stringMatching(/./) }],
  ])('holds nobody up when it %s, and the log says so', async (_, mode, fields) => {
    const server = await formServer(mode);
    const { notify, lines } = notifierOf(server.url, 300);
    const started = performance.now();
    await notify(CALLER);
    await notify(CALLER);
    expect(performance.now() - started).toBeLessThan(2000);
    expect(server.requests.map(({ line }) => line)).toEqual(['POST /', 'POST /']);
    expect(lines).toEqual([warning(FAILED, { ...fields, count: 1 })]);
  });

  it.each(['stall', 'flood'] as const)('is not listened to: %s', async (mode) => {
    const server = await formServer(mode);
    const { notify, lines } = notifierOf(server.url);
    const started = performance.now();
    await notify(CALLER);
    expect(performance.now() - started).toBeLessThan(4000);
    await expect.poll(server.cut).toBe(1);
    expect(lines).toEqual([]);
  });

  it('may not be there at all', async () => {
    const port = await freePort();
    const { notify, lines } = notifierOf(`http://127.0.0.1:${port}/`);
    await notify(CALLER);
    expect(lines).toEqual([warning(FAILED, { reason: `connect ECONNREFUSED 127.0.0.1:${port}`, count: 1 })]);
  });

  it.each<[string, typeof fetch]>([
    ['throws', () => expect.fail('thrown')],
    ['rejects', () => Promise.reject(new Error('fetch failed', { cause: new Error('rejected') }))],
    ['rejects with no error', () => Promise.reject('rejected')],
  ])('is no danger when the runtime %s', async (_, send) => {
    const { notify, lines } = notifierOf('http://127.0.0.1/', 300, send);
    await expect(notify(CALLER)).resolves.toBeUndefined();
    expect(lines).toEqual([warning(FAILED, { reason: expect.stringMatching(/^(thrown|rejected)$/), count: 1 })]);
  });

  it('is told 64 things at a time, and not of what comes beyond', async () => {
    const server = await formServer('hang');
    const { notify, lines } = notifierOf(server.url, 2000);
    const told = Array.from({ length: 100 }, (_, at) => notify(`10.0.0.9:${at}`));
    await expect.poll(() => server.requests.length, { timeout: 5000 }).toBe(64);
    await Promise.all(told);
    expect(server.requests.map(({ body }) => body).sort()).toEqual(
      Array.from({ length: 64 }, (_, at) => `data=10.0.0.9%3A${at}`).sort(),
    );
    expect(lines).toEqual([
      warning(DROPPED, { underWay: 64, count: 1 }),
      warning(FAILED, { reason: expect.anything(), count: 1 }),
    ]);
    server.mode = { status: 200 };
    await notify(CALLER);
    expect(server.requests.at(-1)?.body).toBe('data=10.0.0.9%3A49152');
  });

  it('is told of later scripts, though requests were lost with those that waited for them', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    let sent = 0;
    const { notify } = notifierOf('http://127.0.0.1/', 2000, () => {
      sent += 1;
      return new Promise(() => {});
    });
    for (let at = 0; at < 100; at++) void notify(CALLER);
    expect(sent).toBe(64);
    vi.advanceTimersByTime(3999);
    void notify(CALLER);
    expect(sent).toBe(64);
    vi.advanceTimersByTime(1);
    for (let at = 0; at < 100; at++) void notify(CALLER);
    expect(sent).toBe(128);
  });
});
