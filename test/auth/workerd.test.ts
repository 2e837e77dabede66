import { convertV4MiniflareOptions, Miniflare, NoOpLog } from 'miniflare';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { type KeyServer, makeKey, type SigningKey } from '../support/key-server.ts';
import { workerBundle } from '../support/worker-bundle.ts';
import { claimsWith, keyServerForTest } from './verifier.ts';

const HELD = { subject: 'admin', scopes: [] };
const UNAVAILABLE = { code: 'unavailable', message: expect.any(String) };
const NO_KEY = { code: 'unauthorized', message: 'the token is signed by none of the known keys' };

let script: string;
let key: SigningKey;
let stranger: SigningKey;
let server: KeyServer;
let workerd: Miniflare;

beforeAll(async () => {
  script = (await workerBundle('neon', 'test/auth/worker.ts')).code;
  key = await makeKey('first');
  stranger = await makeKey('second');
});

beforeEach(async () => {
  server = await keyServerForTest([key]);
  workerd = new Miniflare(
    convertV4MiniflareOptions({
      host: '127.0.0.1',
      log: new NoOpLog(),
      cf: false,
      telemetry: { enabled: false },
      modules: [{ type: 'ESModule', path: 'worker.js', contents: script }],
      compatibilityDate: '2026-10-01',
      bindings: { JWKS_URL: server.url },
    }),
  );
  const url = await workerd.ready;
  verify = async (token) => (await fetch(url, { method: 'POST', body: token })).json();
  return () => workerd.dispose();
});

/** What the verifier says of a token, in a request of its own. */
let verify: (token: string) => Promise<unknown>;

it.each(['ES256', 'RS256', 'PS512', 'ES512', 'EdDSA'])('In workerd, a token signed with %s holds', async (alg) => {
  const other = await makeKey('other', alg);
  server.keys = [key.jwk, other.jwk];
  expect(await verify(await other.sign(claimsWith()))).toEqual(HELD);
  expect(await verify(await stranger.sign(claimsWith()))).toEqual(NO_KEY);
});

it('In workerd, requests that come together ask the key server once', async () => {
  server.mode = { slow: 200 };
  const good = await key.sign(claimsWith());
  const bad = await stranger.sign(claimsWith());
  const answers = await Promise.all(Array.from({ length: 60 }, (_, at) => verify(at % 2 === 0 ? good : bad)));
  expect(answers).toEqual(answers.map((_, at) => (at % 2 === 0 ? HELD : NO_KEY)));
  expect(server.requests).toBe(1);
});

it.each([
  ['is slow', 'hang'],
  ['stops in the middle of its answer', 'stall'],
  ['closes the connection', 'refuse'],
  ['sends elsewhere', { status: 302 }],
] as const)('In workerd, nothing can be told of a token while the key server %s', async (_, mode) => {
  server.mode = mode;
  const token = await key.sign(claimsWith());
  expect(await Promise.all([verify(token), verify(token)])).toEqual([UNAVAILABLE, UNAVAILABLE]);
  expect(server.requests).toBe(1);
});
