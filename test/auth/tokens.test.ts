import { createHmac, generateKeyPairSync, randomBytes, sign as signBytes } from 'node:crypto';
import fc from 'fast-check';
import { exportSPKI, importJWK } from 'jose';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TokenVerifier } from '../../src/ports/token-verifier.ts';
import { forge, type KeyServer, makeKey, type SigningKey } from '../support/key-server.ts';
import { claimsWith, expectRefused, keyServerForTest, now, pass, stopClocks, verifierOf } from './verifier.ts';

const NO_JWT = 'the token is no signed JWT';
const NO_KEY = 'the token is signed by none of the known keys';
const BAD_SIGNATURE = 'the token has a signature that does not hold';
const BAD_ALGORITHM = 'the token is signed with an algorithm that is not accepted';

let key: SigningKey;
let stranger: SigningKey;
let server: KeyServer;
let verifier: TokenVerifier;
beforeAll(async () => {
  key = await makeKey('first');
  stranger = await makeKey('first');
});
beforeEach(async () => {
  stopClocks();
  server = await keyServerForTest([key]);
  verifier = verifierOf(server);
});

describe('A token', () => {
  it('that holds tells who bears it', async () => {
    expect(await verifier.verify(await key.sign(claimsWith()))).toEqual({ subject: 'admin', scopes: [] });
  });

  it.each([
    ['the words of scope', { scope: 'bss:read  bss:write ' }, ['bss:read', 'bss:write']],
    ['the words of scp', { scp: 'bss:read openid' }, ['bss:read', 'openid']],
    ['the texts of scp', { scp: ['bss:read', 7, 'openid'] }, ['bss:read', 'openid']],
    ['scope before scp', { scope: 'bss:read', scp: ['bss:write'] }, ['bss:read']],
    ['an empty scope, even beside scp', { scope: '', scp: ['bss:write'] }, []],
    ['none of a scope that is no text', { scope: { 'bss:write': true } }, []],
  ])('has as scopes %s', async (_, claims, scopes) => {
    expect(await verifier.verify(await key.sign(claimsWith(claims)))).toMatchObject({ scopes });
  });

  it.each(
    [
      ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
      ['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
    ].flat(),
  )('may be signed with %s', async (alg) => {
    const other = await makeKey('other', alg);
    server.keys = [key.jwk, other.jwk];
    expect(await verifier.verify(await other.sign(claimsWith()))).toMatchObject({ subject: 'admin' });
  });

  it('may be signed with any algorithm of its key when the key names none', async () => {
    const other = await makeKey('other', 'PS384');
    const { alg: _, ...jwk } = other.jwk;
    server.keys = [jwk];
    expect(await verifier.verify(await other.sign(claimsWith()))).toMatchObject({ subject: 'admin' });
  });

  it('without a kid is tried with every key of its kind', async () => {
    const others = [await makeKey(undefined), await makeKey(undefined), await makeKey(undefined)];
    server.keys = others.map(({ jwk }) => jwk);
    for (const other of others) {
      expect(await verifier.verify(await other.sign(claimsWith()))).toMatchObject({ subject: 'admin' });
    }
    await expectRefused(verifier, await key.sign(claimsWith(), { kid: undefined }), NO_KEY);
    await expectRefused(
      verifier,
      (await others[2]?.sign(claimsWith({ exp: now() - 60 }))) ?? '',
      'the token has expired',
    );
  });
});

describe('A token is refused when', () => {
  it.each(['', 'x', '.', '..', '...', 'a.b.c', 'eyJhbGciOiJFUzI1NiJ9', 'eyJhbGciOiJFUzI1NiJ9.e30', 'bnVsbA.e30.AA'])(
    'it is %j',
    async (token) => {
      await expectRefused(verifier, token, NO_JWT);
    },
  );

  it('it is one of five parts', async () => {
    await expectRefused(verifier, `${await key.sign(claimsWith())}.AA.AA`, NO_JWT);
  });

  it('it is not signed at all', async () => {
    for (const alg of ['none', 'None', 'NONE', '', undefined, null, ['ES256']]) {
      await expectRefused(
        verifier,
        forge({ alg, kid: 'first' }, claimsWith(), () => new Uint8Array()),
        BAD_ALGORITHM,
      );
    }
  });

  it('its signature is missing', async () => {
    await expectRefused(
      verifier,
      forge({ alg: 'ES256', kid: 'first' }, claimsWith(), () => new Uint8Array()),
      BAD_SIGNATURE,
    );
  });

  it.each(['HS256', 'HS384', 'HS512'])('it is signed with %s and the public key as secret', async (alg) => {
    const rsa = await makeKey('rsa', 'RS256');
    const { alg: _, ...jwk } = rsa.jwk;
    server.keys = [jwk];
    const publicKey = await importJWK(rsa.jwk);
    if (publicKey instanceof Uint8Array) throw new Error('an RSA key is no secret');
    for (const secret of [await exportSPKI(publicKey), JSON.stringify(jwk), jwk.n ?? '']) {
      const token = forge({ alg, kid: 'rsa' }, claimsWith(), hmac(alg, Buffer.from(secret)));
      await expectRefused(verifier, token, BAD_ALGORITHM);
    }
  });

  it('it is signed with a secret that the key server publishes', async () => {
    const secret = randomBytes(32);
    server.keys = [key.jwk, { kty: 'oct', kid: 'secret', alg: 'HS256', k: secret.toString('base64url') }];
    const token = forge({ alg: 'HS256', kid: 'secret' }, claimsWith(), hmac('HS256', secret));
    await expectRefused(verifier, token, BAD_ALGORITHM);
    expect(server.requests).toBe(0);
  });

  it('a key of the same name signed it that is not the key server’s', async () => {
    await expectRefused(verifier, await stranger.sign(claimsWith()), BAD_SIGNATURE);
  });

  it('it brings its key along', async () => {
    const header = { jwk: stranger.jwk, jku: server.url, x5u: server.url };
    await expectRefused(verifier, await stranger.sign(claimsWith(), header), BAD_SIGNATURE);
    await expectRefused(verifier, await stranger.sign(claimsWith(), { ...header, kid: 'mine' }), NO_KEY);
    expect(server.requests).toBe(1);
  });

  it('it names another algorithm than its key does', async () => {
    const rsa = await makeKey('rsa', 'RS256');
    server.keys = [rsa.jwk];
    const [, payload, signature] = (await rsa.sign(claimsWith())).split('.');
    const header = Buffer.from(JSON.stringify({ alg: 'PS256', kid: 'rsa' })).toString('base64url');
    await expectRefused(verifier, `${header}.${payload}.${signature}`, NO_KEY);
  });

  it('its claims were changed', async () => {
    const [header, , signature] = (await key.sign(claimsWith())).split('.');
    const payload = Buffer.from(JSON.stringify(claimsWith({ sub: 'root' }))).toString('base64url');
    await expectRefused(verifier, `${header}.${payload}.${signature}`, BAD_SIGNATURE);
  });

  it('any letter before its signature was changed', async () => {
    const token = await key.sign(claimsWith());
    await fc.assert(
      fc.asyncProperty(fc.nat(token.lastIndexOf('.') - 1), fc.constantFrom(...'AQgw-_9.'), async (at, letter) => {
        fc.pre(token.charAt(at) !== letter);
        await expect(verifier.verify(token.slice(0, at) + letter + token.slice(at + 1))).rejects.toMatchObject({
          code: 'unauthorized',
        });
      }),
    );
  });

  it('it is any text at all', async () => {
    const part = fc.oneof(
      fc.string(),
      fc.json().map((json) => Buffer.from(json).toString('base64url')),
    );
    const header = fc.constantFrom(...(await key.sign(claimsWith())).split('.', 1));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(part, header), { maxLength: 5 }), async (parts) => {
        await expect(verifier.verify(parts.join('.'))).rejects.toMatchObject({ code: 'unauthorized' });
      }),
    );
  });

  it('it needs an extension that is not known', async () => {
    const header = Buffer.from(JSON.stringify({ alg: 'ES256', kid: 'first', crit: ['http://x'], 'http://x': 1 }));
    const [, payload, signature] = (await key.sign(claimsWith())).split('.');
    const token = `${header.toString('base64url')}.${payload}.${signature}`;
    await expectRefused(verifier, token, 'the token has a critical header that is not known here');
  });

  it('what it says is no object', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    server.keys = [{ ...publicKey.export({ format: 'jwk' }), kid: 'ed' }];
    const header = Buffer.from('{"alg":"EdDSA","kid":"ed"}').toString('base64url');
    for (const said of ['[]', 'null', '"admin"', '{', '']) {
      const input = `${header}.${Buffer.from(said).toString('base64url')}`;
      const signature = signBytes(null, Buffer.from(input), privateKey).toString('base64url');
      await expectRefused(verifier, `${input}.${signature}`, NO_JWT);
    }
  });

  it('its key is too short', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    server.keys = [key.jwk, { ...publicKey.export({ format: 'jwk' }), kid: 'short' }];
    const sign = (input: string): Uint8Array => signBytes('sha256', Buffer.from(input), privateKey);
    await expectRefused(verifier, forge({ alg: 'RS256', kid: 'short' }, claimsWith(), sign), NO_KEY);
  });
});

describe('Of the claims', () => {
  it.each(['sub', 'iss', 'aud'])('%s must be there', async (claim) => {
    for (const value of [undefined, null, '', 7, [], {}, ['bss', 7]]) {
      await expectRefused(
        verifier,
        await key.sign(claimsWith({ [claim]: value })),
        `the token lacks the claim ${claim}`,
      );
    }
  });

  it.each(['iss', 'aud'])('%s must be there when its value is pinned', async (claim) => {
    const pinned = verifierOf(server, { issuer: 'https://issuer.example', audience: 'bss' });
    await expectRefused(
      pinned,
      await key.sign(claimsWith({ [claim]: undefined })),
      `the token lacks the claim ${claim}`,
    );
  });

  it('iss must be the issuer that is pinned', async () => {
    const pinned = verifierOf(server, { issuer: 'https://issuer.example' });
    expect(await pinned.verify(await key.sign(claimsWith()))).toMatchObject({ subject: 'admin' });
    for (const iss of ['https://issuer.example/', 'https://other.example', ['https://issuer.example']]) {
      await expectRefused(pinned, await key.sign(claimsWith({ iss })), 'the token is from another issuer');
    }
  });

  it('aud must be or hold the audience that is pinned', async () => {
    const pinned = verifierOf(server, { audience: 'bss' });
    for (const aud of ['bss', ['smd', 'bss']]) {
      expect(await pinned.verify(await key.sign(claimsWith({ aud })))).toMatchObject({ subject: 'admin' });
    }
    for (const aud of ['smd', 'bss2', ['smd', 'cloud-init']]) {
      await expectRefused(pinned, await key.sign(claimsWith({ aud })), 'the token is for another audience');
    }
  });

  it('the times may be missing', async () => {
    const token = await key.sign(claimsWith({ iat: undefined, exp: undefined, nbf: undefined }));
    expect(await verifier.verify(token)).toMatchObject({ subject: 'admin' });
  });

  it.each([
    ['exp', -29, -30, 'the token has expired'],
    ['nbf', 30, 31, 'the token is not valid yet'],
    ['iat', 30, 31, 'the token was issued in the future'],
  ])('%s may be %i seconds from now, and not %i', async (claim, lenient, beyond, message) => {
    const token = await key.sign(claimsWith({ [claim]: now() + lenient }));
    expect(await verifier.verify(token)).toMatchObject({ subject: 'admin' });
    await expectRefused(verifier, await key.sign(claimsWith({ [claim]: now() + beyond })), message);
  });

  it('exp counts by the clock, also for a token that held before', async () => {
    const token = await key.sign(claimsWith({ exp: now() + 60 }));
    await verifier.verify(token);
    pass(89_000);
    await verifier.verify(token);
    pass(1000);
    await expectRefused(verifier, token, 'the token has expired');
  });

  it.each(['exp', 'nbf', 'iat'])('%s must be a time', async (claim) => {
    for (const value of ['soon', null, {}, String(now())]) {
      const token = await key.sign(claimsWith({ [claim]: value }));
      await expectRefused(verifier, token, `the token has a claim ${claim} that is no time`);
    }
  });
});

function hmac(alg: string, secret: Uint8Array): (input: string) => Uint8Array {
  return (input) =>
    createHmac(`sha${alg.slice(2)}`, secret)
      .update(input)
      .digest();
}
