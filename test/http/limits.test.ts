import { expect, it } from 'vitest';
import { describeService, PARAMETERS, problemWith, SCRIPT } from './describe-service.ts';

const MAC = '02:00:00:00:00:01';
const MIB = 1024 * 1024;

/** A record whose text is so many bytes long. */
function recordOf(bytes: number): Buffer {
  const [head, tail] = [`{"macs":["${MAC}"],"kernel":"http://files/k","cloud-init":{"user-data":{"text":"`, '"}}}'];
  return Buffer.from(`${head}${'x'.repeat(bytes - head.length - tail.length)}${tail}`);
}

/** Lists of different identifiers, as JSON. */
const some = {
  hosts: (count: number) => Array.from({ length: count }, (_, at) => `x${at}c0s0b0n0`),
  macs: (count: number) =>
    Array.from(
      { length: count },
      (_, at) =>
        `02:${at
          .toString(16)
          .padStart(10, '0')
          .replaceAll(/..(?!$)/g, '$&:')}`,
    ),
  nids: (count: number) => Array.from({ length: count }, (_, at) => at + 1),
};

describeService('what is too much', { BSS_SCRIPT_FORM: 'classic' }, ({ send, rows }) => {
  const refused = (detail: unknown) => problemWith(400, 'Bad Request', detail);

  it('is a body of more than 8 MiB, and a report of far less [limits.body-over-8-mib-is-413] [limits.report-over-64-kib-is-413] [limits.body-of-8-mib-is-read]', async () => {
    for (const [method, path] of [
      ['POST', PARAMETERS],
      ['PUT', PARAMETERS],
      ['PATCH', PARAMETERS],
      ['DELETE', PARAMETERS],
      ['GET', PARAMETERS],
      ['POST', '/boot/v1/scn'],
      ['POST', '/phone-home'],
    ] as const) {
      const answer = await send(method, path, recordOf(8 * MIB + 1));
      expect([method, path, answer.json()]).toEqual([
        method,
        path,
        problemWith(413, 'Content Too Large', `body: more than ${path === '/phone-home' ? 65_536 : 8 * MIB} bytes`),
      ]);
    }
    expect(await rows('nodes')).toBe(0);
    const answer = await send('PUT', PARAMETERS, recordOf(8 * MIB));
    expect([answer.status, answer.text.length]).toEqual([200, expect.any(Number)]);
    expect(answer.text.length).toBeGreaterThan(8 * MIB);
  });

  it('is parameters of more than 190 words [limits.more-than-190-words-are-400]', async () => {
    const params = (words: number): string => Array.from({ length: words }, (_, at) => `w${at}`).join(' ');
    for (const method of ['POST', 'PUT']) {
      const answer = await send(method, PARAMETERS, { macs: [MAC], kernel: 'http://files/k', params: params(191) });
      expect(answer.json()).toEqual(refused('params: 191 words, at most 190 are allowed at offset 0'));
    }
    expect(await rows('nodes')).toBe(0);
    await send('POST', PARAMETERS, { macs: [MAC], kernel: 'http://files/k', params: ` ${params(190)}\t ` });
    expect((await send('GET', `${SCRIPT}?mac=${MAC}`)).text).toContain(` w0 ${params(190).slice(3)} `);
    const patched = await send('PATCH', PARAMETERS, { macs: [MAC], params: params(191) });
    expect(patched.json()).toEqual(refused(expect.stringContaining('params: 191 words')));
  });

  it('is not parameters of more than 2,000 bytes [limits.long-parameters-are-served]', async () => {
    for (const length of [2000, 2001, 4000]) {
      const params = `first ${'x'.repeat(length - 11)} last`;
      const written = await send('PUT', PARAMETERS, { macs: [MAC], kernel: 'http://files/k', params });
      expect([written.status, written.json()]).toMatchObject([200, { params }]);
      const { text } = await send('GET', `${SCRIPT}?mac=${MAC}`);
      expect(text).toContain(`\nkernel --name kernel http://files/k ${params} bss_referral_token=`);
    }
  });

  it('is more than 100,000 hosts, MACs and NIDs together, in query and body [limits.more-than-100000-identifiers-are-400]', async () => {
    for (const [names, fields] of [
      [{ hosts: some.hosts(100_001) }, 'hosts'],
      [{ macs: some.macs(100_001) }, 'macs'],
      [{ nids: some.nids(100_001) }, 'nids'],
      [{ hosts: some.hosts(40_000), macs: some.macs(40_000), nids: some.nids(20_001) }, 'hosts, macs, nids'],
      [{ macs: some.macs(50_000), nids: some.nids(50_001) }, 'macs, nids'],
      // One that is named twice is two.
      [{ nids: Array.from({ length: 100_001 }, () => 5) }, 'nids'],
    ] as const) {
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
        const body = method === 'GET' || method === 'DELETE' ? names : { ...names, kernel: 'http://files/k' };
        const answer = await send(method, PARAMETERS, body);
        const detail = `${fields}: must hold at most 100000 together`;
        expect([method, answer.json()]).toEqual([method, refused(detail)]);
      }
    }
    const hosts = some.hosts(99_999);
    const together = await send('GET', `${PARAMETERS}?name=a&mac=${MAC}`, { hosts });
    expect(together.json()).toEqual(refused('hosts: must hold at most 100000 together'));
    expect((await send('GET', `${PARAMETERS}?name=a,b`, { hosts })).status).toBe(400);
    expect((await send('GET', `${PARAMETERS}?name=a`, { hosts })).status).toBe(404);
    expect(await rows('nodes')).toBe(0);
  });

  it('is not 100,000 of them [limits.100000-identifiers-are-taken]', async () => {
    const names = { hosts: some.hosts(40_000), macs: some.macs(40_000), nids: some.nids(20_000) };
    const written = await send('POST', PARAMETERS, { ...names, kernel: 'http://files/k' });
    expect(written.status).toBe(201);
    expect(await rows('nodes')).toBe(100_000);
    expect((await send('GET', `${SCRIPT}?nid=20000`)).text).toContain('http://files/k');
  }, 120_000);

  it('is JSON of many values or levels, which is refused at once and keeps nobody waiting [limits.monstrous-bodies-are-quick]', async () => {
    const bytes = 8 * MIB - 64;
    const filled = (head: string, unit: string, tail: string): Buffer =>
      Buffer.from(`${head}${unit.repeat(Math.floor((bytes - head.length - tail.length) / unit.length))}1${tail}`);
    const metaData = '{"hosts":["Global"],"cloud-init":{"meta-data":';
    const broken = filled('{"hosts":["', 'a', '"]}');
    broken[5000] = 0xff;
    for (const [name, body] of Object.entries({
      'open lists': filled('', '[', ''),
      'nested lists': Buffer.from(`${'['.repeat(bytes / 2)}${']'.repeat(bytes / 2)}`),
      'open objects': filled('', '{"a":', ''),
      'nested objects': Buffer.from(`${'{"a":'.repeat(bytes / 6)}1${'}'.repeat(bytes / 6)}`),
      'empty objects': filled('[', '{},', ']'),
      'empty objects for hosts': filled('{"hosts":[', '{},', ']}'),
      'empty objects in meta-data': filled(`${metaData}{"a":[`, '{},', ']}}}'),
      'many NIDs': filled('{"kernel":"http://files/k","nids":[', '1,', ']}'),
      'many members': filled(`${metaData}{`, '"k":1,', '"k":1}}}'),
      'one key again and again': filled('{', '"a":1,', '"a":1}'),
      'numbers out of range': filled('{"nids":[', '1e400,', ']}'),
      'one long number': filled('{"nids":[', '9', ']}'),
      'one long name': filled('{"hosts":["', 'a', '"]}'),
      'one long kernel': filled('{"hosts":["Default"],"kernel":"', 'a', '"}'),
      'one long escaped text': filled('{"hosts":["', '\\u0061', '"]}'),
      'many settings': filled('{"hosts":["Default"],"params":"', '${mac}', '"}'),
      'many words': filled('{"hosts":["Default"],"params":"', 'a ', '"}'),
      'no UTF-8': broken,
      blanks: Buffer.alloc(bytes, ' '),
    })) {
      const started = performance.now();
      const [answer, status] = await Promise.all([
        send('PUT', PARAMETERS, body),
        send('GET', '/boot/v1/service/status').then(({ text }) => [text, performance.now() - started]),
      ]);
      expect([name, answer.json()]).toEqual([name, refused(expect.any(String))]);
      expect(answer.text.length).toBeLessThan(300);
      expect([name, ...status]).toEqual([
        name,
        '{"bss-status":"running"}',
        expect.toSatisfy((ms: number) => ms < 1500),
      ]);
      expect([name, performance.now() - started]).toEqual([name, expect.toSatisfy((ms: number) => ms < 2000)]);
    }
    expect(await rows('boot_groups')).toBe(0);
  }, 60_000);

  it('is more than 64 levels of lists and objects, and not 64 [limits.deep-nesting-is-400]', async () => {
    const deep = (levels: number): object => {
      const within = '[{"a":'.repeat(levels / 2) + (levels % 2 === 1 ? '[]' : '1') + '}]'.repeat(levels / 2);
      return JSON.parse(`{"hosts":["Global"],"cloud-init":{"meta-data":{"a":${within},"text":"[[[{\\"[[["}}}`);
    };
    expect((await send('PUT', PARAMETERS, deep(61))).status).toBe(200);
    const answer = await send('PUT', PARAMETERS, deep(62));
    expect(answer.json()).toEqual(refused('body: nested more than 64 levels deep'));
    const text = '['.repeat(100_000);
    const stored = await send('PUT', PARAMETERS, { hosts: ['Global'], 'cloud-init': { 'user-data': { text } } });
    expect(stored.json()).toMatchObject({ 'cloud-init': { 'user-data': { text } } });
  });
});
