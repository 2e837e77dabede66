import { beforeEach, describe, expect, it } from 'vitest';
import type { Inventory } from '../../src/ports/inventory.ts';
import type { SmdMode, SmdSimulator } from '../support/smd-simulator.ts';
import { inventoryOf, smdForTest, stepsOf } from './smd.ts';

const CLASSES = '/service/values/class';
const COMPONENTS = '/State/Components';

let smd: SmdSimulator;
let inventory: Inventory;
beforeEach(async () => {
  smd = await smdForTest();
  inventory = inventoryOf(smd, { timeout: 200 });
});

describe('SMD is well', () => {
  it('when its service answers, and its components: two small requests at once', async () => {
    smd.mode = { slow: 100 };
    await inventory.check();
    const targets = smd.requests.map(({ target }) => target).sort();
    expect(targets).toEqual([`/hsm/v2${COMPONENTS}?type=Node&nid=0`, `/hsm/v2${CLASSES}`]);
    expect(stepsOf(smd.requests)).toBe(1);
  });

  it('without a token, without nodes, and without its guarded lists', async () => {
    smd.requireToken('a.b.c');
    smd.mode = 'empty';
    smd.modeOf.set('/memberships', { status: 500 });
    await inventory.check();
  });

  it('again as soon as it is', async () => {
    smd.mode = { status: 503 };
    await expect(inventory.check()).rejects.toMatchObject({ code: 'unavailable' });
    smd.mode = 'healthy';
    await inventory.check();
  });
});

describe.each([CLASSES, COMPONENTS])('SMD is not well while its %s', (path) => {
  const modes: readonly (readonly [string, SmdMode])[] = [
    ['answers 503', { status: 503 }],
    ['answers 404', { status: 404 }],
    ['answers 401', { status: 401 }],
    ['answers nothing', { status: 204 }],
    ['sends elsewhere', { status: 302 }],
    ['is too slow', { slow: 1000 }],
    ['stops in the middle of its answer', 'stall'],
    ['closes the connection', 'refuse'],
    ['answers with a part of JSON', 'garbage'],
    ['answers with HTML', { text: '<!DOCTYPE html><title>Welcome</title>' }],
  ];

  it.each(modes)('%s', async (_, mode) => {
    smd.modeOf.set(path, mode);
    const start = performance.now();
    await expect(inventory.check()).rejects.toMatchObject({ code: 'unavailable', cause: expect.anything() });
    expect(performance.now() - start).toBeLessThan(900);
  });
});

it.each([
  ['values of wrong types', 'wrong types'],
  ['a list of another shape', { text: '[]' }],
  ['a text', { text: '"well"' }],
] as const)('SMD is not well while its components are %s', async (_, mode) => {
  smd.modeOf.set(COMPONENTS, mode);
  await expect(inventory.check()).rejects.toMatchObject({ code: 'unavailable' });
});
