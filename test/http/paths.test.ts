import { expect, it } from 'vitest';
import { spawnNode, until } from '../support/node-process.ts';
import { describeService, problemWith } from './describe-service.ts';

const PREFIXES = ['/boot/v1', '/apis/bss/boot/v1', '/bss/boot/v1'];

const ROUTES = {
  '/bootscript': 'GET',
  '/bootparameters': 'GET,POST,PUT,PATCH,DELETE',
  '/hosts': 'GET,POST',
  '/dumpstate': 'GET',
  '/endpoint-history': 'GET',
  '/scn': 'POST',
  '/service/status': 'GET',
  '/service/version': 'GET',
  '/service/hsm': 'GET',
  '/service/storage/status': 'GET',
  '/service/etcd': 'GET',
  '/service/status/all': 'GET',
};

describeService('a path', {}, ({ send }) => {
  it('of the API is there under every prefix, with the same methods [paths.every-route-under-every-prefix] [paths.options] [paths.wrong-method] [paths.trailing-slashes]', async () => {
    for (const [path, allow] of Object.entries(ROUTES)) {
      for (const prefix of PREFIXES) {
        const options = await send('OPTIONS', `${prefix}${path}`);
        expect([prefix, path, options.status, options.headers.allow, options.text]).toEqual([
          prefix,
          path,
          204,
          allow,
          '',
        ]);
        const wrong = await send('PROPFIND', `${prefix}${path}//`);
        expect([wrong.status, wrong.headers.allow]).toEqual([405, allow]);
        const head = await send('HEAD', `${prefix}${path}`);
        const get = await send('GET', `${prefix}${path}`);
        expect([path, head.status, head.text]).toEqual([path, get.status, '']);
        expect(get.status).toBe(allow.includes('GET') ? (path === '/bootscript' ? 400 : 200) : 405);
      }
    }
  });

  it('of the root is under no prefix [paths.health-only-at-the-root] [paths.cloud-init-at-the-root]', async () => {
    expect((await send('GET', '/health')).json()).toMatchObject({ status: 'ok' });
    const metaData = await send('GET', '/meta-data/');
    expect([metaData.status, metaData.headers['content-type']]).toEqual([200, 'application/json; charset=UTF-8']);
    const userData = await send('GET', '/user-data/');
    expect([userData.status, userData.headers['content-type']]).toEqual([200, 'text/yaml']);
    // Nobody is known at the address of the test.
    expect((await send('POST', '/phone-home/', { hostname: 'n1' })).json()).toEqual(
      problemWith(404, 'Not Found', expect.stringContaining('no node is known')),
    );
    expect((await send('GET', '/phone-home')).headers.allow).toBe('POST');
    for (const prefix of [...PREFIXES, '/apis/bss', '/bss', '/boot', '/boot-service']) {
      for (const path of ['/health', '/meta-data', '/user-data']) {
        expect([prefix, path, (await send('GET', `${prefix}${path}`)).json()]).toEqual([
          prefix,
          path,
          problemWith(404, 'Not Found', 'there is nothing at this path'),
        ]);
      }
      expect((await send('POST', `${prefix}/phone-home`, { hostname: 'n1' })).status).toBe(404);
    }
  });

  it('“/” is a page to a GET that asks for one, and to nobody else [paths.root-as-a-page-for-get-only] [paths.root-as-a-page] [paths.root]', async () => {
    for (const accept of ['text/html', 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8']) {
      const page = await send('GET', '/', undefined, { Accept: accept });
      expect(page.headers['content-type']).toMatch(/^text\/html/);
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        const answer = await send(method, '/', undefined, { Accept: accept });
        expect([method, answer.status, answer.headers['content-type']]).toEqual([
          method,
          200,
          'application/json; charset=UTF-8',
        ]);
        expect(answer.json()).toMatchObject({ service: 'bss-edge' });
      }
    }
    for (const accept of ['*/*', 'application/json', '']) {
      expect((await send('GET', '/', undefined, { Accept: accept })).json()).toMatchObject({ service: 'bss-edge' });
    }
  });
});

it('without a setting the Node entry listens on port 27778 [paths.default-port]', async () => {
  const service = await spawnNode({ BSS_HTTP_LISTEN: '', DATABASE_URL: 'postgresql://127.0.0.1:1/none' });
  // On a machine where something has the port already, the service says that it wanted it.
  await until(
    async () => service.output(),
    (output) => /"port":27778.*"msg":"listening"|BSS_HTTP_LISTEN cannot be listened on: .*:27778/.test(output),
  );
  service.signal('SIGKILL');
  await service.exitCode();
});
