import { once } from 'node:events';
import { createServer } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { s3Signer } from '../../src/adapters/outside/s3-signer.ts';
import { lintParams, lintUri } from '../../src/core/script/lint.ts';
import { send } from '../support/http-client.ts';
import { objectAsked, refusalOfPresigned, type S3Access, type S3Request } from './presigned.ts';

const ACCESS: S3Access = { accessKey: 'AKIAIOSFODNN7EXAMPLE', secretKey: 'wJalrXUtnFEMI/K7MDENG+b', region: 'site-1' };
const ENDPOINT = 'http://s3.example:9000';
const DAY = 86_400_000;

/** What a client sends that gets this URL and changes nothing of it. */
function requestOf(url: string): S3Request {
  const [, host = '', target = ''] = /^https?:\/\/([^/?#]+)(\/[^#]*)$/.exec(url) ?? [];
  return { host, target };
}

async function sign(uri: string, endpoint = ENDPOINT, access = ACCESS): Promise<string> {
  const url = await s3Signer({ endpoint, ...access }).sign(uri);
  return url ?? expect.fail(`not signed: ${uri}`);
}

/** A key as it stands in the service's settings, and as the server is to know it. */
const KEYS: readonly (readonly [string, string])[] = [
  ['kernel', 'kernel'],
  ['28fa52c1-1e1b/1.5.0/vmlinuz-6.4.0.x86_64', '28fa52c1-1e1b/1.5.0/vmlinuz-6.4.0.x86_64'],
  ['a//b/', 'a//b/'],
  ['/a', '/a'],
  ['...', '...'],
  ['a/.b/..c/d.', 'a/.b/..c/d.'],
  ['a+b', 'a+b'],
  ['a%2Bb', 'a+b'],
  ['a%20b', 'a b'],
  ['a b', 'a b'],
  ['a%2520b', 'a%20b'],
  ['a%2fb', 'a/b'],
  ['100%', '100%'],
  ['100%/a%20b', '100%/a%20b'],
  ['%ff', '%ff'],
  ['größe/日本/🐧', 'größe/日本/🐧'],
  ['gr%C3%B6%C3%9Fe', 'größe'],
  ["!'()*~-_.", "!'()*~-_."],
  ['a&b=c;d,e:f@g$h', 'a&b=c;d,e:f@g$h'],
  ['a?b=c', 'a?b=c'],
  ['a#b', 'a#b'],
  ['a\\b', 'a\\b'],
  ['"<>[]^`{|}', '"<>[]^`{|}'],
  ['${mac}', '${mac}'],
  ['%7F%01', '\x7f\x01'],
  ['%252e%252e/a', '%2e%2e/a'],
];

describe('The check of these tests', () => {
  const example = {
    host: 'examplebucket.s3.amazonaws.com',
    target:
      '/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
  };
  const access = {
    accessKey: 'AKIAIOSFODNN7EXAMPLE',
    secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    region: 'us-east-1',
  };
  const now = Date.UTC(2013, 4, 24, 12);

  it("takes the example of AWS's documentation", () => {
    expect(refusalOfPresigned(example, access, now)).toBeUndefined();
  });

  it.each<[string, Partial<S3Request>, Partial<S3Access>, number]>([
    ['another signature', { host: 'other.s3.amazonaws.com' }, {}, 0],
    ['another signature', { target: example.target.replace('test.txt', 'test.txu') }, {}, 0],
    ['another signature', { target: `${example.target}&versionId=1` }, {}, 0],
    ['another signature', { target: example.target.replace('=86400', '=86401') }, {}, 0],
    ['another signature', {}, { secretKey: 'wJalrXUtnFEMI' }, 0],
    ['another credential', {}, { region: 'us-west-1' }, 0],
    ['another credential', {}, { accessKey: 'AKIA' }, 0],
    ['expired', {}, {}, DAY],
    ['from the future', {}, {}, -DAY],
  ])('finds %s', (refusal, request, other, late) => {
    expect(refusalOfPresigned({ ...example, ...request }, { ...access, ...other }, now + late)).toBe(refusal);
  });
});

describe('A signed URL', () => {
  it.each(KEYS)('of the key %s is taken by a server, over the wire', async (written, key) => {
    const asked: [string | undefined, string | undefined][] = [];
    const server = createServer(({ headers: { host = '' }, url: target = '' }, response) => {
      const request = { host, target };
      asked.push([refusalOfPresigned(request, ACCESS, Date.now()), objectAsked(request, '/gateway/s3')]);
      response.end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    const address = server.address();
    const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    for (const endpoint of [`${origin}/gateway/s3`, `${origin}/gateway/s3/`]) {
      for (const uri of [`s3://boot-images/${written}`, `s3:///boot-images/${written}`]) {
        const url = await sign(uri, endpoint);
        await send(origin, 'GET', url.slice(origin.length));
        await fetch(url);
      }
    }
    expect(asked).toEqual(Array(8).fill([undefined, `boot-images/${key}`]));
  });

  it('of any key names that key, is taken by a server, and may stand in a script', async () => {
    const keys = fc.oneof(fc.string({ minLength: 1, unit: 'binary' }), fc.string({ minLength: 1, unit: 'grapheme' }));
    const proper = keys.filter((key) => !key.split('/').some((segment) => segment === '.' || segment === '..'));
    const signer = s3Signer({ endpoint: ENDPOINT, ...ACCESS });
    await fc.assert(
      fc.asyncProperty(proper, fc.boolean(), async (key, encoded) => {
        const uri = `s3://b/${encoded || key.includes('%') ? encodeURIComponent(key) : key}`;
        const url = (await signer.sign(uri)) ?? expect.fail('not signed');
        const request = requestOf(url);
        expect(refusalOfPresigned(request, ACCESS, Date.now())).toBeUndefined();
        expect(objectAsked(request, '')).toBe(`b/${key}`);
        expect(url).toMatch(/^http:\/\/s3\.example:9000\/b\/[\x21-\x7e]+$/);
        expect(url).not.toMatch(/[#${}\\]/);
        expect(lintUri(url)).toBeUndefined();
        expect(lintParams(`root=live:${url}`)).toBeUndefined();
        expect(new URL(url).href).toBe(url);
      }),
    );
  });

  it('is good for 24 hours', async () => {
    const before = Math.floor(Date.now() / 1000) * 1000;
    const request = requestOf(await sign('s3://b/k'));
    const after = Date.now();
    expect(refusalOfPresigned(request, ACCESS, before + DAY)).toBeUndefined();
    expect(refusalOfPresigned(request, ACCESS, after + DAY + 1)).toBe('expired');
  });

  it('is worth nothing without the secret key, and does not tell it', async () => {
    const url = await sign('s3://b/k');
    expect(refusalOfPresigned(requestOf(url), { ...ACCESS, secretKey: 'other' }, Date.now())).toBe('another signature');
    expect(decodeURIComponent(url)).not.toContain(ACCESS.secretKey);
    expect(url).not.toContain(ACCESS.secretKey.slice(0, 12));
  });

  it.each([
    ['http://10.0.0.1:9000', 'http://10.0.0.1:9000/b/k?', '10.0.0.1:9000'],
    ['http://s3.example', 'http://s3.example/b/k?', 's3.example'],
    ['http://s3.example:80/', 'http://s3.example/b/k?', 's3.example'],
    ['https://s3.example:443', 'https://s3.example/b/k?', 's3.example'],
    ['https://S3.Example:8443/radosgw//', 'https://s3.example:8443/radosgw/b/k?', 's3.example:8443'],
    ['http://[fd00::1]:7480/a/b', 'http://[fd00::1]:7480/a/b/b/k?', '[fd00::1]:7480'],
  ])('begins with the endpoint %s', async (endpoint, beginning, host) => {
    const url = await sign('s3://b/k', endpoint);
    expect(url.slice(0, beginning.length)).toBe(beginning);
    expect(requestOf(url).host).toBe(host);
    expect(refusalOfPresigned(requestOf(url), ACCESS, Date.now())).toBeUndefined();
  });

  it.each([
    ['http://s3.example', 'us-east-1'],
    ['https://s3.eu-west-1.amazonaws.com', 'eu-west-1'],
  ])('without a region is one of what the endpoint is: %s', async (endpoint, region) => {
    const request = requestOf(await sign('s3://b/k', endpoint, { ...ACCESS, region: '' }));
    expect(refusalOfPresigned(request, { ...ACCESS, region }, Date.now())).toBeUndefined();
  });

  it('may be made by keys with any characters', async () => {
    const access = { accessKey: 'user/+ &=%é', secretKey: 'é/+ &=%#', region: 'a b' };
    const url = await sign('s3://b/k', ENDPOINT, access);
    expect(refusalOfPresigned(requestOf(url), access, Date.now())).toBeUndefined();
    expect(lintUri(url)).toBeUndefined();
  });

  it('of many objects at once are all good', async () => {
    const signer = s3Signer({ endpoint: ENDPOINT, ...ACCESS });
    const urls = await Promise.all(Array.from({ length: 100 }, (_, at) => signer.sign(`s3://b/${at}`)));
    urls.forEach((url = '', at) => {
      expect(refusalOfPresigned(requestOf(url), ACCESS, Date.now())).toBeUndefined();
      expect(objectAsked(requestOf(url), '')).toBe(`b/${at}`);
    });
  });

  it.each([
    ...[
      '',
      's3',
      's3:',
      's3:/',
      's3://',
      's3:///',
      's3:////',
      's3:////b/k',
      's3://b',
      's3://b/',
      's3:///b',
      's3:///b/',
    ],
    ...['s3:/b/k', ' s3://b/k', 'xs3://b/k', 'http://b/k', 'https://files/s3://b/k', '/b/k', 'b/k'],
    ...['s3://../k', 's3://./k', 's3://b/..', 's3://b/.', 's3://b/../c/k', 's3://b/a/./k', 's3://b/a/..'],
    ...['s3://b/%2e%2e/c/k', 's3://b/%2E./c/k', 's3://b/..%2fc/k', 's3://b/\ud800', 's3://\udc00/k'],
  ])('is not made of %s', async (uri) => {
    expect(await s3Signer({ endpoint: ENDPOINT, ...ACCESS }).sign(uri)).toBeUndefined();
  });
});
