import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { createInventoryCopy } from '../../src/adapters/store/inventory-copy.ts';
import type { InventoryCopy } from '../../src/ports/inventory-copy.ts';
import { type DriverUnderTest, stores } from '../contract/stores.ts';
import { xnameOf } from '../support/identifiers.ts';
import { manyNodes } from '../support/many-nodes.ts';
import type { SmdSimulator } from '../support/smd-simulator.ts';
import { found } from './found.ts';
import { byMac, byNid, byXname } from './keys.ts';
import { awayCopy, smdForTest } from './smd.ts';
import { read, type Started, started } from './snapshot-for-test.ts';

/** More than are written at a time. */
const NODES = manyNodes(600);
const [FIRST, SECOND] = NODES.map(({ xname }) => xname);
const MAX_AGE = 60_000;

let underTest: DriverUnderTest;
let copy: InventoryCopy;
let smd: SmdSimulator;
beforeAll(async () => {
  underTest = (await stores.PGlite?.(inject('postgresUrl'))) ?? expect.fail('there is no PGlite');
  copy = createInventoryCopy(underTest.driver);
});
afterAll(() => underTest.close());
beforeEach(async () => {
  await underTest.query('truncate boot.inventory_components, boot.inventory_copy');
  smd = await smdForTest(NODES);
});

type Row = { xname: string; role: string; seen: string };
async function rows(): Promise<Row[]> {
  const all = await underTest.query(
    `select xname, component->>'role' as role, seen_at::text as seen from boot.inventory_components order by xname`,
  );
  return all.map(({ xname, role, seen }) => ({ xname: String(xname), role: String(role), seen: String(seen) }));
}
const asOf = async (): Promise<string> =>
  String((await underTest.query('select as_of::text as t from boot.inventory_copy'))[0]?.t);

/** A service that has read all and kept it, and was stopped. */
async function stoppedService(): Promise<Started> {
  const service = await read(smd, { copy, maxAge: MAX_AGE });
  await expect.poll(async () => (await rows()).length, { timeout: 5000 }).toBe(NODES.length);
  await expect.poll(asOf).not.toBe('null');
  await service.stop();
  return service;
}

/** Lets so much time go by for what is kept. */
async function age(seconds: number): Promise<void> {
  await underTest.query(`update boot.inventory_components set seen_at = seen_at - interval '${seconds} seconds'`);
  await underTest.query(`update boot.inventory_copy set as_of = as_of - interval '${seconds} seconds'`);
}

describe('A service that is started while SMD is away', () => {
  it.each(['refuse', 'hang'] as const)('knows the nodes from the copy, with their age (%s)', async (mode) => {
    await stoppedService();
    await age(3600);
    smd.mode = mode;
    const { inventory } = started(smd, { copy, timeout: 1000, maxAge: MAX_AGE });
    await expect.poll(async () => inventory.find(byNid(100_599))).toBeDefined();
    const sighting = await inventory.find(byMac('02:00:00:00:00:00'));
    expect(sighting?.component).toMatchObject({ xname: FIRST, role: 'Compute', groups: ['compute', 'gpu'] });
    expect(sighting?.age).toBeGreaterThanOrEqual(3600);
    expect(sighting?.age).toBeLessThan(3630);
    const { components, age: listAge } = await inventory.list();
    expect([components.length, Math.round((listAge ?? 0) / 100)]).toEqual([600, 36]);
    await expect(inventory.find(byNid(7))).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('knows nobody while the copy is away too, and all as soon as one of them comes', async () => {
    await stoppedService();
    smd.mode = 'refuse';
    let isAway = true;
    const late: InventoryCopy = { ...copy, open: (source) => (isAway ? awayCopy.open(source) : copy.open(source)) };
    const { inventory } = started(smd, { copy: late, timeout: 500, maxAge: MAX_AGE });
    await expect(inventory.find(byNid(100_000))).rejects.toMatchObject({ code: 'unavailable' });
    isAway = false;
    await expect
      .poll(() => found(inventory, byNid(100_000)).catch(() => {}), { timeout: 5000 })
      .toMatchObject({ xname: FIRST });
  });
});

describe('What is kept', () => {
  it('loses its age with the next reading, and the nodes that SMD has no more', async () => {
    await stoppedService();
    await age(3600);
    smd.lists.components.shift();
    Object.assign(smd.lists.components[0] ?? {}, { Role: 'Other' });
    const { inventory } = started(smd, { copy, maxAge: MAX_AGE });
    await expect.poll(async () => (await rows()).length, { timeout: 5000 }).toBe(NODES.length - 1);
    await expect.poll(async () => (await rows()).find(({ xname }) => xname === SECOND)?.role).toBe('Other');
    await expect.poll(async () => (await inventory.list()).components.length).toBe(NODES.length - 1);
    expect((await inventory.list()).age).toBeUndefined();
    expect(await inventory.find(byNid(100_001))).toEqual({ component: expect.objectContaining({ role: 'Other' }) });
    expect(await found(inventory, byXname(FIRST ?? ''))).toBeUndefined();
  });

  it('is not written again when it has not changed, neither by the next reading nor by the next service', async () => {
    await stoppedService();
    const before = await rows();
    const confirmed = await asOf();
    const { inventory } = await read(smd, { copy, maxAge: MAX_AGE });
    await expect.poll(asOf, { timeout: 5000 }).not.toBe(confirmed);
    const again = await asOf();
    await inventory.refresh();
    await expect.poll(asOf, { timeout: 5000 }).not.toBe(again);
    expect(await rows()).toEqual(before);
  });

  it('follows what changes, and writes that alone', async () => {
    const { inventory } = await read(smd, { copy, maxAge: MAX_AGE });
    await expect.poll(asOf, { timeout: 5000 }).not.toBe('null');
    const before = await rows();
    Object.assign(smd.lists.components[0] ?? {}, { Role: 'Other' });
    await inventory.refresh();
    await expect.poll(async () => (await rows()).find(({ xname }) => xname === FIRST)?.role).toBe('Other');
    expect((await rows()).filter(({ xname }) => xname !== FIRST)).toEqual(
      before.filter(({ xname }) => xname !== FIRST),
    );
  });

  it('follows what was heard of single nodes, with the next reading', async () => {
    const { inventory } = await read(smd, { copy, maxAge: MAX_AGE });
    smd.add({ xname: 'x9000c0s0b0n0', nid: 9 });
    await inventory.refresh([xnameOf('x9000c0s0b0n0')]);
    await inventory.refresh();
    await expect.poll(async () => (await rows()).at(-1)?.xname, { timeout: 5000 }).toBe('x9000c0s0b0n0');
  });

  it('is of this SMD alone', async () => {
    await stoppedService();
    const other = await smdForTest(manyNodes(3));
    const { inventory } = await read(other, { copy, maxAge: MAX_AGE });
    await expect.poll(async () => (await rows()).length, { timeout: 5000 }).toBe(3);
    expect((await inventory.list()).components).toHaveLength(3);
  });

  it('is written later when the database was away', async () => {
    let isAway = false;
    const lame: InventoryCopy = {
      ...copy,
      write: (...args) => (isAway ? awayCopy.write(...args) : copy.write(...args)),
    };
    const { inventory, log } = await read(smd, { copy: lame, maxAge: MAX_AGE });
    await expect.poll(asOf, { timeout: 5000 }).not.toBe('null');
    isAway = true;
    Object.assign(smd.lists.components[0] ?? {}, { Role: 'Other' });
    await inventory.refresh();
    await expect.poll(() => log.lines.some((line) => line.startsWith('warn the copy'))).toBe(true);
    isAway = false;
    await inventory.refresh();
    await expect.poll(async () => (await rows()).find(({ xname }) => xname === FIRST)?.role).toBe('Other');
  });
});
