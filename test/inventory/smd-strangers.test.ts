import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import type { NodeKey } from '../../src/core/component.ts';
import type { Inventory } from '../../src/ports/inventory.ts';
import { manyNodes } from '../support/many-nodes.ts';
import type { SmdSimulator } from '../support/smd-simulator.ts';
import { found } from './found.ts';
import { byMac, byNid } from './keys.ts';
import { smdForTest } from './smd.ts';
import { read } from './snapshot-for-test.ts';

/** Look-ups at once, in a second, and as many at first: what SMD sees of strangers at most. */
const [IN_FLIGHT, RATE] = [16, 50];
const KNOWN = byNid(100_000);

let smd: SmdSimulator;
let inventory: Inventory;
beforeEach(async () => {
  smd = await smdForTest(manyNodes(10));
  ({ inventory } = await read(smd, { timeout: 1000, maxAge: 60_000 }));
  smd.flight.most = 0;
});

const stranger = (at: number): NodeKey =>
  byMac(`02:ff:ff:ff:${(at >> 8).toString(16).padStart(2, '0')}:${(at & 255).toString(16).padStart(2, '0')}`);
/** What a thousand strangers are told, each once: nobody, or that it cannot be said. */
async function askedByMany(of = inventory): Promise<Set<string>> {
  const answers = await Promise.allSettled(Array.from({ length: 1000 }, (_, at) => of.find(stranger(at))));
  return new Set(
    answers.map((answer) => (answer.status === 'rejected' ? String(answer.reason.code) : String(answer.value))),
  );
}
/** Milliseconds until a known node was found. */
async function timeOfKnown(): Promise<number> {
  const start = performance.now();
  expect(await found(inventory, KNOWN)).toMatchObject({ nid: 100_000 });
  return performance.now() - start;
}

describe('A thousand strangers at once', () => {
  it('are few requests to SMD, and all are told that they are not known while that was true a moment ago', async () => {
    smd.mode = { slow: 100 };
    const many = askedByMany();
    expect(await timeOfKnown()).toBeLessThan(50);
    expect(await many).toEqual(new Set(['undefined']));
    expect(smd.requests).toHaveLength(IN_FLIGHT);
    expect(smd.flight.most).toBeLessThanOrEqual(IN_FLIGHT);
  });

  it('are told that nothing can be said once what is known is old', async () => {
    ({ inventory } = await read(smd, { timeout: 500, maxAge: 300 }));
    smd.mode = 'hang';
    await expect.poll(async () => (await inventory.find(KNOWN))?.age).toBeDefined();
    const start = performance.now();
    expect(await askedByMany()).toEqual(new Set(['unavailable']));
    expect(performance.now() - start).toBeLessThan(500 + 200);
    expect(await timeOfKnown()).toBeLessThan(50);
  });

  it('share a look-up when they ask for one name', async () => {
    smd.mode = { slow: 50 };
    const all = await Promise.all(Array.from({ length: 1000 }, () => inventory.find(stranger(1))));
    expect(new Set(all)).toEqual(new Set([undefined]));
    expect(smd.requests).toHaveLength(1);
  });
});

it('Strangers that go on asking for two seconds are few requests to SMD, and keep no known node waiting', async () => {
  const start = performance.now();
  let [asked, slowest] = [0, 0];
  while (performance.now() - start < 2000) {
    await Promise.all(Array.from({ length: 20 }, () => inventory.find(stranger(asked++ % 5000))));
    slowest = Math.max(slowest, await timeOfKnown());
    await sleep(5);
  }
  const seconds = (performance.now() - start) / 1000;
  expect(asked).toBeGreaterThan(1000);
  expect(smd.requests.length).toBeLessThanOrEqual(RATE + Math.ceil(seconds * RATE));
  expect(smd.flight.most).toBeLessThanOrEqual(IN_FLIGHT);
  expect(slowest).toBeLessThan(100);
});

it('A node that discovery has added is found among strangers as soon as it asks and there is room', async () => {
  await askedByMany();
  smd.add({ xname: 'x9999c0s0b0n0', macs: ['02:ff:ff:ff:00:01'] });
  await expect.poll(() => found(inventory, stranger(1)), { timeout: 6000 }).toMatchObject({ xname: 'x9999c0s0b0n0' });
});

it('Strangers while SMD fails hurt nobody when it is back', async () => {
  smd.mode = 'hang';
  await askedByMany();
  smd.mode = 'healthy';
  smd.add({ xname: 'x9999c0s0b0n0', macs: ['02:ff:ff:ff:00:01'] });
  await expect
    .poll(() => found(inventory, stranger(1)).catch(() => {}), { timeout: 6000 })
    .toMatchObject({
      xname: 'x9999c0s0b0n0',
    });
});
