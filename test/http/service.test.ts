import { expect, it } from 'vitest';
import { VERSION } from '../../src/version.ts';
import { describeService, PARAMETERS, problemWith } from './describe-service.ts';

const METHODS: Record<string, string> = {
  '/boot/v1/bootscript': 'GET',
  '/bootscript': 'GET',
  '/boot-service/bootscript': 'GET',
  '/boot/v1/bootparameters': 'GET,POST,PUT,PATCH,DELETE',
  '/boot/v1/service/status': 'GET',
  '/boot/v1/service/version': 'GET',
  '/health': 'GET',
  '/ready': 'GET',
  '/metrics': 'GET',
};

describeService('the service', {}, ({ send }) => {
  it('says that it runs, under every prefix and with slashes at the end [service.status] [service.version] [service.health] [paths.prefixes] [paths.trailing-slashes]', async () => {
    for (const prefix of ['/boot/v1', '/apis/bss/boot/v1', '/bss/boot/v1']) {
      for (const slashes of ['', '/', '//']) {
        expect((await send('GET', `${prefix}/service/status${slashes}`)).text).toBe('{"bss-status":"running"}');
      }
      expect((await send('GET', `${prefix}/service/version`)).text).toBe(`{"bss-version":"${VERSION}"}`);
    }
    expect((await send('GET', '/health')).json()).toMatchObject({ status: 'ok' });
  });

  it('is ready with what it has in its own store [service.ready]', async () => {
    const answer = await send('GET', '/ready');
    const ready = { ready: true, age: 0 };
    expect([answer.status, answer.json()]).toEqual([200, { ready: true, store: ready, inventory: ready }]);
  });

  it('answers HEAD where GET works, OPTIONS with the methods, and 405 to all others [paths.head] [paths.options] [paths.wrong-method] [problems.form]', async () => {
    for (const [path, allow] of Object.entries(METHODS)) {
      const options = await send('OPTIONS', path);
      expect([path, options.status, options.headers.allow]).toEqual([path, 204, allow]);
      const wrong = await send('PROPFIND', path);
      expect([wrong.status, wrong.headers.allow]).toEqual([405, allow]);
      expect(wrong.json()).toEqual(problemWith(405, 'Method Not Allowed', expect.any(String)));
    }
    expect((await send('OPTIONS', '/')).status).toBe(204);
    const head = await send('HEAD', '/boot/v1/service/status');
    expect([head.status, head.text]).toEqual([200, '']);
    expect((await send('HEAD', PARAMETERS)).status).toBe(200);
  });

  it('tells what it is at the root, as a page only to a browser [paths.root] [paths.root-as-a-page]', async () => {
    const answer = await send('GET', '/');
    expect(answer.json()).toMatchObject({ service: 'bss-edge', version: VERSION, links: { health: '/health' } });
    expect((await send('POST', '/')).json()).toMatchObject({ service: 'bss-edge' });
    expect((await send('GET', '/apis/bss/boot/v1/')).json()).toMatchObject({ service: 'bss-edge' });
    const page = await send('GET', '/', undefined, { Accept: 'text/html,*/*' });
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.text).toContain('<h1>bss-edge');
  });

  it('answers with a problem where there is nothing [problems.unknown-path] [problems.content-type] [problems.form]', async () => {
    for (const path of ['/nothing', '/boot', '/boot/v1/bootparameters/x', '/apis/bss/health']) {
      const answer = await send('GET', path);
      expect(answer.json()).toEqual(problemWith(404, 'Not Found', expect.any(String)));
      expect(answer.headers['content-type']).toBe('application/problem+json');
    }
  });

  it('gives every answer an id, which the client may choose [service.request-id]', async () => {
    for (const path of ['/health', '/nothing', '/boot/v1/bootscript', PARAMETERS]) {
      expect((await send('GET', path)).headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    }
    expect((await send('GET', '/health', undefined, { 'X-Request-Id': 'abc-1' })).headers['x-request-id']).toBe(
      'abc-1',
    );
  });
});
