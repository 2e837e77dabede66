import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { createInventoryCopy } from '../../src/adapters/store/inventory-copy.ts';
import type { Component } from '../../src/core/component.ts';
import type { CopyChange, InventoryCopy, KeptComponent } from '../../src/ports/inventory-copy.ts';
import { addressOf, hostnameOf, macOf, nidFrom, tagOf, xnameOf } from '../support/identifiers.ts';
import { type DriverUnderTest, stores } from './stores.ts';

const [SMD, OTHER] = ['http://smd.example:27779', 'http://other.example:27779'];
const xname = (at: number) => xnameOf(`x${1000 + Math.floor(at / 8)}c0s0b0n${at % 8}`);
const component = (at: number, role = 'Compute'): Component => ({
  ...{ xname: xname(at), macs: [], addresses: [], groups: [], enabled: true, details: {}, role },
});
const node = (at: number, role?: string) => ({ xname: xname(at), component: component(at, role) });
const gone = (at: number) => ({ xname: xname(at), component: undefined });
/** What became of nodes, all as of one time. */
const changes = (asOf: number, ...nodes: readonly Omit<CopyChange, 'asOf'>[]) => nodes.map((one) => ({ ...one, asOf }));
/** All that is said of a node. */
const WHOLE: Component = {
  ...{ xname: xname(1), nid: nidFrom(7), macs: [macOf('02:00:00:00:00:01')], addresses: [addressOf('10.0.0.1')] },
  ...{ role: 'Application', subRole: 'UAN', groups: ['gpu', 'compute'].map(tagOf), enabled: false },
  ...{ fqdn: hostnameOf('nid007.cluster.example'), details: { State: 'Ready', EndpointEnabled: false } },
};
/** In milliseconds; with a fraction, as clocks have it. */
const NOW = 1_790_000_000_123.5;

for (const [name, make] of Object.entries(stores)) {
  describe(`the copy of the inventory over ${name}`, () => {
    let underTest: DriverUnderTest;
    let copy: InventoryCopy;

    beforeAll(async () => {
      underTest = await make(inject('postgresUrl'));
      copy = createInventoryCopy(underTest.driver);
    });
    afterAll(() => underTest.close());
    beforeEach(async () => {
      await underTest.query('truncate boot.inventory_components, boot.inventory_copy');
      await copy.open(SMD);
    });

    async function kept(source = SMD): Promise<KeptComponent[]> {
      const all: KeptComponent[] = [];
      for await (const part of copy.read(source)) all.push(...part);
      return all;
    }
    const roles = async (): Promise<(string | undefined)[]> => (await kept()).map((one) => one.component.role);

    it('holds nothing at first', async () => {
      expect(await kept()).toEqual([]);
    });

    it('gives back what was written, with all that was said of it and when', async () => {
      await copy.write(SMD, changes(NOW, { xname: xname(1), component: WHOLE }));
      expect(await kept()).toEqual([{ xname: xname(1), component: WHOLE, asOf: expect.closeTo(NOW, 1) }]);
    });

    it('puts a later word in the place of an earlier one, and takes out what is gone', async () => {
      await copy.write(SMD, changes(NOW, node(1), node(2), node(3)));
      await copy.write(SMD, changes(NOW + 10, node(1, 'Application'), gone(2), gone(9)));
      expect(await kept()).toEqual([
        { ...node(1, 'Application'), asOf: expect.closeTo(NOW + 10, 1) },
        { ...node(3), asOf: expect.closeTo(NOW, 1) },
      ]);
    });

    it('leaves a later word when an earlier one comes after it', async () => {
      await copy.write(SMD, changes(NOW, node(1, 'later'), node(2, 'later')));
      await copy.write(SMD, changes(NOW - 10, node(1, 'earlier'), gone(2), node(3, 'earlier')));
      expect(await roles()).toEqual(['later', 'later', 'earlier']);
    });

    it('takes each node of a change for as old as it is', async () => {
      await copy.write(SMD, changes(NOW, node(1, 'before'), node(2, 'before'), node(3), node(4)));
      await copy.write(SMD, [
        ...changes(NOW + 10, node(1, 'later'), gone(3)),
        ...changes(NOW - 10, node(2, 'earlier'), gone(4)),
      ]);
      expect(await roles()).toEqual(['later', 'before', 'Compute']);
    });

    it('is as of a confirmation, all of it but what is newer, and never goes back', async () => {
      await copy.write(SMD, changes(NOW, node(1)));
      await copy.write(SMD, changes(NOW + 100, node(2)));
      await copy.confirm(SMD, NOW + 50);
      await copy.confirm(SMD, NOW + 20);
      expect((await kept()).map(({ asOf }) => Math.round(asOf - NOW))).toEqual([50, 100]);
    });

    it('keeps nothing of the credentials that its source is asked with', async () => {
      await copy.open('http://user:secret@smd.example');
      const [{ source } = {}] = await underTest.query('select source from boot.inventory_copy');
      expect(source).toMatch(/^[0-9a-f]{32}$/);
    });

    it('is the same when it is opened again', async () => {
      await copy.write(SMD, changes(NOW, node(1)));
      await copy.confirm(SMD, NOW + 50);
      await copy.open(SMD);
      expect(await kept()).toEqual([{ ...node(1), asOf: expect.closeTo(NOW + 50, 1) }]);
    });

    it('begins anew for another source, and takes nothing from one that it is no more of', async () => {
      await copy.write(SMD, changes(NOW, node(1)));
      await copy.confirm(SMD, NOW);
      await copy.open(OTHER);
      expect([await kept(OTHER), await kept(SMD)]).toEqual([[], []]);
      await copy.write(OTHER, changes(NOW - 1000, node(2)));
      await copy.write(SMD, changes(NOW, node(1), gone(2)));
      await copy.confirm(SMD, NOW + 50);
      expect(await kept(OTHER)).toEqual([{ ...node(2), asOf: expect.closeTo(NOW - 1000, 1) }]);
      await copy.open(SMD);
      expect(await kept()).toEqual([]);
    });

    it('holds 1,200 nodes, and gives each once', async () => {
      const nodes = Array.from({ length: 1200 }, (_, at) => node(at));
      await copy.write(SMD, changes(NOW, ...nodes.slice(0, 700)));
      await copy.write(SMD, changes(NOW + 10, ...nodes.slice(600)));
      const all = await kept();
      expect(all).toHaveLength(1200);
      expect(new Set(all.map((one) => one.xname))).toEqual(new Set(nodes.map((one) => one.xname)));
    });

    it('skips rows that it cannot read, however many there are', async () => {
      await copy.write(SMD, changes(NOW, node(1), node(8001)));
      await underTest.query(`insert into boot.inventory_components (xname, component, seen_at)
        select 'x1500c0s0b0n' || n, '{"enabled":"perhaps"}', now() from generate_series(1, 1100) as n`);
      await underTest.query(`insert into boot.inventory_components (xname, component, seen_at)
        select 'nonsense', component, seen_at from boot.inventory_components limit 1`);
      expect((await kept()).map((one) => one.xname).toSorted()).toEqual([xname(1), xname(8001)]);
    });

    it('takes a change of nothing', async () => {
      await copy.write(SMD, changes(NOW));
      expect(await kept()).toEqual([]);
    });

    it('takes what replicas write at once, the later word of each node', async () => {
      const writes = Array.from({ length: 10 }, (_, at) =>
        copy.write(SMD, changes(NOW + at, node(1, `${at}`), node(2, `${at}`), node(3, `${at}`))),
      );
      await Promise.all(writes);
      expect(await roles()).toEqual(['9', '9', '9']);
    });
  });
}
