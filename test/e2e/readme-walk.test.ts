import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { send } from '../support/http-client.ts';
import { spawnNode, until } from '../support/node-process.ts';

it('the README’s walk works by copy and paste', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const section = readme.split('## From nothing to a booted node')[1]?.split('\n## ')[0] ?? '';
  const commands = [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block ?? '');
  const curls = commands.filter((block) => block.includes('curl'));
  expect(curls.length).toBeGreaterThanOrEqual(5);

  const folder = await mkdtemp(join(tmpdir(), 'bss-walk-'));
  const service = await spawnNode({ BSS_DATA_DIR: folder });
  await until(
    () => send(service.origin, 'GET', '/boot/v1/bootparameters'),
    ({ status }) => status === 200,
  );
  const script = curls.join('echo; echo ----\n').replaceAll('localhost:27778', `127.0.0.1:${service.port}`);
  const { stdout } = await promisify(execFile)('bash', ['-euc', script.replaceAll('curl ', 'curl -sS --fail ')]);
  const [status, unknown, created, boots, changed] = stdout.split('----\n');
  expect(status).toContain('"bss-status":"running"');
  expect(unknown).toContain('This node is not in the inventory yet');
  expect(created).toContain('"macs":["52:54:00:00:00:01","52:54:00:00:00:02"]');
  expect(boots).toContain(
    'kernel --name kernel --timeout 60000 http://10.0.2.2:27780/vmlinuz initrd=initrd console=ttyS0 quiet ',
  );
  expect(changed).toContain('"macs":["52:54:00:00:00:02"]');
  const left = (await send(service.origin, 'GET', '/boot/v1/bootparameters')).json();
  expect(left).toMatchObject([{ macs: ['52:54:00:00:00:01'], params: 'console=ttyS0 hello=world' }]);

  service.signal('SIGTERM');
  expect(await service.exitCode()).toBe(0);
  await rm(folder, { recursive: true });
});
