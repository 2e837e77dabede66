import { generateKeyPairSync, sign as signBytes } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TokenVerifier } from '../../src/ports/token-verifier.ts';
import { forge, type KeyServer, type KeyServerMode, makeKey, type SigningKey } from '../support/key-server.ts';
import { silentLog } from '../support/silent-log.ts';
import {
  claimsWith,
  expectRefused,
  expectUnavailable,
  keyServerForTest,
  pass,
  stopClocks,
  verifierOf,
} from './verifier.ts';

const NO_KEY = 'the token is signed by none of the known keys';
const BAD_SIGNATURE = 'the token has a signature that does not hold';
/** Milliseconds: how long keys are young, and the least time between two requests. */
const MAX_AGE = 600_000;
const COOLDOWN = 10_000;
/** Milliseconds that a request may take here. */
const TIMEOUT = 150;

/** A key that is good, but not for what it is given out for. */
const OTHER = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });

const OUTAGES: readonly (readonly [string, KeyServerMode])[] = [
  ['closes the connection', 'refuse'],
  ['does not answer in time', 'hang'],
  ['answers too late', { slow: TIMEOUT + 100 }],
  ['stops in the middle of its answer', 'stall'],
  ['answers 500', { status: 500 }],
  ['answers 503', { status: 503 }],
  ['answers 404', { status: 404 }],
  ['answers 401', { status: 401 }],
  ['answers nothing', { status: 204 }],
  ['sends elsewhere', { status: 302 }],
  ['answers with a part of JSON', 'garbage'],
  ['answers with HTML', { text: '<!DOCTYPE html><title>Welcome</title>' }],
  ['answers with an empty body', { text: '' }],
  ['answers with null', { text: 'null' }],
  ['answers with a list', { text: '[]' }],
  ['answers with an error in place of keys', { text: '{"error":"try again later"}' }],
  ['answers with keys of a wrong type', { text: '{"keys":{}}' }],
  ['answers with a set without keys', 'empty'],
  ['answers with a set of keys for encryption', { text: JSON.stringify({ keys: [{ ...OTHER, use: 'enc' }] }) }],
  ['answers with a set of keys for agreement', { text: JSON.stringify({ keys: [{ ...OTHER, alg: 'ECDH-ES' }] }) }],
  [
    'answers with a set of keys that may only sign',
    { text: JSON.stringify({ keys: [{ ...OTHER, key_ops: ['sign'] }] }) },
  ],
  ['answers with a set of garbage', { text: '{"keys":[null,7,"key",[],{},{"kty":"EC"},{"kty":"RSA","n":"AQAB"}]}' }],
];

let first: SigningKey;
let second: SigningKey;
let server: KeyServer;
beforeAll(async () => {
  first = await makeKey('first');
  second = await makeKey('second');
});
beforeEach(async () => {
  stopClocks();
  server = await keyServerForTest([first]);
});

const tokenOf = (key: SigningKey, header = {}): Promise<string> => key.sign(claimsWith(), header);
const strangers = (count: number): Promise<string[]> =>
  Promise.all(Array.from({ length: count }, (_, at) => tokenOf(second, { kid: `stranger-${at}` })));

async function expectHeld(verifier: TokenVerifier, token: string): Promise<void> {
  expect(await verifier.verify(token)).toMatchObject({ subject: 'admin' });
}

describe.each([
  ['whose calls share a request', true],
  ['whose calls share nothing', false],
])('A verifier %s', (_, sharing) => {
  let verifier: TokenVerifier;
  beforeEach(() => {
    verifier = verifierOf(server, { sharing, timeoutMs: TIMEOUT });
  });

  describe('asks the key server', () => {
    it('for nothing until a token comes, and once for many tokens', async () => {
      expect(server.requests).toBe(0);
      for (let times = 0; times < 5; times++) await expectHeld(verifier, await tokenOf(first));
      expect(server.requests).toBe(1);
    });

    it('for nothing because of a token that keys cannot vouch for', async () => {
      await expectRefused(verifier, 'x.y.z', 'the token is no signed JWT');
      expect(server.requests).toBe(0);
    });

    it('once for tokens that come first and together', async () => {
      const token = await tokenOf(first);
      await Promise.all(Array.from({ length: 100 }, () => expectHeld(verifier, token)));
      expect(server.requests).toBe(1);
    });

    it('once for bad tokens that come first and together', async () => {
      await Promise.all((await strangers(100)).map((token) => expectRefused(verifier, token, NO_KEY)));
      expect(server.requests).toBe(1);
    });

    it('again when keys are ten minutes old', async () => {
      const token = await first.sign(claimsWith({ exp: undefined }));
      await expectHeld(verifier, token);
      pass(MAX_AGE - 1);
      await expectHeld(verifier, token);
      expect(server.requests).toBe(1);
      pass(1);
      await expectHeld(verifier, token);
      await expectHeld(verifier, token);
      expect(server.requests).toBe(2);
    });

    it('again for a kid that is not among the keys: they were rotated', async () => {
      await expectHeld(verifier, await tokenOf(first));
      pass(COOLDOWN);
      server.keys = [first.jwk, second.jwk];
      await expectHeld(verifier, await tokenOf(second));
      await expectHeld(verifier, await tokenOf(first));
      expect(server.requests).toBe(2);
    });

    it('again for a token without a kid that no key has signed', async () => {
      const [old, young] = [await makeKey(undefined), await makeKey(undefined)];
      server.keys = [old.jwk];
      await expectHeld(verifier, await tokenOf(old));
      pass(COOLDOWN);
      server.keys = [young.jwk];
      await expectHeld(verifier, await tokenOf(young));
      await expectRefused(verifier, await tokenOf(old), BAD_SIGNATURE);
      expect(server.requests).toBe(2);
    });

    it('once for tokens of a new key that come together', async () => {
      await expectHeld(verifier, await tokenOf(first));
      pass(COOLDOWN);
      server.keys = [second.jwk];
      const token = await tokenOf(second);
      await Promise.all(Array.from({ length: 100 }, () => expectHeld(verifier, token)));
      expect(server.requests).toBe(2);
    });

    it('not again for a known kid whose signature does not hold', async () => {
      await expectHeld(verifier, await tokenOf(first));
      pass(COOLDOWN);
      const token = await tokenOf(second, { kid: 'first' });
      await expectRefused(verifier, token, BAD_SIGNATURE);
      expect(server.requests).toBe(1);
    });

    it('at most once in ten seconds, whatever strangers send', async () => {
      const tokens = await strangers(100);
      await expectHeld(verifier, await tokenOf(first));
      for (let seconds = 0; seconds <= 20; seconds += 5) {
        await Promise.all(tokens.map((token) => expectRefused(verifier, token, NO_KEY)));
        expect(server.requests).toBe(1 + Math.floor(seconds / 10));
        pass(5000);
      }
    });

    it('with nothing but the key set in mind', async () => {
      const asked: [string, RequestInit][] = [];
      const curious = verifierOf(server, {
        sharing,
        fetch: (url, init = {}) => {
          asked.push([String(url), init]);
          return fetch(url, init);
        },
      });
      await expectHeld(curious, await tokenOf(first));
      expect(asked).toEqual([[server.url, expect.objectContaining({ redirect: 'manual' })]]);
      expect(JSON.stringify(asked)).not.toMatch(/authorization/i);
    });
  });

  it('no longer takes a key that was withdrawn, once its keys are ten minutes old', async () => {
    const token = await first.sign(claimsWith({ exp: undefined }));
    await expectHeld(verifier, token);
    server.keys = [second.jwk];
    pass(MAX_AGE);
    await expectRefused(verifier, token, NO_KEY);
  });

  it('refuses the token of a new key within ten seconds of asking, and takes it then', async () => {
    await expectHeld(verifier, await tokenOf(first));
    server.keys = [first.jwk, second.jwk];
    pass(COOLDOWN - 1);
    await expectRefused(verifier, await tokenOf(second), NO_KEY);
    pass(1);
    await expectHeld(verifier, await tokenOf(second));
  });

  it('passes over keys that it has no use for', async () => {
    server.keys = [
      null,
      { kty: 'AKP', kid: 'first', alg: 'ML-DSA-44', pub: 'AQAB' },
      { kty: 'oct', kid: 'first', k: 'AQAB' },
      { ...first.jwk, use: 'enc' },
      { ...first.jwk, key_ops: ['sign'] },
      { ...first.jwk, x: 'AQAB' },
      { ...first.jwk, crv: 'P-384' },
      { ...first.jwk, alg: 'ECDH-ES' },
      first.jwk,
    ];
    await expectHeld(verifier, await tokenOf(first));
  });

  it('does not trust a key whose private half is published', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    server.keys = [first.jwk, { ...privateKey.export({ format: 'jwk' }), kid: 'open' }];
    const sign = (input: string): Uint8Array => signBytes(null, Buffer.from(input), privateKey);
    await expectRefused(verifier, forge({ alg: 'EdDSA', kid: 'open' }, claimsWith(), sign), NO_KEY);
  });

  describe.each(OUTAGES)('while the key server %s', (_, mode) => {
    it('cannot tell of any token, if it knows no keys', async () => {
      server.mode = mode;
      await expectUnavailable(verifier, await tokenOf(first));
      await expectUnavailable(verifier, await tokenOf(second));
      expect(server.requests).toBe(1);
      pass(COOLDOWN);
      server.mode = 'healthy';
      await expectHeld(verifier, await tokenOf(first));
    });

    it('goes on with the keys that it knows, however old, and asks once in ten seconds', async () => {
      const token = await first.sign(claimsWith({ exp: undefined }));
      await expectHeld(verifier, token);
      server.mode = mode;
      for (const ms of [MAX_AGE, 0, COOLDOWN - 1]) {
        pass(ms);
        await expectHeld(verifier, token);
        await expectRefused(verifier, await tokenOf(second, { kid: 'first' }), BAD_SIGNATURE);
        expect(server.requests).toBe(2);
      }
      pass(1);
      await expectHeld(verifier, token);
      expect(server.requests).toBe(3);
      pass(100 * MAX_AGE);
      await expectHeld(verifier, token);
    });

    it('cannot tell of a token whose kid it does not know', async () => {
      await expectHeld(verifier, await tokenOf(first));
      pass(COOLDOWN);
      server.mode = mode;
      await expectUnavailable(verifier, await tokenOf(second));
      await expectUnavailable(verifier, await tokenOf(second));
      expect(server.requests).toBe(2);
      server.mode = 'healthy';
      server.keys = [second.jwk];
      pass(COOLDOWN);
      await expectHeld(verifier, await tokenOf(second));
    });
  });

  it('cannot tell of any token while the key server is not there at all', async () => {
    await server.stop();
    await expectUnavailable(verifier, await tokenOf(first));
  });

  it('writes each request that failed to the log, with its reason', async () => {
    const lines: unknown[] = [];
    const error = (...line: unknown[]): number => lines.push(line);
    const heard = verifierOf(server, { sharing, timeoutMs: TIMEOUT, log: { ...silentLog, error } });
    server.mode = { status: 500 };
    await Promise.all((await strangers(10)).map((token) => expectUnavailable(heard, token)));
    expect(lines).toEqual([
      [{ known: false }, 'the key server cannot be asked', new Error('the key server answered 500')],
    ]);
  });

  it('asks once for a hundred tokens of unknown keys while the key server is slow to fail', async () => {
    await expectHeld(verifier, await tokenOf(first));
    pass(COOLDOWN);
    server.mode = 'hang';
    const token = await tokenOf(first);
    const waiting = (await strangers(100)).map((stranger) => expectUnavailable(verifier, stranger));
    await expectHeld(verifier, token);
    await Promise.all(waiting);
    expect(server.requests).toBe(2);
  });

  it('lets no token wait for younger keys that another call is asking for', async () => {
    const token = await first.sign(claimsWith({ exp: undefined }));
    await expectHeld(verifier, token);
    pass(MAX_AGE);
    server.mode = 'hang';
    let isOver = false;
    const asking = expectHeld(verifier, token).then(() => {
      isOver = true;
    });
    await expectHeld(verifier, token);
    expect(isOver).toBe(false);
    await asking;
  });
});

it('A verifier whose calls share nothing asks anew when the call that was asking is gone', async () => {
  let calls = 0;
  const verifier = verifierOf(server, {
    timeoutMs: TIMEOUT,
    fetch: (url, init) => (calls++ === 0 ? new Promise(() => {}) : fetch(url, init)),
  });
  const token = await tokenOf(first);
  void verifier.verify(token);
  const waiting = Array.from({ length: 20 }, () => expectHeld(verifier, token));
  pass(2 * TIMEOUT);
  await Promise.all(waiting);
  expect([calls, server.requests]).toEqual([2, 1]);
});
