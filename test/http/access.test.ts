import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { claimsWith, now } from '../auth/verifier.ts';
import { type KeyServer, type KeyServerMode, makeKey, type SigningKey, startKeyServer } from '../support/key-server.ts';
import { startSmd } from '../support/smd-simulator.ts';
import { describeService, describeWith, from, PARAMETERS, problemWith, SCRIPT, TRUSTING } from './describe-service.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
const RECORD = { macs: ['02:00:00:00:03:01'], kernel: 'http://files/k' };
/** Of the node in what was recorded of an SMD. */
const ADDRESS = '172.16.1.8';
/** Milliseconds after which a key server is asked again. */
const COOLDOWN = 10_200;

const bearer = (token: string): Record<string, string> => ({ Authorization: `Bearer ${token}` });

/** A key server, the key that it holds, one that it does not, and an SMD. */
async function keysAndNodes(settings: Record<string, string> = {}, mode: KeyServerMode = 'healthy') {
  const [key, stranger, smd] = await Promise.all([makeKey('first'), makeKey('second'), startSmd()]);
  const keys: KeyServer = await startKeyServer([key]);
  keys.mode = mode;
  return {
    key,
    stranger,
    keys,
    settings: { BSS_JWKS_URL: keys.url, HSM_URL: smd.url, ...TRUSTING, ...settings },
    stop: async () => void (await Promise.all([keys.stop(), smd.stop()])),
  };
}

describeService('the API without a key server', {}, ({ send }) => {
  it('is open, whatever a client sends as its token [access.open-without-keys]', async () => {
    for (const headers of [{}, bearer('nonsense'), { Authorization: 'Basic YTpi' }]) {
      expect((await send('PUT', PARAMETERS, RECORD, headers)).status).toBe(200);
      expect((await send('GET', PARAMETERS, undefined, headers)).json()).toMatchObject([RECORD]);
      expect((await send('PATCH', PARAMETERS, { macs: RECORD.macs, params: 'a' }, headers)).status).toBe(200);
      expect((await send('DELETE', PARAMETERS, { macs: RECORD.macs }, headers)).status).toBe(200);
      expect((await send('POST', PARAMETERS, RECORD, headers)).status).toBe(201);
    }
  });
});

describeWith('the API with a key server', keysAndNodes, ({ send, rows, beside }) => {
  const sign = (changes = {}, key: SigningKey = beside().key) => key.sign(claimsWith(changes));
  const read = async (token: string) => await send('GET', PARAMETERS, undefined, bearer(token));

  it('is not to be used without a token, by any method, under any prefix and in any spelling [access.guards-boot-parameters]', async () => {
    for (const prefix of ['', '/apis/bss', '/bss']) {
      for (const method of METHODS) {
        const answer = await send(method, `${prefix}${PARAMETERS}`, method === 'HEAD' ? undefined : RECORD);
        expect([method, answer.status]).toEqual([method, 401]);
        expect(answer.headers['www-authenticate']).toBe('Bearer realm="bss-edge"');
        if (method === 'HEAD') continue;
        expect(answer.json()).toEqual(problemWith(401, 'Unauthorized', 'Authorization: a bearer token is needed'));
      }
    }
    for (const path of [
      '/boot/v1/bootparameters/',
      '/boot/v1/bootparameters//?name=x',
      '//boot/v1/bootparameters',
      '/boot/v1/./bootparameters',
      '/boot/v1/hosts/../bootparameters',
      '/boot/v1/%62ootparameters',
      '/BOOT/V1/BootParameters',
      '/boot/v1/bootparameters;a=b',
      '/boot/v1/bootparameters%2f',
    ]) {
      const { status } = await send('PUT', path, RECORD);
      expect([path, status]).toEqual([path, expect.toBeOneOf([401, 404])]);
    }
    expect(await rows('nodes')).toBe(0);
    expect((await send('OPTIONS', PARAMETERS)).status).toBe(204);
  });

  it('lets a good token do everything, without any scope [access.good-token-passes] [access.no-scopes-needed]', async () => {
    const headers = bearer(await sign());
    expect((await send('POST', PARAMETERS, RECORD, headers)).status).toBe(201);
    expect((await send('PUT', PARAMETERS, RECORD, headers)).status).toBe(200);
    expect((await send('PATCH', PARAMETERS, { macs: RECORD.macs, params: 'a' }, headers)).status).toBe(200);
    expect((await send('GET', PARAMETERS, undefined, headers)).json()).toMatchObject([{ ...RECORD, params: 'a' }]);
    expect((await send('HEAD', PARAMETERS, undefined, headers)).status).toBe(200);
    expect((await send('DELETE', PARAMETERS, { macs: RECORD.macs }, headers)).status).toBe(200);
    expect((await read(await sign({ scope: 'openid other' }))).status).toBe(200);
    expect((await read(await sign({ iss: 'https://any.example', aud: ['any', 'other'] }))).status).toBe(200);
  });

  it('refuses what another key has signed, or nobody, or with what is no signature [access.foreign-signature]', async () => {
    const token = await sign();
    const [head, claims, signature = ''] = token.split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    const otherClaims = Buffer.from(JSON.stringify(claimsWith({ sub: 'root' }))).toString('base64url');
    for (const forged of [
      await sign({}, beside().stranger),
      // The other key, under the name of the good one.
      await beside().stranger.sign(claimsWith(), { kid: 'first' }),
      `${head}.${otherClaims}.${signature}`,
      `${head}.${claims}.`,
      `${head}.${claims}`,
      `${none}.${claims}.`,
      `${none}.${claims}.${signature}`,
      `${token}x`,
      'nonsense',
    ]) {
      const answer = await read(forged);
      expect([forged, answer.status]).toEqual([forged, 401]);
      expect(answer.json()).toEqual(problemWith(401, 'Unauthorized', expect.any(String)));
      expect(answer.text).not.toContain('root');
    }
    expect((await read(token)).status).toBe(200);
  });

  it('refuses one that does not say whose it is, from whom and for whom [access.needed-claims]', async () => {
    for (const claim of ['sub', 'iss', 'aud']) {
      for (const value of [undefined, '', 5, null, []]) {
        const answer = await read(await sign({ [claim]: value }));
        expect([claim, value, answer.status]).toEqual([claim, value, 401]);
      }
      expect((await read(await sign({ [claim]: undefined }))).json()).toEqual(
        problemWith(401, 'Unauthorized', `the token lacks the claim ${claim}`),
      );
    }
  });

  it('refuses one that has expired or is not valid yet, but for what clocks may differ by [access.time-claims]', async () => {
    for (const [claims, detail] of [
      [{ exp: now() - 60 }, 'the token has expired'],
      [{ exp: 0 }, 'the token has expired'],
      [{ nbf: now() + 60 }, 'the token is not valid yet'],
      [{ iat: now() + 60 }, 'the token was issued in the future'],
      [{ exp: 'tomorrow' }, 'the token has a claim exp that is no time'],
    ] as const) {
      expect((await read(await sign(claims))).json()).toEqual(problemWith(401, 'Unauthorized', detail));
    }
    for (const claims of [{ exp: now() - 15 }, { nbf: now() + 15 }, { iat: now() + 15 }, { exp: undefined }]) {
      expect([claims, (await read(await sign(claims))).status]).toEqual([claims, 200]);
    }
  });

  it('asks no token of nodes [access.nodes-need-no-token]', async () => {
    await send('PUT', PARAMETERS, RECORD, bearer(await sign()));
    for (const path of [SCRIPT, '/bootscript', '/boot-service/bootscript', '/apis/bss/boot/v1/bootscript']) {
      expect((await send('GET', `${path}?mac=${RECORD.macs[0]}`)).text).toContain('http://files/k');
    }
    expect((await send('GET', '/meta-data', undefined, from(ADDRESS))).status).toBe(200);
    expect((await send('GET', '/user-data', undefined, from(ADDRESS))).status).toBe(200);
    expect((await send('POST', '/phone-home', { hostname: 'nid8' }, from(ADDRESS))).status).toBe(200);
    // Nor does one that does not hold do any harm.
    expect((await send('GET', `${SCRIPT}?nid=8`, undefined, bearer('x'))).status).toBe(200);
  });

  it('asks none of those who look after the service and SMD’s notifier [access.state-needs-no-token]', async () => {
    for (const [method, path, status] of [
      ['GET', '/boot/v1/hosts', 200],
      ['POST', '/boot/v1/hosts', 204],
      ['GET', '/boot/v1/dumpstate', 200],
      ['GET', '/boot/v1/endpoint-history', 200],
      ['POST', '/boot/v1/scn', 200],
      ...['status', 'version', 'hsm', 'storage/status', 'etcd', 'status/all'].map(
        (part) => ['GET', `/boot/v1/service/${part}`, 200] as const,
      ),
      ['GET', '/health', 200],
      ['GET', '/', 200],
      ['GET', '/boot/v1', 200],
    ] as const) {
      const answer = await send(method, path, method === 'POST' ? { Components: [] } : undefined);
      expect([method, path, answer.status]).toEqual([method, path, status]);
    }
  });

  it('guards whatever it offers beside what others of its kind do [access.guards-own-endpoints]', async () => {
    // What the API is may be read by everybody: it says nothing of any node.
    const open = ['bootscript', 'hosts', 'endpoint-history', 'status', 'version', 'health', 'openapi', 'docs'];
    const { links } = (await send('GET', '/')).json() as { links: Record<string, string> };
    expect(links).toHaveProperty('bootparameters');
    for (const [name, path] of Object.entries(links)) {
      const { status } = await send('GET', `${path}?mac=02:00:00:00:03:01`);
      expect([name, status === 401]).toEqual([name, !open.includes(name)]);
    }
  });
});

const strict = { BSS_JWT_ISSUER: 'https://site.example', BSS_JWT_AUDIENCE: 'boot', BSS_AUTH_SCOPES: 'on' };

describeWith(
  'the API that is strict about tokens',
  () => keysAndNodes(strict),
  ({ send, rows, beside }) => {
    const sign = (changes = {}) =>
      beside().key.sign(claimsWith({ iss: 'https://site.example', aud: 'boot', ...changes }));
    const ask = async (method: string, claims: object) => {
      const body = method === 'GET' ? undefined : RECORD;
      return await send(method, PARAMETERS, body, bearer(await sign(claims)));
    };

    it('takes tokens of one issuer for one audience only [access.pinned-claims]', async () => {
      const scope = 'bss:read';
      for (const [claims, detail] of [
        [{ iss: 'https://site.example/' }, 'the token is from another issuer'],
        [{ iss: 'https://SITE.example' }, 'the token is from another issuer'],
        [{ aud: 'Boot' }, 'the token is for another audience'],
        [{ aud: ['other', 'bootstrap'] }, 'the token is for another audience'],
        [{ aud: undefined }, 'the token lacks the claim aud'],
      ] as const) {
        expect((await ask('GET', { scope, ...claims })).json()).toEqual(problemWith(401, 'Unauthorized', detail));
      }
      for (const aud of ['boot', ['other', 'boot']]) expect((await ask('GET', { scope, aud })).status).toBe(200);
    });

    it('lets a token read or write only as its scopes say [access.scopes-on]', async () => {
      for (const claims of [{}, { scope: 'openid' }, { scope: 'bss:readers xbss:write' }, { scope: 5 }]) {
        for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
          const answer = await ask(method, claims);
          expect([claims, method, answer.json()]).toEqual([
            claims,
            method,
            problemWith(403, 'Forbidden', expect.stringContaining(method)),
          ]);
        }
      }
      expect((await ask('GET', { scope: 'openid bss:read' })).status).toBe(200);
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        expect([method, (await ask(method, { scope: 'bss:read' })).status]).toEqual([method, 403]);
      }
      expect(await rows('nodes')).toBe(0);
      expect((await ask('POST', { scope: 'bss:write' })).status).toBe(201);
      expect((await ask('GET', { scp: ['bss:write'] })).json()).toMatchObject([RECORD]);
      expect((await ask('DELETE', { scope: 'bss:read bss:write' })).status).toBe(200);
    });
  },
);

describeWith(
  'the API whose key server is away',
  () => keysAndNodes({}, 'refuse'),
  ({ send, beside }) => {
    const read = async (key: SigningKey) =>
      await send('GET', PARAMETERS, undefined, bearer(await key.sign(claimsWith())));

    it('says 503 while it knows no keys, finds new ones, and goes on with those that it knows [access.no-keys-is-503] [access.new-keys-are-found] [access.known-keys-do]', async () => {
      const { key, stranger, keys } = beside();
      const refused = await read(key);
      expect(refused.json()).toEqual(problemWith(503, 'Service Unavailable', expect.any(String)));
      expect(refused.headers['retry-after']).toMatch(/^[1-9][0-9]*$/);
      // Who sends none is told so, and nodes boot.
      expect((await send('GET', PARAMETERS)).status).toBe(401);
      expect((await send('GET', `${SCRIPT}?nid=8`)).status).toBe(200);

      keys.mode = 'healthy';
      await sleep(COOLDOWN);
      expect((await read(key)).status).toBe(200);

      keys.keys = [stranger.jwk];
      await sleep(COOLDOWN);
      expect((await read(key)).status).toBe(200);
      expect((await read(stranger)).status).toBe(200);
      expect((await read(key)).status).toBe(401);

      keys.mode = 'refuse';
      await sleep(COOLDOWN);
      expect((await read(stranger)).status).toBe(200);
      const unheard = await makeKey('third');
      expect((await read(unheard)).status).toBe(503);
      expect((await read(stranger)).status).toBe(200);
    }, 60_000);
  },
);
