import { describe, expect, it } from 'vitest';
import { spireJoinTokens } from '../../src/adapters/outside/spire-join-tokens.ts';
import { ServiceError } from '../../src/core/errors.ts';
import type { JoinTokens } from '../../src/ports/outside.ts';
import { xnameOf } from '../support/identifiers.ts';
import { freePort } from '../support/postgres.ts';
import { silentLog } from '../support/silent-log.ts';
import { type FormServerMode, formServer } from './form-server.ts';
import { recordedLog } from './recorded-log.ts';

const TOKEN = 'aecbbf2b-14e5-4e2e-a7b2-864f05a49d0b';
const xname = xnameOf('x1000c0s0b0n0');
const good = { status: 200, text: JSON.stringify({ join_token: TOKEN }) };
const answer = (join_token: unknown): FormServerMode => ({ status: 200, text: JSON.stringify({ join_token }) });

const tokensOf = (url: string, { timeoutMs = 5000, log = silentLog } = {}): JoinTokens =>
  spireJoinTokens({ url, timeoutMs, fetch: (...args) => fetch(...args), log });

/** The error that a look-up ends with, and everything that it says about its causes. */
async function refusalOf(asked: Promise<string>): Promise<{ code: string; message: string; causes: string }> {
  const error = await asked.then(
    () => expect.fail('it gave a token'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ServiceError)) throw error;
  const causes: string[] = [];
  for (let { cause } = error; cause instanceof Error; cause = cause.cause) causes.push(String(cause.stack));
  return { code: error.code, message: error.message, causes: causes.join('\n') };
}

describe('A join token of SPIRE', () => {
  it.each([
    ['Compute', undefined, 'type=compute&xname=x1000c0s0b0n0'],
    ['cOMPUTE', 'UAN', 'type=compute&xname=x1000c0s0b0n0'],
    ['Application', 'UAN', 'type=uan&xname=x1000c0s0b0n0'],
    ['application', 'uan', 'type=uan&xname=x1000c0s0b0n0'],
    ['Application', 'Gateway', 'xname=x1000c0s0b0n0'],
    ['Application', undefined, 'xname=x1000c0s0b0n0'],
    ['Management', 'UAN', 'xname=x1000c0s0b0n0'],
    ['Computer', undefined, 'xname=x1000c0s0b0n0'],
    [undefined, 'UAN', 'xname=x1000c0s0b0n0'],
    [undefined, undefined, 'xname=x1000c0s0b0n0'],
  ])('for role %s and sub-role %s is asked for by %s', async (role, subRole, body) => {
    const server = await formServer(good);
    for (const url of [server.url, `${server.url}/`, `${server.url}/spire`]) {
      expect(await tokensOf(url).tokenFor({ xname, role, subRole })).toBe(TOKEN);
    }
    const contentType = 'application/x-www-form-urlencoded';
    expect(server.requests).toEqual([
      { line: 'POST /api/token', contentType, body },
      { line: 'POST /api/token', contentType, body },
      { line: 'POST /spire/api/token', contentType, body },
    ]);
  });

  it.each([200, 201, 202, 299])('comes with status %i', async (status) => {
    const server = await formServer({ ...good, status });
    expect(await tokensOf(server.url).tokenFor({ xname })).toBe(TOKEN);
  });

  it.each(['a', 'A.b_c~d+e/f-g=', 'x'.repeat(1024)])('may be %s', async (token) => {
    const server = await formServer(answer(token));
    expect(await tokensOf(server.url).tokenFor({ xname })).toBe(token);
  });

  it('is not asked for without an xname', async () => {
    const server = await formServer(good);
    expect(await refusalOf(tokensOf(server.url).tokenFor({ role: 'Compute' }))).toEqual({
      code: 'not_found',
      message: 'only a node with an xname can be given a SPIRE join token',
      causes: '',
    });
    expect(server.requests).toEqual([]);
  });

  it.each([400, 401, 403, 404, 409, 429, 499])('is refused to a node with status %i', async (status) => {
    const server = await formServer({ ...good, status });
    expect(await refusalOf(tokensOf(server.url).tokenFor({ xname }))).toEqual({
      code: 'not_found',
      message: 'the SPIRE token service refuses this node a join token',
      causes: '',
    });
  });

  it.each<[string, FormServerMode]>([
    ['does not answer in time', 'hang'],
    ['stops in the middle of its answer', 'stall'],
    ['breaks off in the middle of its answer', 'break'],
    ['closes the connection', 'refuse'],
    ['never ends its answer', 'flood'],
    ['answers with 500', { ...good, status: 500 }],
    ['answers with 503', { ...good, status: 503 }],
    ['answers with an unheard-of status', { ...good, status: 999 }],
    ['sends elsewhere', { ...good, status: 302, headers: { Location: '/elsewhere' } }],
    ['sends elsewhere for good', { ...good, status: 308, headers: { Location: '/elsewhere' } }],
    ['answers nothing', { status: 204 }],
    ['answers with an empty body', { status: 200, text: '' }],
    ['answers with a part of JSON', { status: 200, text: '{"join_token":"secret' }],
    ['answers with something behind JSON', { status: 200, text: '{"join_token":"secret"}secret' }],
    ['answers with HTML', { status: 200, text: '<title>secret</title>' }],
    ['answers with a text', { status: 200, text: '"secret"' }],
    ['answers with null', { status: 200, text: 'null' }],
    ['answers with a list', { status: 200, text: '[{"join_token":"secret"}]' }],
    ['answers without a token', { status: 200, text: '{"title":"secret"}' }],
    ['answers with no token', answer(null)],
    ['answers with a number', answer(7)],
    ['answers with an empty token', answer('')],
    ['answers with a token that is too long', answer('x'.repeat(1025))],
    ['answers with two words', answer('secret secret')],
    ['answers with a line break', answer('secret\n')],
    ['answers with a command', answer('secret||shell')],
    ['answers with a setting', answer('${secret}')],
    ['answers with a comment', answer('#secret')],
    ['answers with a letter that is not ASCII', answer('secreté')],
    ['answers at length', { status: 200, text: `${' '.repeat(10_000)}${good.text}` }],
  ])('is not to be had while the service %s', async (_, mode) => {
    const server = await formServer(mode);
    const log = recordedLog();
    const started = performance.now();
    const refusal = await refusalOf(tokensOf(server.url, { timeoutMs: 300, log }).tokenFor({ xname }));
    expect(performance.now() - started).toBeLessThan(2000);
    expect(refusal).toMatchObject({ code: 'unavailable', message: 'the SPIRE token service cannot be asked' });
    expect(refusal.causes).not.toBe('');
    expect(JSON.stringify([refusal, log.lines])).not.toContain('secret');
    expect(server.requests).toHaveLength(1);
    server.mode = good;
    expect(await tokensOf(server.url).tokenFor({ xname })).toBe(TOKEN);
  });

  it('is not to be had from nobody', async () => {
    const tokens = tokensOf(`http://127.0.0.1:${await freePort()}`);
    expect(await refusalOf(tokens.tokenFor({ xname }))).toMatchObject({ code: 'unavailable' });
  });

  it('is read no further than it can reach', async () => {
    const server = await formServer('flood');
    const refusal = await refusalOf(tokensOf(server.url).tokenFor({ xname }));
    expect(refusal.causes).toContain('longer than 8192 bytes');
    await expect.poll(server.cut).toBe(1);
  });

  it('stands in no log; that nodes are refused does, with one of them', async () => {
    const server = await formServer(good);
    const log = recordedLog();
    const tokens = tokensOf(server.url, { log });
    await tokens.tokenFor({ xname });
    expect(log.lines).toEqual([]);
    server.mode = { ...good, status: 403 };
    await refusalOf(tokens.tokenFor({ xname }));
    await refusalOf(tokens.tokenFor({ xname }));
    expect(log.lines).toEqual([
      {
        level: 'warn',
        fields: { xname, status: 403, count: 1 },
        message: 'the SPIRE token service refuses join tokens',
      },
    ]);
  });
});
