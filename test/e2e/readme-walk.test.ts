import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, expect, it } from 'vitest';
import { send } from '../support/http-client.ts';
import { type NodeProcess, spawnNode, until } from '../support/node-process.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bss-walk-'));
  return () => rm(folder, { recursive: true });
});

/** The blocks of commands below a heading of the README. */
async function blocksOf(heading: string): Promise<string[]> {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const section = readme.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block ?? '');
}

/** Runs commands in one shell, in the folder, and answers what each block writes. */
async function run(blocks: readonly string[], service?: NodeProcess): Promise<string[]> {
  const script = blocks.join('echo; echo ----\n').replaceAll('localhost:27778', `127.0.0.1:${service?.port}`);
  const strict = script.replaceAll('curl ', 'curl -sS --fail ');
  const { stdout } = await promisify(execFile)('bash', ['-euc', strict], { cwd: folder });
  return stdout.split('----\n');
}

const usesCurl = (block: string): boolean => block.includes('curl');

/** Starts the service, with its data in the folder, and waits until it has its database. */
async function start(settings: Record<string, string> = {}): Promise<NodeProcess> {
  const service = await spawnNode({ BSS_DATA_DIR: join(folder, 'data'), ...settings });
  await until(
    () => send(service.origin, 'GET', '/boot/v1/bootparameters'),
    ({ status }) => status === 200,
  );
  return service;
}

async function stop(service: NodeProcess): Promise<void> {
  service.signal('SIGTERM');
  expect(await service.exitCode()).toBe(0);
}

it('the README’s walk works by copy and paste', async () => {
  const curls = (await blocksOf('From nothing to a booted node')).filter(usesCurl);
  expect(curls.length).toBeGreaterThanOrEqual(5);

  const service = await start();
  const [status, unknown, created, boots, changed] = await run(curls, service);
  expect(status).toContain('"bss-status":"running"');
  expect(unknown).toContain('This node is not in the inventory yet');
  expect(created).toContain('"macs":["52:54:00:00:00:01","52:54:00:00:00:02"]');
  expect(boots).toContain(
    'kernel --name kernel --timeout 60000 http://10.0.2.2:27780/vmlinuz initrd=initrd console=ttyS0 quiet ',
  );
  expect(changed).toContain('"macs":["52:54:00:00:00:02"]');
  const left = (await send(service.origin, 'GET', '/boot/v1/bootparameters')).json();
  expect(left).toMatchObject([{ macs: ['52:54:00:00:00:01'], params: 'console=ttyS0 hello=world' }]);
  await stop(service);
});

it('so does its lab without SMD [inventory.file-read-again] [inventory.file-broken-later]', async () => {
  const blocks = await blocksOf('A lab without SMD');
  const STARTS = /^HSM_URL=file:\.\/(\S+) npm start\n/m;
  const making = blocks.find((block) => STARTS.test(block)) ?? '';
  const file = join(folder, STARTS.exec(making)?.[1] ?? 'none');
  await run([making.replace(STARTS, '')]);
  const service = await start({ HSM_URL: `file:${file}` });

  const [added, recorded, scripts, history] = await run(blocks.filter(usesCurl), service);
  expect(added).toContain('/hsm/v2/Inventory/RedfishEndpoints/x1000c0s1b0');
  expect(recorded).toContain('"hosts":["gpu"]');
  expect(scripts?.match(/ lab=\S+ xname=\S+/g)).toEqual([
    ' lab=Default xname=x1000c0s0b0n0',
    ' lab=Compute xname=x1000c0s0b0n1',
    ' lab=gpu xname=x1000c0s1b0n0',
  ]);
  expect(history?.match(/"name":"\w+"/g)).toEqual(
    ['x1000c0s0b0n0', 'x1000c0s0b0n1', 'x1000c0s1b0n0'].map((name) => `"name":"${name}"`),
  );

  // What it says of the file.
  const inventory = async () => (await send(service.origin, 'GET', '/boot/v1/service/hsm')).status;
  const script = async (mac: string) => (await send(service.origin, 'GET', `/boot/v1/bootscript?mac=${mac}`)).text;
  const good = await readFile(file, 'utf8');
  await writeFile(file, good.replace(']', ''));
  await until(inventory, (status) => status === 500);
  expect(service.output()).toMatch(/"reason":"YAML: [^"]* at line \d+/);
  expect(await script('52:54:00:00:00:11')).toContain('lab=Default');
  await writeFile(file, good.replace('00:11', '00:14'));
  await until(inventory, (status) => status === 200);
  expect(await script('52:54:00:00:00:14')).toContain('lab=Default');
  await stop(service);
}, 60_000);
