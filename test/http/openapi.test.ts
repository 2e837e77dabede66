import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import json from '../../src/http/assets/openapi.json' with { type: 'json' };
import { VERSION } from '../../src/version.ts';
import { describeService } from './describe-service.ts';

describeService('the document of the API', { BSS_JWKS_URL: 'http://127.0.0.1:9/keys' }, ({ send }) => {
  it('is served to everybody, at the root only, and is found from there', async () => {
    const answer = await send('GET', '/openapi.json');
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/json; charset=UTF-8']);
    expect(answer.json()).toEqual(json);
    expect(answer.json()).toMatchObject({ openapi: '3.1.0', info: { version: VERSION } });
    for (const path of ['/boot/v1/openapi.json', '/boot/v1/docs', '/openapi']) {
      expect((await send('GET', path)).status).toBe(404);
    }
    expect((await send('GET', '/')).json()).toMatchObject({ links: { openapi: '/openapi.json', docs: '/docs' } });
  });

  it('is a page that shows every operation, schema and problem', async () => {
    const { status, headers, text } = await send('GET', '/docs');
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=UTF-8']);
    for (const operation of Object.values(json.paths).flatMap((methods) => Object.values(methods))) {
      expect(text).toContain(`id="${operation.operationId}"`);
      expect(text).toContain(`href="#${operation.operationId}"`);
      expect(text).toContain(operation.summary);
    }
    for (const name of Object.keys(json.components.schemas)) expect(text).toContain(`id="schema-${name}"`);
    for (const name of Object.keys(json.components.responses)) expect(text).toContain(`id="problem-${name}"`);
    const ids = [...text.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const links = [...text.matchAll(/ href="#([^"]*)"/g)].map(([, id]) => id);
    expect(links.filter((id) => !ids.includes(id))).toEqual([]);
    expect(text).not.toMatch(/undefined|\[object|Promise/);
  });

  it('is a page that needs nothing but itself, and may use nothing else', async () => {
    const { headers, text } = await send('GET', '/docs');
    const style = /<style>([^<]*)<\/style>/.exec(text)?.[1] ?? '';
    const digest = createHash('sha256').update(style).digest('base64');
    expect(headers['content-security-policy']).toBe(
      `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    expect(style.length).toBeGreaterThan(1000);
    expect(style).not.toMatch(/url\(|@import/);
    expect(text).not.toMatch(
      /<(script|link|img|iframe|object|embed|form|base)\b| src=| style=| on[a-z]+=|javascript:/i,
    );
    const targets = [...text.matchAll(/ href="([^"]*)"/g)].map(([, target]) => target);
    expect(targets.filter((target) => !target?.startsWith('#'))).toEqual(['/openapi.json']);
  });
});
