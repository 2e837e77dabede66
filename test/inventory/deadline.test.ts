import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { withinDeadline } from '../../src/adapters/deadline.ts';
import { byMac, byNid, byXname } from './keys.ts';
import { inventoryOf, smdForTest } from './smd.ts';

const NODE = { xname: 'x1000c0s0b0n0', nid: 1, macs: ['02:00:00:00:00:01'] };
/** Milliseconds for a look-up of two steps, each of which takes `SLOW`. */
const [DEADLINE, SLOW] = [300, 200];

/** Milliseconds until a promise is settled. */
async function timeOf(promise: unknown): Promise<number> {
  const start = performance.now();
  await Promise.resolve(promise).catch(() => {});
  return performance.now() - start;
}

it('A look-up in time is answered as it is', async () => {
  const smd = await smdForTest([NODE]);
  const inventory = withinDeadline(inventoryOf(smd), DEADLINE);
  expect((await inventory.find(byMac('02:00:00:00:00:01')))?.component.nid).toBe(1);
  expect(await inventory.find(byXname('x1000c0s9b0n0'))).toBeUndefined();
});

it('A look-up fails when its steps together take too long, though each is in time', async () => {
  const smd = await smdForTest([NODE]);
  const inventory = withinDeadline(inventoryOf(smd), DEADLINE);
  smd.mode = { slow: SLOW };
  const late = inventory.find(byMac('02:00:00:00:00:01'));
  const took = await timeOf(late);
  await expect(late).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('300 ms') });
  expect(took).toBeGreaterThan(DEADLINE - 10);
  expect(took).toBeLessThan(2 * SLOW);
});

it('A look-up that is given up goes on behind, and what it fails of then troubles nobody', async () => {
  const smd = await smdForTest([NODE]);
  const inventory = inventoryOf(smd);
  const hasty = withinDeadline(inventory, 50);
  smd.mode = { slow: SLOW };
  await expect(hasty.find(byXname(NODE.xname))).rejects.toMatchObject({ code: 'unavailable' });
  await sleep(2 * SLOW);
  smd.mode = 'refuse';
  expect((await hasty.find(byXname(NODE.xname)))?.component.nid).toBe(1);
  smd.mode = { status: 503 };
  await expect(withinDeadline(inventoryOf(smd), 1).find(byNid(1))).rejects.toMatchObject({ code: 'unavailable' });
  await sleep(50);
});

it('A failure is passed on at once, and lists have no deadline', async () => {
  const smd = await smdForTest([NODE]);
  const inventory = withinDeadline(inventoryOf(smd), DEADLINE);
  smd.mode = { slow: DEADLINE + 100 };
  expect((await inventory.list()).components).toHaveLength(1);
  await inventory.refresh();
  smd.mode = 'refuse';
  const refused = inventory.find(byXname('x1000c0s9b0n0'));
  expect(await timeOf(refused)).toBeLessThan(DEADLINE / 2);
  await expect(refused).rejects.toMatchObject({ code: 'unavailable', message: expect.not.stringContaining('300 ms') });
});
