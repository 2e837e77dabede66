import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { fixedInventory } from '../../src/adapters/inventory/fixed.ts';
import { macOf, xnameOf } from '../support/identifiers.ts';
import { type TestApp, testApp } from '../support/test-app.ts';
import { roadsHere } from './roads.ts';
import type { StoreUnderTest } from './store-contract.ts';

const PARAMETERS = '/boot/v1/bootparameters';
const MAC = '02:00:00:00:00:01';

// The Workers themselves meet in test/http/meetings.test.ts, each request on a connection of its own.
for (const [name, make] of Object.entries(roadsHere)) {
  describe(`requests that meet, over ${name}`, () => {
    let underTest: StoreUnderTest;
    let app: TestApp;

    beforeAll(async () => {
      underTest = await make(inject('postgresUrl'));
      app = testApp({ store: underTest.store });
    });
    afterAll(() => underTest.close());
    beforeEach(() =>
      underTest.query('truncate boot.nodes, boot.boot_groups, boot.boot_configs, boot.boot_images cascade'),
    );

    const statuses = async (requests: Promise<Response>[]): Promise<number[]> =>
      (await Promise.all(requests)).map(({ status }) => status).sort();
    const rows = async (table: string): Promise<number> =>
      Number((await underTest.query(`select count(*) as n from boot.${table}`))[0]?.n);
    const orphans = async (): Promise<unknown[]> => [
      ...(await underTest.query(
        'select id from boot.boot_groups g where name is null and not exists (select 1 from boot.boot_group_assignments a where a.boot_group_id = g.id)',
      )),
      ...(await underTest.query(
        'select id from boot.boot_configs c where not exists (select 1 from boot.boot_groups g where g.boot_config_id = c.id)',
      )),
      ...(await underTest.query(
        'select id from boot.nodes n where not exists (select 1 from boot.boot_group_assignments a where a.node_id = n.id)',
      )),
    ];

    it('lets one of twenty clients create the same node, and refuses nineteen [writing.one-of-many-creates]', async () => {
      const posts = Array.from({ length: 20 }, (_, at) =>
        app.send('POST', PARAMETERS, { macs: [MAC], kernel: `http://files/${at}` }),
      );
      expect(await statuses(posts)).toEqual([201, ...Array(19).fill(400)]);
      expect([await rows('nodes'), await rows('boot_configs'), await rows('boot_groups')]).toEqual([1, 1, 1]);
      expect(await orphans()).toEqual([]);
    });

    it('leaves what one order of twenty PUTs and DELETEs explains [writing.meetings-have-an-order]', async () => {
      await app.send('PUT', PARAMETERS, { macs: [MAC], kernel: 'http://files/before' });
      const requests = Array.from({ length: 20 }, (_, at) =>
        at % 2 === 0
          ? app.send('PUT', PARAMETERS, { macs: [MAC], kernel: `http://files/${at}` })
          : app.send('DELETE', PARAMETERS, { macs: [MAC] }),
      );
      const answers = await Promise.all(requests);
      expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(10);
      for (const [at, { status }] of answers.entries()) expect(at % 2 === 0 ? [200] : [200, 400]).toContain(status);

      const after = await app.fetch(`${PARAMETERS}?mac=${MAC}`);
      if (after.status === 200) {
        const kernel = expect.stringMatching(/^http:\/\/files\/(0|2|4|6|8|10|12|14|16|18)$/);
        expect(await after.json()).toMatchObject([{ kernel }]);
        expect([await rows('nodes'), await rows('boot_configs'), await rows('boot_groups')]).toEqual([1, 1, 1]);
      } else {
        expect(after.status).toBe(404);
        expect([await rows('nodes'), await rows('boot_configs'), await rows('boot_groups')]).toEqual([0, 0, 0]);
      }
      expect(await orphans()).toEqual([]);
    });

    it('loses no change of twenty PATCHes of one record [writing.meetings-have-an-order]', async () => {
      await app.send('POST', PARAMETERS, { macs: [MAC], kernel: 'http://files/vmlinuz' });
      const patches = Array.from({ length: 20 }, (_, at) =>
        app.send('PATCH', PARAMETERS, { macs: [MAC], 'cloud-init': { 'user-data': { [`key${at}`]: at } } }),
      );
      expect(await statuses(patches)).toEqual(Array(20).fill(200));
      const all = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`key${at}`, at]));
      const records = await (await app.fetch(`${PARAMETERS}?mac=${MAC}`)).json();
      expect(records).toMatchObject([{ 'cloud-init': { 'user-data': all } }]);
      expect(await orphans()).toEqual([]);
    });

    it('keeps groups of nodes whole when requests for overlapping groups meet', async () => {
      const macs = Array.from({ length: 8 }, (_, at) => `02:00:00:00:01:0${at}`);
      const requests = Array.from({ length: 16 }, (_, at) =>
        at % 4 === 3
          ? app.send('DELETE', PARAMETERS, { kernel: `http://files/${at - 1}` })
          : app.send('PUT', PARAMETERS, { macs: macs.slice(at % 3, 4 + (at % 5)), kernel: `http://files/${at}` }),
      );
      expect(await statuses(requests)).toEqual(Array(16).fill(200));
      expect(await orphans()).toEqual([]);
      expect(await rows('boot_groups')).toBe(await rows('boot_configs'));
    });

    it('follows MACs that the inventory has swapped between two nodes', async () => {
      const [one, two] = [macOf(MAC), macOf('02:00:00:00:00:02')];
      const over = (first: typeof one, second: typeof one): TestApp =>
        testApp({
          store: underTest.store,
          inventory: fixedInventory([
            { xname: xnameOf('x0c0s0b0n0'), macs: [first], groups: [], addresses: [], details: {}, enabled: true },
            { xname: xnameOf('x0c0s1b0n0'), macs: [second], groups: [], addresses: [], details: {}, enabled: true },
          ]),
        });
      expect(
        (await over(one, two).send('POST', PARAMETERS, { macs: [one, two], kernel: 'http://files/k' })).status,
      ).toBe(201);
      for (const method of ['PUT', 'PATCH']) {
        const answer = await over(two, one).send(method, PARAMETERS, { macs: [one, two], kernel: 'http://files/new' });
        expect([method, answer.status]).toEqual([method, 200]);
      }
    });

    it('changes thousands of nodes whose records are large', async () => {
      const macs = Array.from(
        { length: 3000 },
        (_, at) => `02:00:00:01:${(at >> 8).toString(16).padStart(2, '0')}:${(at & 255).toString(16).padStart(2, '0')}`,
      );
      const userData = { big: 'x'.repeat(200_000) };
      const posted = await app.send('POST', PARAMETERS, { macs, 'cloud-init': { 'user-data': userData } });
      expect(posted.status).toBe(201);
      expect((await app.send('PATCH', PARAMETERS, { macs, params: 'quiet' })).status).toBe(200);
      expect((await app.send('DELETE', PARAMETERS, { macs })).status).toBe(200);
    });

    it('lets one of two identifiers of one node win [writing.one-of-two-identifiers-creates]', async () => {
      const component = {
        xname: xnameOf('x0c0s0b0n0'),
        macs: [macOf(MAC)],
        groups: [],
        addresses: [],
        details: {},
        enabled: true,
      };
      const known = testApp({ store: underTest.store, inventory: fixedInventory([component]) });
      const posts = Array.from({ length: 10 }, (_, at) =>
        known.send('POST', PARAMETERS, {
          ...(at % 2 ? { macs: [MAC] } : { hosts: ['x0c0s0b0n0'] }),
          kernel: 'http://files/k',
        }),
      );
      expect(await statuses(posts)).toEqual([201, ...Array(9).fill(400)]);
      expect(await rows('nodes')).toBe(1);
    });
  });
}
