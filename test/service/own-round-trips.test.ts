import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { roads } from '../contract/roads.ts';
import type { StoreUnderTest } from '../contract/store-contract.ts';
import { ownComponent, ownGroup, ownInsert, ownInterface } from '../support/own-entries.ts';
import { type TestApp, testApp } from '../support/test-app.ts';

const PARAMETERS = '/boot/v1/bootparameters';
const SCRIPT = '/boot/v1/bootscript';
const [NODE, MAC, ADDRESS] = ['x7c0s0b0n0', '02:00:00:00:07:01', '10.7.0.1'];

for (const [name, make] of Object.entries(roads)) {
  describe(`a service that is its own inventory, over ${name}`, () => {
    let underTest: StoreUnderTest;
    let app: TestApp;
    beforeAll(async () => {
      underTest = await make(inject('postgresUrl'));
      app = testApp({ store: underTest.store, own: underTest.own, peerAddress: ADDRESS });
      const node = [ownComponent(NODE, { NID: 7, Role: 'Compute' }), ownInterface(MAC, NODE, ADDRESS)];
      await underTest.query(ownInsert(...node, ownGroup('rack', [NODE])));
    });
    afterAll(() => underTest.close());

    it('asks its database once for a script or data, and for a write once more to write', async () => {
      const costs: string[] = [];
      const cost = async (what: string, method: string, path: string, body?: unknown): Promise<void> => {
        const before = underTest.roundTrips();
        const { status } = await app.send(method, path, body);
        costs.push(`${what} ${status}: ${underTest.roundTrips() - before}`);
      };
      await cost('create', 'POST', PARAMETERS, { macs: [MAC], kernel: 'http://files/k' });
      await cost('create again', 'POST', PARAMETERS, { hosts: [NODE], kernel: 'http://files/k' });
      await cost('replace', 'PUT', PARAMETERS, { nids: [7], kernel: 'http://files/k' });
      await cost('patch', 'PATCH', PARAMETERS, { hosts: [NODE], params: 'quiet' });
      await cost('find', 'GET', `${PARAMETERS}?name=${NODE}`);
      for (const asked of [`mac=${MAC}`, `name=${NODE}`, 'nid=7', 'mac=02:00:00:00:07:ff', 'name=rack']) {
        await cost(`script ${asked}`, 'GET', `${SCRIPT}?${asked}`);
      }
      await cost('user-data', 'GET', '/user-data');
      await cost('phone-home', 'POST', '/phone-home', { hostname: 'n7' });
      await cost('host', 'GET', `/boot/v1/hosts?mac=${MAC}`);
      await cost('remove', 'DELETE', PARAMETERS, { hosts: [NODE] });
      console.info(`round trips over ${name}: ${costs.join(', ')}`);
      expect(costs).toEqual([
        ...['create 201: 2', 'create again 400: 1', 'replace 200: 2', 'patch 200: 2', 'find 200: 1'],
        ...[`script mac=${MAC} 200: 1`, `script name=${NODE} 200: 1`, 'script nid=7 200: 1'],
        ...['script mac=02:00:00:00:07:ff 200: 1', 'script name=rack 200: 1', 'user-data 200: 1'],
        ...['phone-home 200: 2', 'host 200: 1', 'remove 200: 2'],
      ]);
    });
  });
}
