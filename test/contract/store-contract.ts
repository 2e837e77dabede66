import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Driver } from '../../src/adapters/store/driver.ts';
import { createStore } from '../../src/adapters/store/record-store.ts';
import type { Plan } from '../../src/core/changes/planned.ts';
import type { BootConfiguration } from '../../src/core/configuration.ts';
import type { Change, Found, Store, Wanted } from '../../src/ports/store.ts';
import { macOf, nidFrom, tagOf, xnameOf } from '../support/identifiers.ts';

/** A driver over a migrated, empty database, and a way to look at the tables behind the store's back. */
export type StoreUnderTest = {
  readonly driver: Driver;
  query(text: string): Promise<Record<string, unknown>[]>;
  /** How often the store has gone to its database so far: for a query, or for a batch. */
  roundTrips(): number;
  close(): Promise<void>;
};

const NOTHING: Omit<Change, 'basis'> = {
  nodes: [],
  groups: [],
  images: [],
  removeNodes: [],
  removeGroups: [],
  removeImages: [],
};
const linux: BootConfiguration = { kernel: 'http://files/vmlinuz', initrd: 'http://files/initrd', params: 'quiet' };
const rescue: BootConfiguration = { kernel: 'http://files/rescue', metaData: { b: [1, 2.5, null], a: { c: 'd' } } };
const macs = [1, 2, 3, 4, 5].map((last) => macOf(`02:00:00:00:00:0${last}`));

/** What every driver's store does, whatever database is behind it. */
export function describeStore(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`the store over ${name}`, () => {
    let underTest: StoreUnderTest;
    let store: Store;

    beforeAll(async () => {
      underTest = await make();
      store = createStore(underTest.driver);
    });
    afterAll(() => underTest.close());
    beforeEach(async () => {
      await underTest.query('truncate boot.nodes, boot.boot_groups, boot.boot_configs, boot.boot_images cascade');
    });

    const wantMacs = (...wanted: typeof macs): Wanted => ({ nodes: { xnames: [], macs: wanted, nids: [] } });
    const count = async (table: string): Promise<number> =>
      Number((await underTest.query(`select count(*) as n from boot.${table}`))[0]?.n);
    const write = async (wanted: Wanted, plan: (found: Found) => Partial<Plan & Change>): Promise<boolean> => {
      const found = await store.find(wanted);
      return store.apply({ ...NOTHING, ...plan(found), basis: { wanted, found } });
    };
    const node = (mac: (typeof macs)[number], configuration: BootConfiguration, id: string = crypto.randomUUID()) => ({
      id,
      mac,
      configuration,
    });

    it('finds nothing in an empty database', async () => {
      expect(await store.find({ ...wantMacs(...macs), names: [tagOf('Default')] })).toEqual({
        nodes: [],
        groups: [],
        images: [],
        configurationImages: [],
        asOf: expect.any(Number),
      });
      expect((await store.list()).nodes).toEqual([]);
    });

    it('gives back a node as it was written, by any of its identifiers', async () => {
      const written = {
        id: crypto.randomUUID(),
        mac: macs[0],
        xname: xnameOf('x1000c0s0b0n0'),
        nid: nidFrom(17),
        resolved: xnameOf('x1000c0s0b0n0'),
        configuration: rescue,
        referralToken: crypto.randomUUID(),
      };
      expect(await write(wantMacs(...macs), () => ({ nodes: [written] }))).toBe(true);
      for (const wanted of [
        wantMacs(macs[0] ?? macOf('')),
        { nodes: { xnames: [xnameOf('x1000c0s0b0n0')], macs: [], nids: [] } },
        { nodes: { xnames: [], macs: [], nids: [nidFrom(17)] } },
      ]) {
        const { nodes } = await store.find(wanted);
        expect(nodes).toHaveLength(1);
        expect(nodes[0]).toMatchObject({
          ...{ id: written.id, mac: written.mac, xname: written.xname, nid: written.nid, resolved: written.resolved },
          boot: { configuration: rescue, referralToken: written.referralToken },
        });
      }
    });

    it('keeps one configuration and one nameless group for all nodes that share it', async () => {
      await write(wantMacs(...macs), () => ({ nodes: macs.map((mac) => node(mac, { ...linux })) }));
      expect([await count('nodes'), await count('boot_configs'), await count('boot_groups')]).toEqual([5, 1, 1]);
    });

    it('takes configurations for equal whatever the order of their keys', async () => {
      const [first, second] = macs as [(typeof macs)[0], (typeof macs)[0]];
      await write(wantMacs(first), () => ({ nodes: [node(first, { userData: { a: 1, b: { c: 2, d: 3 } } })] }));
      await write(wantMacs(second), () => ({ nodes: [node(second, { userData: { b: { d: 3, c: 2 }, a: 1 } })] }));
      expect(await count('boot_configs')).toBe(1);
    });

    it('removes configurations and nameless groups that nobody uses any more, and keeps those in use', async () => {
      const [first, second] = macs as [(typeof macs)[0], (typeof macs)[0]];
      await write(wantMacs(first, second), () => ({ nodes: [node(first, linux), node(second, linux)] }));
      await write(wantMacs(first), ({ nodes }) => ({ nodes: [node(first, rescue, nodes[0]?.id)] }));
      expect([await count('boot_configs'), await count('boot_groups')]).toEqual([2, 2]);
      await write(wantMacs(second), ({ nodes }) => ({ removeNodes: nodes.map(({ id }) => id) }));
      expect([await count('boot_configs'), await count('boot_groups'), await count('nodes')]).toEqual([1, 1, 1]);
      expect((await store.list()).nodes[0]?.boot?.configuration).toEqual(rescue);
    });

    it('keeps a configuration that a named group still uses', async () => {
      const wanted = { ...wantMacs(macs[0] ?? macOf('')), names: [tagOf('Compute')] };
      await write(wanted, () => ({
        nodes: [node(macs[0] ?? macOf(''), linux)],
        groups: [{ id: crypto.randomUUID(), name: tagOf('Compute'), priority: 3, configuration: linux }],
      }));
      await write(wanted, ({ nodes }) => ({ removeNodes: nodes.map(({ id }) => id) }));
      const { groups } = await store.find({ names: [tagOf('Compute')] });
      expect(groups[0]).toMatchObject({ name: 'Compute', priority: 3, boot: { configuration: linux } });
      expect([await count('boot_configs'), await count('boot_groups')]).toEqual([1, 1]);
    });

    it('finds image parameters when asked for, and those of the configurations it finds', async () => {
      const images = [{ kind: 'kernel' as const, uri: 'http://files/vmlinuz', params: 'console=ttyS0' }];
      await write({ images }, () => ({ images }));
      await write(wantMacs(...macs), () => ({ nodes: [node(macs[0] ?? macOf(''), linux)] }));
      expect((await store.find({ images })).images).toMatchObject(images);
      const found = await store.find(wantMacs(...macs));
      expect([found.images, found.configurationImages]).toMatchObject([[], images]);
      await write({ images }, (before) => ({ removeImages: before.images.map(({ id }) => id) }));
      expect(await count('boot_images')).toBe(0);
    });

    it('finds records and image parameters by configuration', async () => {
      await write(wantMacs(...macs), () => ({
        nodes: macs.map((mac, at) => node(mac, at < 3 ? linux : { ...linux, params: 'single' })),
        images: [{ kind: 'kernel', uri: 'http://files/vmlinuz', params: 'quiet' }],
      }));
      const byKernel = await store.find({ matching: { kernel: 'http://files/vmlinuz' } });
      expect([byKernel.nodes.length, byKernel.images.length]).toEqual([5, 1]);
      const byBoth = await store.find({ matching: { kernel: 'http://files/vmlinuz', params: 'single' } });
      expect([byBoth.nodes.length, byBoth.images.length]).toEqual([2, 0]);
      expect((await store.find({ matching: { kernel: 'http://files/other' } })).nodes).toEqual([]);
    });

    it('does nothing when what was read has changed', async () => {
      const wanted = wantMacs(macs[0] ?? macOf(''));
      const before = await store.find(wanted);
      await write(wanted, () => ({ nodes: [node(macs[0] ?? macOf(''), linux)] }));
      const late = { ...NOTHING, nodes: [node(macs[0] ?? macOf(''), rescue)], basis: { wanted, found: before } };
      expect(await store.apply(late)).toBe(false);
      expect((await store.find(wanted)).nodes.map(({ boot }) => boot?.configuration)).toEqual([linux]);
      expect(await count('boot_configs')).toBe(1);

      const seen = await store.find(wanted);
      await write(wanted, ({ nodes }) => ({ nodes: [node(macs[0] ?? macOf(''), linux, nodes[0]?.id)] }));
      expect(await store.apply({ ...late, basis: { wanted, found: seen }, nodes: [] })).toBe(false);
    });

    it('does nothing when that is too long ago by the clock of the store', async () => {
      const wanted = wantMacs(macs[0] ?? macOf(''));
      const found = await store.find(wanted);
      const change = { ...NOTHING, nodes: [node(macs[0] ?? macOf(''), linux)] };
      const at = (seconds: number) => ({ wanted, found: { ...found, asOf: (found.asOf ?? 0) + seconds } });
      expect(await store.apply({ ...change, basis: at(-8) })).toBe(false);
      expect([await count('nodes'), await count('boot_configs')]).toEqual([0, 0]);
      expect(await store.apply({ ...change, basis: at(-5) })).toBe(true);
      expect(await count('nodes')).toBe(1);
    });

    it('lets only one node claim a resolved xname: the one written last', async () => {
      const resolved = xnameOf('x1000c0s0b0n0');
      const [first, second] = macs as [(typeof macs)[0], (typeof macs)[0]];
      await write(wantMacs(first), () => ({ nodes: [{ ...node(first, linux), resolved }] }));
      await write(wantMacs(second), () => ({ nodes: [{ ...node(second, linux), resolved }] }));
      const { nodes } = await store.find(wantMacs(first, second));
      expect(Object.fromEntries(nodes.map((one) => [one.mac, one.resolved]))).toEqual({
        [first]: undefined,
        [second]: resolved,
      });
    });

    it('reads and writes text that would mean something to SQL or JSON as it is', async () => {
      const nasty = { kernel: `'; drop table boot.nodes; --`, params: `"\\u0041" \\ {} 'x' $1 ü 漢 😀` };
      await write(wantMacs(...macs), () => ({ nodes: [node(macs[0] ?? macOf(''), nasty)] }));
      expect((await store.find({ matching: { kernel: nasty.kernel } })).nodes[0]?.boot?.configuration).toEqual(nasty);
    });

    it('takes one round trip to find and one to write', async () => {
      const cost = async (work: () => Promise<unknown>): Promise<number> => {
        const before = underTest.roundTrips();
        await work();
        return underTest.roundTrips() - before;
      };
      const wanted = { ...wantMacs(...macs), names: [tagOf('Default')] };
      const found = await store.find(wanted);
      const change = { ...NOTHING, nodes: macs.map((mac) => node(mac, linux)), basis: { wanted, found } };
      const costs = {
        find: await cost(() => store.find(wanted)),
        'find by configuration': await cost(() => store.find({ matching: { kernel: 'http://files/vmlinuz' } })),
        list: await cost(() => store.list()),
        apply: await cost(() => store.apply(change)),
        'apply what is stale': await cost(() => store.apply(change)),
      };
      console.info(`round trips over ${name}: ${JSON.stringify(costs)}`);
      expect(Object.values(costs)).toEqual([1, 1, 1, 1, 1]);
    });

    it('writes and finds 10,000 nodes at once', async () => {
      const many = Array.from({ length: 10_000 }, (_, at) => {
        const hex = at.toString(16).padStart(4, '0');
        return macOf(`02:00:00:00:${hex.slice(0, 2)}:${hex.slice(2)}`);
      });
      expect(await write(wantMacs(...many), () => ({ nodes: many.map((mac) => node(mac, linux)) }))).toBe(true);
      expect((await store.find(wantMacs(...many))).nodes).toHaveLength(10_000);
      expect(await count('boot_configs')).toBe(1);
    });
  });
}
