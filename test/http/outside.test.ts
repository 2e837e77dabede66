import { expect, it } from 'vitest';
import { type FormServerMode, startFormServer } from '../outside/form-server.ts';
import { refusalOfPresigned } from '../outside/presigned.ts';
import { freePort } from '../support/postgres.ts';
import { type SmdNode, startSmd } from '../support/smd-simulator.ts';
import { describeService, describeWith, from, PARAMETERS, problemWith, SCRIPT, TRUSTING } from './describe-service.ts';

const TOKEN = 'aecbbf2b-14e5-4e2e-a7b2-864f05a49d0b';
const COMPUTE = 'x0c0s0b0n0';
const WITH_TOKEN = { kernel: 'http://files/k', params: 'quiet join=${SPIRE_JOIN_TOKEN} again=${SPIRE_JOIN_TOKEN}' };
const good: FormServerMode = { status: 200, text: JSON.stringify({ join_token: TOKEN }) };

const nodes: SmdNode[] = [
  { xname: COMPUTE, macs: ['02:00:00:00:00:01'], role: 'Compute' },
  { xname: 'x0c0s1b0n0', macs: ['02:00:00:00:00:02'], role: 'Application', subRole: 'UAN' },
  { xname: 'x0c0s2b0n0', macs: ['02:00:00:00:00:03'], role: 'Application', subRole: 'Gateway' },
  { xname: 'x0c0s3b0n0', macs: ['02:00:00:00:00:04'], role: 'Management', subRole: 'UAN' },
  { xname: 'x0c0s4b0n0', macs: ['02:00:00:00:00:05'] },
];

const DISABLED = 'x0c0s5b0n0';

/** An SMD, a SPIRE token service, and somebody who wants to hear of scripts. */
async function otherServers() {
  const smd = await startSmd({ nodes: [...nodes, { xname: DISABLED, role: 'Compute', enabled: false }] });
  const spire = await startFormServer(good);
  const listener = await startFormServer({ status: 204 });
  return {
    spire,
    listener,
    settings: {
      HSM_URL: smd.url,
      SPIRE_TOKEN_URL: `${spire.url}/`,
      BSS_BOOTSCRIPT_NOTIFY_URL: `${listener.url}/told?by=bss`,
      BSS_SCRIPT_FORM: 'classic',
      ...TRUSTING,
    },
    stop: async () => void (await Promise.all([smd.stop(), spire.stop(), listener.stop()])),
  };
}

describeWith('a script that needs a join token', otherServers, ({ send, beside }) => {
  const script = async (name = COMPUTE, more = '') => await send('GET', `${SCRIPT}?name=${name}${more}`);

  it('has one in place of each placeholder, asked for as the token service wants it [outside.spire-token-in-parameters] [outside.spire-request] [outside.spire-type]', async () => {
    await send('PUT', PARAMETERS, { hosts: nodes.map(({ xname }) => xname), ...WITH_TOKEN });
    beside().spire.requests.length = 0;
    for (const { xname } of nodes) {
      const { text } = await script(xname);
      expect(text).toContain(
        `\nkernel --name kernel http://files/k quiet join=${TOKEN} again=${TOKEN} xname=${xname} `,
      );
      expect(text).not.toContain('SPIRE');
    }
    const contentType = 'application/x-www-form-urlencoded';
    expect(beside().spire.requests).toEqual(
      [
        `type=compute&xname=${COMPUTE}`,
        'type=uan&xname=x0c0s1b0n0',
        'xname=x0c0s2b0n0',
        'xname=x0c0s3b0n0',
        'xname=x0c0s4b0n0',
      ].map((body) => ({ line: 'POST /api/token', contentType, body })),
    );
    expect((await script(COMPUTE, '&json=1')).json()).toMatchObject({
      params: expect.stringContaining(`join=${TOKEN}`),
    });
    await send('PUT', PARAMETERS, { hosts: [COMPUTE], kernel: 'http://files/k' });
    beside().spire.requests.length = 0;
    await script();
    expect(beside().spire.requests).toEqual([]);
  });

  it('is given to no node that is not to boot as itself, though the inventory knows it', async () => {
    await send('PUT', PARAMETERS, { hosts: ['Unknown-x86_64'], ...WITH_TOKEN });
    await send('PUT', PARAMETERS, { hosts: [DISABLED], ...WITH_TOKEN });
    beside().spire.requests.length = 0;
    const { status, text } = await script(DISABLED, '&arch=x86_64');
    expect([status, text.includes(TOKEN), text.includes('kernel --name')]).toEqual([200, false, false]);
    expect(beside().spire.requests).toEqual([]);
  });

  it('is 404 when the token service refuses, and no script [outside.spire-refusal-is-404]', async () => {
    await send('PUT', PARAMETERS, { hosts: [COMPUTE], ...WITH_TOKEN });
    for (const status of [400, 401, 403, 404, 422, 499]) {
      beside().spire.mode = { status, text: '{"join_token":"no"}' };
      const answer = await script();
      expect([status, answer.json()]).toEqual([status, problemWith(404, 'Not Found', expect.any(String))]);
    }
    beside().spire.mode = good;
  });

  it('is 503 with Retry-After when there is no answer or none of sense [outside.spire-away-is-503] [outside.spire-nonsense-is-503]', async () => {
    await send('PUT', PARAMETERS, { hosts: [COMPUTE], ...WITH_TOKEN });
    const answered = (text: string): FormServerMode => ({ status: 200, text });
    for (const mode of [
      ...(['refuse', 'hang', 'stall', 'break', 'flood'] as const),
      ...[500, 502, 503, 302].map((status): FormServerMode => ({ status, headers: { Location: '/elsewhere' } })),
      ...['', '{', '[]', 'null', '{}', '{"join_token":""}', '{"join_token":5}', '{"join_token":"a b"}'].map(answered),
      answered(JSON.stringify({ join_token: 'a\nshell' })),
      answered(JSON.stringify({ join_token: '${password}' })),
    ]) {
      beside().spire.mode = mode;
      const started = performance.now();
      const answer = await script();
      expect([mode, answer.status]).toEqual([mode, 503]);
      expect(answer.json()).toEqual(problemWith(503, 'Service Unavailable', expect.not.stringContaining('shell')));
      expect(answer.headers['retry-after']).toMatch(/^[1-9][0-9]*$/);
      expect(performance.now() - started).toBeLessThan(9000);
    }
    beside().spire.mode = good;
    expect((await script()).text).toContain(TOKEN);
  });
});

describeWith('who is told of scripts', otherServers, ({ send, beside }) => {
  const script = async (query: string, address: string) =>
    await send('GET', `${SCRIPT}?${query}`, undefined, from(address));
  const told = () => beside().listener.requests.map(({ body }) => new URLSearchParams(body).get('data'));

  it('hears the caller’s address and port, for each script and nothing else [outside.notify-names-the-caller]', async () => {
    const { listener } = beside();
    for (const [query, address] of [
      [`name=${COMPUTE}`, '10.0.0.5:4711'],
      ['mac=02:00:00:00:0f:ff', '10.0.0.6:5'],
      ['nid=77&arch=arm64', '[fd00::1]:60000'],
      [`name=${COMPUTE}`, '10.0.0.5'],
    ] as const) {
      await script(query, address);
    }
    await expect.poll(told).toHaveLength(4);
    expect(listener.requests[0]).toEqual({
      line: 'POST /told?by=bss',
      contentType: 'application/x-www-form-urlencoded',
      body: 'data=10.0.0.5%3A4711',
    });
    expect(told().sort()).toEqual(['10.0.0.5:0', '10.0.0.5:4711', '10.0.0.6:5', '[fd00::1]:60000']);
    await script('mac=nonsense', '10.0.0.7:1');
    await script('', '10.0.0.7:2');
    await send('GET', PARAMETERS, undefined, from('10.0.0.7:3'));
    await send('GET', '/user-data', undefined, from('10.0.0.7:4'));
    await script(`name=${COMPUTE}`, '10.0.0.8:1');
    await expect.poll(told).toContain('10.0.0.8:1');
    expect(told()).toHaveLength(5);
  });

  it('is in nobody’s way when it hangs, refuses or answers nonsense [outside.notify-is-in-nobodys-way]', async () => {
    await send('PUT', PARAMETERS, { hosts: [COMPUTE], kernel: 'http://files/k' });
    const stable = async (): Promise<string> => (await script(`name=${COMPUTE}`, '10.0.0.5:1')).text;
    const usual = await stable();
    expect(usual).toContain('kernel --name kernel http://files/k');
    for (const mode of ['hang', 'refuse', 'stall', 'break', 'flood', { status: 500 }, { status: 301 }] as const) {
      beside().listener.mode = mode;
      const started = performance.now();
      for (let at = 0; at < 5; at++) expect([mode, await stable()]).toEqual([mode, usual]);
      expect(performance.now() - started).toBeLessThan(1500);
    }
  });
});

describeWith(
  'a listener and a token service that are not there',
  async () => {
    const [smd, port] = [await startSmd({ nodes }), await freePort()];
    const away = `http://127.0.0.1:${port}`;
    return {
      settings: { HSM_URL: smd.url, SPIRE_TOKEN_URL: away, BSS_BOOTSCRIPT_NOTIFY_URL: away },
      stop: smd.stop,
    };
  },
  ({ send }) => {
    it('are waited for by nobody, and 503 [outside.notify-is-in-nobodys-way] [outside.spire-away-is-503]', async () => {
      await send('PUT', PARAMETERS, { hosts: [COMPUTE], kernel: 'http://files/k' });
      const started = performance.now();
      expect((await send('GET', `${SCRIPT}?name=${COMPUTE}`)).text).toContain('http://files/k');
      expect(performance.now() - started).toBeLessThan(1000);
      await send('PUT', PARAMETERS, { hosts: [COMPUTE], ...WITH_TOKEN });
      expect((await send('GET', `${SCRIPT}?name=${COMPUTE}`)).status).toBe(503);
    });
  },
);

const ACCESS = { accessKey: 'AKIAIOSFODNN7EXAMPLE', secretKey: 'wJalrXUtnFEMI/K7MDENG+b', region: 'site-1' };
const S3 = {
  S3_ENDPOINT: 'http://s3.example:9000/store/',
  S3_ACCESS_KEY: ACCESS.accessKey,
  S3_SECRET_KEY: ACCESS.secretKey,
  S3_REGION: ACCESS.region,
  BSS_SCRIPT_FORM: 'classic',
};

describeService('images in S3', S3, ({ send }) => {
  const MAC = '02:00:00:00:00:01';

  /** The URLs under the endpoint in the script of a record. */
  async function urlsOf(record: object): Promise<URL[]> {
    await send('PUT', PARAMETERS, { macs: [MAC], ...record });
    const { text } = await send('GET', `${SCRIPT}?mac=${MAC}`);
    expect(text).not.toContain('s3://');
    return [...text.matchAll(/http:\/\/s3\.example:9000\S*/g)].map(([url]) => new URL(url));
  }

  /** Why a server would refuse such a URL so many seconds from now. */
  function refusalOf(url: URL, seconds = 0): string | undefined {
    const request = { host: url.host, target: `${url.pathname}${url.search}` };
    return refusalOfPresigned(request, ACCESS, Date.now() + seconds * 1000);
  }

  it('go out as URLs under the endpoint, whose signature holds for a day [outside.s3-images] [outside.s3-endpoint] [outside.s3-signature-holds] [outside.s3-good-for-a-day]', async () => {
    const urls = await urlsOf({ kernel: 's3://boot-images/a-1/kernel', initrd: 's3://boot-images/a-1/initrd+x' });
    expect(urls.map(({ pathname }) => pathname)).toEqual([
      '/store/boot-images/a-1/kernel',
      '/store/boot-images/a-1/initrd%2Bx',
    ]);
    for (const url of urls) {
      expect(url.searchParams.get('X-Amz-Expires')).toBe('86400');
      expect([0, 86_390].map((seconds) => refusalOf(url, seconds))).toEqual([undefined, undefined]);
      expect(refusalOf(url, 86_410)).toBe('expired');
      url.pathname = url.pathname.replace('a-1', 'a-2');
      expect(refusalOf(url)).toBe('another signature');
    }
  });

  it('are signed in parameters too, behind the words that fetch them and behind no others [outside.s3-in-parameters]', async () => {
    const params = 'root=live:s3://b/rootfs metal.server=s3://b/metal other=s3://b/o';
    await send('PUT', PARAMETERS, { macs: [MAC], kernel: 's3://b/k', initrd: 's3://b/i', params });
    const { text } = await send('GET', `${SCRIPT}?mac=${MAC}`);
    const [, root = '', metal = ''] =
      / root=live:(http\S+) metal\.server=(http\S+) other=s3:\/\/b\/o /.exec(text) ?? expect.fail(text);
    expect([root, metal].map((url) => new URL(url).pathname)).toEqual(['/store/b/rootfs', '/store/b/metal']);
    expect([root, metal].map((url) => refusalOf(new URL(url)))).toEqual([undefined, undefined]);
    const json = (await send('GET', `${SCRIPT}?mac=${MAC}&json=1`)).json();
    expect(json).toMatchObject({
      kernel: { path: expect.stringMatching(/^http:\/\/s3\.example:9000\/store\/b\/k\?/) },
    });
    const [record] = (await send('GET', PARAMETERS)).json() as object[];
    expect(record).toMatchObject({ kernel: 's3://b/k', params });
  });

  it('may be written with three slashes [outside.s3-three-slashes]', async () => {
    const urls = await urlsOf({ kernel: 's3:///b/k', initrd: 's3:///b/i', params: 'root=live:s3:///b/r' });
    expect(urls.map(({ pathname }) => pathname)).toEqual(['/store/b/k', '/store/b/r', '/store/b/i']);
    expect(urls.map((url) => refusalOf(url))).toEqual([undefined, undefined, undefined]);
  });
});
