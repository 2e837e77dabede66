import { fsyncSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openEmbedded } from '../../src/adapters/store/embedded-database.ts';
import { keepUpOnce } from '../../src/adapters/store/upkeep.ts';

vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>();
  return { ...real, fsyncSync: vi.fn(real.fsyncSync) };
});

describe('the embedded database', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bss-embedded-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has each commit on the disk before it is acknowledged, and acknowledges none that the disk refuses', async () => {
    const client = await openEmbedded(join(folder, 'synced'));
    await client.exec('create table words (word text)');
    for (const word of ['one', 'two', 'three']) {
      vi.mocked(fsyncSync).mockClear();
      await client.query('insert into words values ($1)', [word]);
      expect(fsyncSync).toHaveBeenCalled();
      vi.mocked(fsyncSync).mockClear();
      await client.query('select word from words');
      expect(fsyncSync).not.toHaveBeenCalled();
    }
    vi.mocked(fsyncSync).mockImplementation(() => {
      throw new Error('EIO');
    });
    await expect(client.query("insert into words values ('four')")).rejects.toThrow();
    vi.mocked(fsyncSync).mockReset();
  });

  it('keeps its log small, and makes room again of what was removed', async () => {
    const client = await openEmbedded(join(folder, 'upkeep'));
    await client.exec('create table words (word text)');
    expect(await keepUpOnce(client)).toBe(false);
    const sizes: number[] = [];
    for (let round = 0; round < 4; round++) {
      await client.exec("insert into words select repeat('x', 500) from generate_series(1, 40000); delete from words");
      expect(await keepUpOnce(client)).toBe(true);
      expect(await keepUpOnce(client)).toBe(false);
      const { rows } = await client.query<{ size: number }>("select pg_table_size('words')::int as size");
      sizes.push(rows[0]?.size ?? 0);
    }
    expect(Math.max(...sizes)).toBeLessThan(20_000_000);
    const log = readdirSync(join(folder, 'upkeep/pg_wal')).filter((name) => /^[0-9A-F]{24}$/.test(name));
    // 16 MB each; it wrote some 120 MB.
    expect(log.length).toBeLessThanOrEqual(6);
    await client.close();
  });
});
