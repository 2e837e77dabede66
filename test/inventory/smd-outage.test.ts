import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { AddressKey, NodeKey } from '../../src/core/component.ts';
import { ServiceError } from '../../src/core/errors.ts';
import type { Inventory } from '../../src/ports/inventory.ts';
import type { SmdMode, SmdSimulator } from '../support/smd-simulator.ts';
import { clocksForTest } from './edge.ts';
import { found } from './found.ts';
import { byAddress, byHostname, byMac, byNid, byXname } from './keys.ts';
import { inventoryOf, smdForTest, snapshotOf } from './smd.ts';

/** Milliseconds that a request may take here. */
const TIMEOUT = 200;

const NODE_KEYS: readonly (readonly [string, NodeKey])[] = [
  ['a MAC', byMac('02:00:00:00:03:00')],
  ['an unknown MAC', byMac('02:00:00:00:0f:ff')],
  ['an xname', byXname('x1000c0s3b0n0')],
  ['a NID', byNid(7)],
  ['a host name', byHostname('nid007')],
];
const KEYS: readonly (readonly [string, NodeKey | AddressKey])[] = [
  ...NODE_KEYS,
  ['an address', byAddress('172.16.1.7')],
];

const OUTAGES: readonly (readonly [string, SmdMode])[] = [
  ['answers 500', { status: 500 }],
  ['answers 503', { status: 503 }],
  ['answers 404', { status: 404 }],
  ['sends elsewhere', { status: 302 }],
  ['answers nothing', { status: 204 }],
  ['does not answer in time', 'hang'],
  ['stops in the middle of its answer', 'stall'],
  ['closes the connection', 'refuse'],
  ['answers with a part of JSON', 'garbage'],
  ['answers with HTML', { text: '<!DOCTYPE html><title>Welcome</title>' }],
  ['answers with an empty body', { text: '' }],
  ['answers with values of wrong types', 'wrong types'],
  ['answers with a text', { text: '"Node"' }],
  ['answers with a number', { text: '7' }],
  ['answers with true', { text: 'true' }],
  ['answers with an object in place of each list', { text: '{"Components":{},"ComponentEndpoints":{}}' }],
  ['answers with lists of texts', { text: '["x1000c0s3b0n0"]' }],
];

/** What a look-up without an answer to rely on ends with. */
async function expectUnavailable(answer: unknown): Promise<void> {
  const error = await Promise.resolve(answer).then(
    (value) => expect.fail(`answered ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ServiceError);
  expect(error).toMatchObject({ code: 'unavailable', cause: expect.anything() });
}

let smd: SmdSimulator;
let inventory: Inventory;
beforeEach(async () => {
  smd = await smdForTest();
  inventory = inventoryOf(smd, { timeout: TIMEOUT });
});

describe.each(OUTAGES)('While SMD %s', (_, mode) => {
  it.each(KEYS)('nothing is said of %s', async (_, key) => {
    smd.mode = mode;
    await expectUnavailable(inventory.find(key));
  });

  it('nothing is said of few keys or many', async () => {
    smd.mode = mode;
    const keys = NODE_KEYS.map(([, key]) => key);
    await expectUnavailable(inventory.findAll(keys.slice(0, 2)));
    await expectUnavailable(inventory.findAll(keys));
  });

  it('nothing is listed, refreshed or called well', async () => {
    smd.mode = mode;
    await expectUnavailable(inventory.list());
    await expectUnavailable(inventory.refresh());
    await expectUnavailable(inventory.check());
  });

  it('nothing is decided for later than a second', async () => {
    const clock = clocksForTest();
    smd.mode = mode;
    await expectUnavailable(inventory.find(byHostname('nid007')));
    smd.add({ xname: 'x1000c0s9b0n0', endpoint: { fqdn: 'nid100.cluster.example' } });
    smd.mode = 'healthy';
    clock.pass(1001);
    expect(await found(inventory, byHostname('nid100'))).toMatchObject({ xname: 'x1000c0s9b0n0' });
  });
});

describe.each(['/State/Components', '/Inventory/EthernetInterfaces', '/Inventory/ComponentEndpoints', '/memberships'])(
  'While only %s',
  (path) => {
    const modes: readonly (readonly [string, SmdMode])[] = [
      ['answers 503', { status: 503 }],
      ['does not answer', 'hang'],
      ['answers with values of wrong types', 'wrong types'],
      ['answers with an error in place of its list', { text: '{"error":"try again later"}' }],
      ['answers with a list in place of an object, or an object in place of a list', swapped(path)],
    ];

    it.each(modes)('%s, no half of a node is answered', async (_, mode) => {
      smd.modeOf.set(path, mode);
      await expectUnavailable(inventory.find(byMac('02:00:00:00:03:00')));
      await expectUnavailable(inventory.find(byXname('x1000c0s3b0n0')));
      await expectUnavailable(inventory.findAll(NODE_KEYS.map(([, key]) => key)));
    });
  },
);

/** An answer of the other shape: only components and endpoints come wrapped in an object. */
function swapped(path: string): SmdMode {
  return { text: /Component(s|Endpoints)$/.test(path) ? '[]' : '{}' };
}

describe('When SMD', () => {
  it('is not there at all, nothing is said', async () => {
    await smd.stop();
    await expectUnavailable(inventory.find(byMac('02:00:00:00:03:00')));
  });

  it('hangs, a look-up ends at its deadline', async () => {
    smd.mode = 'hang';
    const start = performance.now();
    await expectUnavailable(inventory.find(byMac('02:00:00:00:03:00')));
    expect(performance.now() - start).toBeLessThan(TIMEOUT + 1000);
  });

  it('hangs, all who wait for its lists are told in time, and those after them ask anew', async () => {
    const { inventory, stop } = snapshotOf(smd, { timeout: 1000 });
    onTestFinished(stop);
    smd.modeOf.set('/memberships', 'hang');
    const waiting = Array.from({ length: 10 }, () => inventory.find(byHostname('nid007')));
    await Promise.all(waiting.map((one) => expect(one).rejects.toMatchObject({ code: 'unavailable' })));
    expect(smd.requests).toHaveLength(4);
    smd.modeOf.clear();
    const asked = () => Promise.resolve(inventory.find(byHostname('nid007'))).catch(() => 'not yet');
    await expect.poll(asked, { timeout: 5000 }).toBeUndefined();
  });

  it('is not there at all, it is not well', async () => {
    await smd.stop();
    await expectUnavailable(inventory.check());
  });

  it('asks for a token for a public list, nothing is said', async () => {
    smd.modeOf.set('/State/Components', { status: 401 });
    await expectUnavailable(inventory.find(byXname('x1000c0s3b0n0')));
  });

  it('goes away right after a node was looked up, the node is known as long as that is young enough', async () => {
    const key = byMac('02:00:00:00:03:00');
    const known = await inventory.find(key);
    smd.mode = 'refuse';
    expect(await inventory.find(key)).toEqual(known);
  });

  it('goes away right after its lists were looked up, a node in them is known as long as they are young enough', async () => {
    const keys = NODE_KEYS.map(([, key]) => key);
    const [known] = await inventory.findAll(keys);
    smd.mode = 'refuse';
    expect(await inventory.find(byMac('02:00:00:00:03:00'))).toEqual(known);
  });
});
