import { Hono } from 'hono';
import { beforeEach, describe, expect, it } from 'vitest';
import { ServiceError } from '../../src/core/errors.ts';
import { requireToken } from '../../src/http/authorize.ts';
import { problemOf } from '../../src/http/problem.ts';
import type { TokenVerifier } from '../../src/ports/token-verifier.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** What the verifier was asked about. */
let asked: string[];
beforeEach(() => {
  asked = [];
});

/** Takes any token; its scopes are the words between the dots. */
const verifier: TokenVerifier = {
  async verify(token) {
    asked.push(token);
    if (token === 'expired') throw new ServiceError('unauthorized', 'the token has expired');
    if (token === 'unheard') throw new ServiceError('unavailable', 'the key server cannot be asked');
    return { subject: 'admin', scopes: token.split('.').map((word) => word.replace('_', ':')) };
  },
};

/** The answer of a service behind the guard, which says 200 to all that passes. */
async function ask(method: string, authorization?: string, scopes = false): Promise<Response> {
  const app = new Hono();
  app.use(requireToken({ verifier, scopes }));
  app.all('/', (c) => c.text('passed'));
  app.onError((error) => problemOf(error));
  return app.request('http://boot.example/', {
    method,
    headers: authorization ? { Authorization: authorization } : {},
  });
}

describe('Without scopes', () => {
  it.each(METHODS)('%s passes with any token that holds', async (method) => {
    expect((await ask(method, 'Bearer a.b.c')).status).toBe(200);
    expect(asked).toEqual(['a.b.c']);
  });

  it.each(METHODS)('%s is 401 without a token, and names the scheme', async (method) => {
    const answer = await ask(method);
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="bss-edge"']);
    expect(asked).toEqual([]);
  });

  it.each(['bearer a.b.c', 'BEARER a.b.c', 'BeArEr   a.b.c'])('the scheme counts in any case: %s', async (header) => {
    expect((await ask('GET', header)).status).toBe(200);
    expect(asked).toEqual(['a.b.c']);
  });

  it.each([
    'a.b.c',
    'Bearer',
    'Bearera.b.c',
    'Basic YTpi',
    'Token a.b.c',
    'Bearer a.b.c d.e.f',
    'Bearer a.b.c, Bearer d.e.f',
    'Bearer a,b',
    'Bearer "a.b.c"',
    'Bearer =',
    'Bearer ä',
  ])('what is no bearer token is 401 and not looked at: %s', async (header) => {
    const answer = await ask('GET', header);
    expect(answer.status).toBe(401);
    expect(await answer.json()).toEqual({
      type: 'about:blank',
      title: 'Unauthorized',
      status: 401,
      detail: 'Authorization: must be Bearer and a token',
    });
    expect(asked).toEqual([]);
  });

  it('a token that does not hold is 401, with the verifier’s reason', async () => {
    const answer = await ask('GET', 'Bearer expired');
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="bss-edge"']);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toMatchObject({ detail: 'the token has expired' });
  });

  it('a token of which nothing can be told is 503, with a time to come back', async () => {
    const answer = await ask('GET', 'Bearer unheard');
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([503, null]);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(5);
  });
});

describe('With scopes', () => {
  it.each(METHODS)('%s passes with bss:write', async (method) => {
    expect((await ask(method, 'Bearer openid.bss_write', true)).status).toBe(200);
  });

  it.each([
    ['GET', 200],
    ['HEAD', 200],
    ['POST', 403],
    ['PUT', 403],
    ['PATCH', 403],
    ['DELETE', 403],
    ['PROPFIND', 403],
  ])('%s with bss:read is %i', async (method, status) => {
    expect((await ask(method, 'Bearer bss_read', true)).status).toBe(status);
  });

  it.each(METHODS)('%s is 403 without a scope of ours', async (method) => {
    for (const token of ['openid', 'bss', 'bss_readonly', 'BSS_READ', 'bss_writer']) {
      expect((await ask(method, `Bearer ${token}`, true)).status).toBe(403);
    }
  });

  it('the answer names the scope that is missing', async () => {
    expect(await (await ask('GET', 'Bearer openid', true)).json()).toMatchObject({
      status: 403,
      detail: 'GET needs a token with the scope bss:read or bss:write',
    });
    expect(await (await ask('PUT', 'Bearer bss_read', true)).json()).toMatchObject({
      detail: 'PUT needs a token with the scope bss:write',
    });
  });

  it('a token that does not hold is 401', async () => {
    expect((await ask('GET', 'Bearer expired', true)).status).toBe(401);
    expect((await ask('GET', undefined, true)).status).toBe(401);
  });
});

it.each([true, false])('OPTIONS passes without a token (scopes: %s)', async (scopes) => {
  expect((await ask('OPTIONS', undefined, scopes)).status).toBe(200);
  expect((await ask('OPTIONS', 'Bearer expired', scopes)).status).toBe(200);
  expect(asked).toEqual([]);
});

it('the guard has a name', () => {
  expect(requireToken({ verifier, scopes: false }).name).toBe('token');
});
