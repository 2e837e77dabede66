import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send } from '../support/http-client.ts';
import { spawnBuilt, until } from '../support/node-process.ts';
import { startOtlpReceiver } from '../support/otlp-receiver.ts';
import { startSmd } from '../support/smd-simulator.ts';

const run = promisify(execFile);

describe('the program as it is built', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bss-built-'));
    await run('npm', ['run', 'build'], { cwd: new URL('../..', import.meta.url) });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function bootsANodeOf(settings: Record<string, string>, mac: string): Promise<void> {
    const service = await spawnBuilt({ BSS_DATA_DIR: join(folder, mac), ...settings });
    const parameters = { macs: [mac], kernel: 'http://10.0.0.1/vmlinuz', params: 'quiet' };
    await until(
      () => send(service.origin, 'PUT', '/boot/v1/bootparameters', parameters),
      ({ status }) => status === 200 || status === 201,
    );
    const script = () => send(service.origin, 'GET', `/boot/v1/bootscript?mac=${mac}`);
    await until(script, (answer) => answer.text.includes('http://10.0.0.1/vmlinuz'));
    service.signal('SIGTERM');
    expect(await service.exitCode()).toBe(0);
  }

  it('makes its database, reads SMD in its thread, and stops when it is told to', async () => {
    const smd = await startSmd();
    try {
      smd.add({ xname: 'x9c0s0b0n0', macs: ['02:00:00:00:00:09'] });
      await bootsANodeOf({ HSM_URL: smd.url }, '02:00:00:00:00:09');
    } finally {
      await smd.stop();
    }
  });

  it('sends traces when it is told where to', async () => {
    const receiver = await startOtlpReceiver();
    try {
      await bootsANodeOf({ HSM_URL: 'mem:', OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }, '02:00:00:00:00:02');
      // The last ones before it ends.
      expect(receiver.spans.map(({ name }) => name)).toContain('GET /bootscript');
    } finally {
      await receiver.stop();
    }
  });

  it('reads a file', async () => {
    const path = join(folder, 'nodes.json');
    await writeFile(path, JSON.stringify({ Components: [{ ID: 'x0c0s0b0n0', MAC: ['02:00:00:00:00:01'] }] }));
    await bootsANodeOf({ HSM_URL: `file:${path}` }, '02:00:00:00:00:01');
  });
});
