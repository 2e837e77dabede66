import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { readSettings } from '../../src/config.ts';
import { openNodeInventory } from '../../src/node/inventory.ts';
import type { Inventory } from '../../src/ports/inventory.ts';
import { type NotingLog, notingLog } from '../support/noting-log.ts';
import type { SmdNode } from '../support/smd-simulator.ts';
import { inventoryFile } from './file.ts';
import { found } from './found.ts';
import { byAddress, byMac, byNid, byXname } from './keys.ts';
import { noCopy } from './smd.ts';
import { outagesIn } from './snapshot-for-test.ts';

const ONE = { xname: 'x1000c0s0b0n0', nid: 1, macs: ['02:00:00:00:00:01'], groups: ['gpu'], addresses: ['10.0.0.1'] };
const TWO = { xname: 'x1000c0s1b0n0', nid: 2, macs: ['02:00:00:00:00:02'], role: 'Compute' };
/** Milliseconds until a change of the file holds. */
const SOON = { timeout: 3000, interval: 20 };
const BROKEN: Record<string, string> = { json: '{"Components":[{"ID":', yaml: 'Components: [{ID: x1' };

describe.each(['json', 'yaml'])('An inventory file in %s', (format) => {
  let path: string;
  let inventory: Inventory;
  let log: NotingLog;

  const save = async (...nodes: SmdNode[]): Promise<void> => {
    // As it comes out of JSON: YAML has no word for what is not said.
    const content = JSON.parse(JSON.stringify(inventoryFile(nodes)));
    await writeFile(path, format === 'json' ? JSON.stringify(content) : dump(content));
  };
  const isWell = () =>
    inventory.check().then(
      () => true,
      () => false,
    );
  const xnames = async () => (await inventory.list()).components.map(({ xname }) => xname);

  beforeEach(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bss-file-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    path = join(folder, `inventory.${format}`);
    await save(ONE, TWO);
    log = notingLog();
    const open = openNodeInventory(readSettings({ HSM_URL: `file:${path}` }).settings, log);
    if (open === undefined) return expect.fail('there is no inventory');
    onTestFinished(open.stop);
    open.start(noCopy);
    inventory = open.inventory;
  });

  it('is read again when it changes: what came, what changed and what went', async () => {
    expect(await xnames()).toEqual([ONE.xname, TWO.xname]);
    // The first look at the file, which the next is compared with, comes right after the start.
    await new Promise((resolve) => setTimeout(resolve, 100));
    const three = { xname: 'x1000c0s9b0n0', nid: 9, addresses: ['10.0.0.9'] };
    await save({ ...ONE, macs: ['02:00:00:00:00:0f'], groups: ['canary'], enabled: false }, three);
    await expect.poll(xnames, SOON).toEqual([ONE.xname, three.xname]);
    expect(await inventory.find(byMac('02:00:00:00:00:0f'))).toEqual({
      component: expect.objectContaining({ xname: ONE.xname, groups: ['canary'], enabled: false }),
    });
    expect(await found(inventory, byAddress('10.0.0.9'))).toMatchObject({ xname: three.xname });
    for (const key of [byMac('02:00:00:00:00:01'), byXname(TWO.xname), byNid(2), byMac('02:00:00:00:00:02')])
      expect(await found(inventory, key)).toBeUndefined();
    expect([await isWell(), outagesIn(log)]).toEqual([true, []]);
  });

  it('may lose all its nodes at once: whoever empties it means it', async () => {
    await new Promise((resolve) => setTimeout(resolve, 100));
    await save();
    await expect.poll(xnames, SOON).toEqual([]);
    expect(await isWell()).toBe(true);
  });

  it('keeps its old content while it is broken, says so once, and works again when it is mended', async () => {
    await writeFile(path, BROKEN[format] ?? '');
    await expect.poll(isWell, SOON).toBe(false);
    expect(await xnames()).toEqual([ONE.xname, TWO.xname]);
    expect(await found(inventory, byMac('02:00:00:00:00:01'))).toMatchObject({ groups: ['gpu'] });
    await writeFile(path, '{"Components":[{"ID":"no xname"}]}');
    await expect(inventory.refresh()).rejects.toMatchObject({ code: 'unavailable' });
    expect(await inventory.find(byNid(1))).not.toHaveProperty('age');
    expect(outagesIn(log)).toEqual(['error the inventory cannot be read']);
    await save({ ...ONE, groups: ['canary'] }, TWO);
    await expect.poll(isWell, SOON).toBe(true);
    expect(await found(inventory, byNid(1))).toMatchObject({ groups: ['canary'] });
    expect(outagesIn(log)).toHaveLength(2);
  });

  it('that goes away is missed, and read when it is back', async () => {
    await rename(path, `${path}.away`);
    await expect.poll(isWell, SOON).toBe(false);
    expect(await xnames()).toEqual([ONE.xname, TWO.xname]);
    await rename(`${path}.away`, path);
    await expect.poll(isWell, SOON).toBe(true);
    expect(outagesIn(log)).toHaveLength(2);
  });

  it('is read at once on a refresh, which is done before it answers', async () => {
    await save(TWO);
    await inventory.refresh();
    expect(await xnames()).toEqual([TWO.xname]);
  });

  it('of two components with one xname has the first, at the start and later', async () => {
    await save({ ...ONE, nid: 5 }, { ...ONE, nid: 6 });
    const open = openNodeInventory(readSettings({ HSM_URL: `file:${path}` }).settings, log);
    if (open === undefined) return expect.fail('there is no inventory');
    onTestFinished(open.stop);
    expect(await found(open.inventory, byXname(ONE.xname))).toMatchObject({ nid: 5 });
    await open.inventory.refresh();
    expect(await found(open.inventory, byXname(ONE.xname))).toMatchObject({ nid: 5 });
    expect((await open.inventory.list()).components).toHaveLength(1);
  });
});
