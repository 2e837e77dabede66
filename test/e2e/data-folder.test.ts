import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, rename, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send } from '../support/http-client.ts';
import { type NodeProcess, spawnNode, until } from '../support/node-process.ts';

const PARAMETERS = '/boot/v1/bootparameters';

describe('the Node entry with a data folder', { timeout: 120_000 }, () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bss-data-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function started(data: string): Promise<NodeProcess> {
    const service = await spawnNode({ BSS_DATA_DIR: data });
    await until(
      () => send(service.origin, 'GET', PARAMETERS),
      ({ status }) => status === 200,
      60,
    );
    return service;
  }

  async function killed(service: NodeProcess): Promise<void> {
    service.signal('SIGKILL');
    await service.exitCode();
  }

  it('comes up after first starts that were killed at any moment', async () => {
    const data = join(folder, 'first');
    let after = 150;
    // Until the database is made, a little later each time.
    for (; !existsSync(join(data, 'pglite')); after *= 1.6) {
      const service = await spawnNode({ BSS_DATA_DIR: data });
      await sleep(after);
      await killed(service);
    }
    expect(after).toBeGreaterThan(400);
    for (let more = 0; more < 3; more++) {
      const service = await spawnNode({ BSS_DATA_DIR: data });
      await sleep(400 + 200 * more);
      await killed(service);
    }
    const service = await started(data);
    expect((await send(service.origin, 'POST', PARAMETERS, { nids: [1], kernel: 'http://k' })).status).toBe(201);
    await killed(service);
    const again = await started(data);
    expect((await send(again.origin, 'GET', PARAMETERS)).json()).toHaveLength(1);
    await killed(again);
  });

  it('does not start with a damaged one, says what to do, and goes on with a copy of it', async () => {
    const data = join(folder, 'damaged');
    const service = await started(data);
    await send(service.origin, 'POST', PARAMETERS, { nids: [1], kernel: 'http://k' });
    await killed(service);
    const copy = join(folder, 'copy');
    await cp(data, copy, { recursive: true });
    await rm(join(data, 'pglite/PG_VERSION'));
    for (let attempt = 0; attempt < 2; attempt++) {
      const refused = await spawnNode({ BSS_DATA_DIR: data });
      expect(await refused.exitCode()).toBe(1);
      expect(refused.output()).toContain(
        `bss-edge: BSS_DATA_DIR ${data} holds a damaged database: pglite/PG_VERSION is missing. No new one is made in its ` +
          'place: put back a copy of the whole folder, or move the folder away to begin with an empty one\n',
      );
    }
    await rm(data, { recursive: true });
    await rename(copy, data);
    const repaired = await started(data);
    expect((await send(repaired.origin, 'GET', PARAMETERS)).json()).toHaveLength(1);
    await killed(repaired);
  });

  it('does not start with one in which PostgreSQL’s log is garbled', async () => {
    const data = join(folder, 'garbled');
    await killed(await started(data));
    const log = join(data, 'pglite/pg_wal');
    for (const name of await readdir(log)) if (/^0/.test(name)) await truncate(join(log, name), 0);
    const refused = await spawnNode({ BSS_DATA_DIR: data });
    expect(await refused.exitCode()).toBe(1);
    expect(refused.output()).toMatch(
      /bss-edge: BSS_DATA_DIR .* holds a damaged database: could not locate a valid checkpoint/,
    );
  });
});
