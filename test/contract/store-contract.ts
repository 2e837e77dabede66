import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Plan } from '../../src/core/changes/planned.ts';
import type { AddressKey, NodeKey } from '../../src/core/component.ts';
import type { BootConfiguration } from '../../src/core/configuration.ts';
import type { Xname } from '../../src/core/identifiers/xname.ts';
import type { Change, Found, Store, Wanted } from '../../src/ports/store.ts';
import { addressOf, hostnameOf, macOf, nidFrom, tagOf, xnameOf } from '../support/identifiers.ts';
import { type OwnEntry, ownComponent, ownEndpoint, ownGroup, ownInsert, ownInterface } from '../support/own-entries.ts';
import type { Fault, Kept } from './kept.ts';

/** What is kept in a migrated, empty database, and a way to look at the tables behind its back. */
export type StoreUnderTest = Kept & {
  /** The same over a driver whose batches fail. */
  failing(fault: Fault): Kept;
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
      store = underTest.store;
    });
    afterAll(() => underTest.close());
    beforeEach(async () => {
      await underTest.query(
        'truncate boot.nodes, boot.boot_groups, boot.boot_configs, boot.boot_images, boot.own_inventory cascade',
      );
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
        components: [],
        asOf: expect.any(Number),
      });
      expect((await store.list()).nodes).toEqual([]);
    });

    it('is ready, with what it has now', async () => {
      expect(await store.readiness()).toEqual({ isReady: true, age: 0 });
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

    it('leaves one revision on all nodes of a write, whether only their configuration is another one or more', async () => {
      const [same, numbered, added] = macs as [(typeof macs)[0], (typeof macs)[0], (typeof macs)[0]];
      const nid = nidFrom(7);
      await write(wantMacs(same), () => ({ nodes: [{ ...node(same, linux), resolved: xnameOf('x1000c0s0b0n0') }] }));
      await write(wantMacs(numbered), () => ({ nodes: [node(numbered, linux)] }));
      const before = await store.find(wantMacs(...macs));
      const found = (mac: (typeof macs)[0]) => before.nodes.find((one) => one.mac === mac);
      await write(wantMacs(...macs), () => ({
        nodes: [
          { ...node(same, rescue, found(same)?.id), resolved: found(same)?.resolved },
          { ...node(numbered, rescue, found(numbered)?.id), nid },
          node(added, rescue),
        ],
      }));
      const { nodes } = await store.find(wantMacs(...macs));
      expect(new Set(nodes.map(({ revision }) => revision)).size).toBe(1);
      expect(nodes[0]?.revision).toBeGreaterThan(Math.max(...before.nodes.map(({ revision }) => revision)));
      expect(nodes.map(({ boot }) => boot?.configuration)).toEqual([rescue, rescue, rescue]);
      const shown = new Map(nodes.map(({ mac, resolved, nid, createdAt }) => [mac, { resolved, nid, createdAt }]));
      expect(shown.get(same)).toEqual({ resolved: 'x1000c0s0b0n0', nid: undefined, createdAt: found(same)?.createdAt });
      expect(shown.get(numbered)).toEqual({ resolved: undefined, nid, createdAt: found(numbered)?.createdAt });
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

    it.each(['answer lost', 'answer lost and others follow'] as const)(
      'knows a write that was done, with its %s [writing.outage-changes-nothing]',
      async (fault) => {
        const wanted = wantMacs(macs[0] ?? macOf(''));
        const change = { ...NOTHING, nodes: [node(macs[0] ?? macOf(''), linux)] };
        const basis = { wanted, found: await store.find(wanted) };
        expect(await underTest.failing(fault).store.apply({ ...change, basis })).toBe(true);
        expect(await count('nodes')).toBe(1);
      },
    );

    it.each(['not done', 'comes late'] as const)(
      'is unavailable for a write that %s, and nothing of it is ever done [writing.outage-changes-nothing]',
      async (fault) => {
        const wanted = wantMacs(macs[0] ?? macOf(''));
        const change = { ...NOTHING, nodes: [node(macs[0] ?? macOf(''), linux)] };
        const basis = { wanted, found: await store.find(wanted) };
        const applied = underTest.failing(fault).store.apply({ ...change, basis });
        await expect(applied).rejects.toMatchObject({ code: 'unavailable' });
        expect(await count('nodes')).toBe(0);
        expect(await store.apply({ ...change, basis })).toBe(true);
      },
    );

    it('forgets what became of writes after a minute', async () => {
      await write(wantMacs(...macs), () => ({ nodes: [node(macs[0] ?? macOf(''), linux)] }));
      await underTest.query("update boot.recent_writes set noted_at = now() - interval '61 seconds'");
      await write(wantMacs(...macs), () => ({ nodes: [node(macs[1] ?? macOf(''), linux)] }));
      expect(await count('recent_writes')).toBe(1);
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
      const [mac = macOf('')] = macs;
      const wanted = { ...wantMacs(...macs), names: [tagOf('Default')] };
      const found = await store.find(wanted);
      const change = { ...NOTHING, nodes: macs.map((mac) => node(mac, linux)), basis: { wanted, found } };
      const costs = {
        find: await cost(() => store.find(wanted)),
        'find a node added by hand': await cost(() => store.find({ ...wanted, own: [{ kind: 'mac', mac }] })),
        'find by configuration': await cost(() => store.find({ matching: { kernel: 'http://files/vmlinuz' } })),
        list: await cost(() => store.list()),
        apply: await cost(() => store.apply(change)),
        'apply what is stale': await cost(() => store.apply(change)),
      };
      console.info(`round trips over ${name}: ${JSON.stringify(costs)}`);
      expect(Object.values(costs)).toEqual([1, 1, 1, 1, 1, 1]);
    });

    describe('and the own inventory', () => {
      const [mac, second] = macs as [(typeof macs)[0], (typeof macs)[0]];
      const [one, two, three] = ['x1c0s0b0n0', 'x1c0s1b0n0', 'x1c0s2b0n0'].map(xnameOf) as [Xname, Xname, Xname];
      const add = (...entries: OwnEntry[]): Promise<unknown> => underTest.query(ownInsert(...entries));
      const byMac: NodeKey = { kind: 'mac', mac };

      it('finds a node that was added by hand by whatever it may be asked for by', async () => {
        await add(
          ownComponent(one, { NID: 17, Role: 'Application', SubRole: 'UAN' }),
          ownInterface(second, one, '10.0.0.2', 'fd00::2'),
          ownInterface(mac, one),
          ownEndpoint(one, [macs[2] ?? ''], 'n17.cluster.example'),
          ownGroup('rack', [two, one]),
          ownGroup('blue', [one]),
          ...[ownComponent(two, { NID: 18 }), ownInterface(macs[3] ?? '', two, '10.0.0.3'), ownGroup('other', [two])],
        );
        const keys: (NodeKey | AddressKey)[] = [
          byMac,
          { kind: 'mac', mac: macs[2] ?? mac },
          { kind: 'xname', xname: one },
          { kind: 'nid', nid: nidFrom(17) },
          ...['n17', 'n17.cluster.example'].map((name): NodeKey => ({ kind: 'hostname', hostname: hostnameOf(name) })),
          ...['10.0.0.2', 'fd00::2'].map((text): AddressKey => ({ kind: 'address', address: addressOf(text) })),
        ];
        for (const key of keys) {
          expect((await store.find({ own: [key] })).components, JSON.stringify(key)).toEqual([
            {
              ...{ xname: one, nid: 17, role: 'Application', subRole: 'UAN', groups: ['blue', 'rack'], enabled: true },
              ...{ macs: [mac, second, macs[2]], addresses: ['10.0.0.2', 'fd00::2'], fqdn: 'n17.cluster.example' },
              details: expect.objectContaining({ Type: 'Node', EndpointEnabled: true }),
            },
          ]);
        }
        const all = await store.find({ own: [...keys, { kind: 'xname', xname: two }] });
        expect(all.components?.map(({ xname, groups }) => [xname, groups])).toEqual([
          [one, ['blue', 'rack']],
          [two, ['other', 'rack']],
        ]);
        expect((await store.list()).components).toEqual([]);
      });

      it('finds nobody by NID 0, by an interface alone, by an address with a zone, by a BMC', async () => {
        await add(ownComponent(one, { NID: 0 }), ownInterface(mac, two), {
          kind: 'redfish endpoint',
          id: 'x1c0s0b0',
          document: {},
          keys: { xnames: [one], macs: [second], nids: [0] },
        });
        const nobody: (NodeKey | AddressKey)[] = [
          { kind: 'nid', nid: nidFrom(0) },
          byMac,
          { kind: 'mac', mac: second },
          { kind: 'xname', xname: two },
          { kind: 'address', address: addressOf('fe80::1%eth0') },
          { kind: 'hostname', hostname: hostnameOf(one) },
        ];
        for (const key of nobody) {
          expect((await store.find({ own: [key] })).components, JSON.stringify(key)).toEqual([]);
        }
      });

      it('finds with a node what is stored under any of its identifiers and names, in the same query', async () => {
        await add(
          ...[ownComponent(one, { NID: 17, Role: 'Application', SubRole: 'UAN' }), ownInterface(mac, one, '10.0.0.2')],
          ...[ownInterface(second, one), ownGroup('rack', [one, two]), ownComponent(two), ownGroup('other', [two])],
        );
        const names = ['rack', 'Application', 'UAN', 'Application_UAN', 'other', 'Default'].map(tagOf);
        await write({ ...wantMacs(...macs), names }, () => ({
          nodes: [
            node(second, linux),
            { id: crypto.randomUUID(), xname: one, configuration: rescue },
            { id: crypto.randomUUID(), nid: nidFrom(17), configuration: linux },
            ...[node(macs[2] ?? mac, rescue), { id: crypto.randomUUID(), xname: two, configuration: linux }],
          ],
          groups: names.map((tag) => ({ id: crypto.randomUUID(), name: tag, priority: 0, configuration: linux })),
        }));
        const before = underTest.roundTrips();
        const found = await store.find({ own: [{ kind: 'address', address: addressOf('10.0.0.2') }] });
        expect(underTest.roundTrips() - before).toBe(1);
        expect(found.nodes.map(({ mac, xname, nid }) => mac ?? xname ?? nid).sort()).toEqual([second, 17, one]);
        expect(found.groups.map(({ name }) => name).sort()).toEqual(['Application', 'Application_UAN', 'UAN', 'rack']);
        // What is asked for besides comes along, and as many keys as one likes.
        const more = { ...wantMacs(macs[2] ?? mac), names: [tagOf('Default')], takenFor: [three] };
        const both = await store.find({ ...more, own: [byMac, { kind: 'xname', xname: two }] });
        expect([both.nodes.length, both.groups.length, both.components?.length]).toEqual([5, 6, 2]);
      });

      it('does not take a MAC that is another node’s interface for one of an endpoint’s', async () => {
        await add(ownComponent(one), ownEndpoint(one, [mac, second]), ownComponent(two), ownInterface(mac, two));
        const { components } = await store.find({ own: [{ kind: 'xname', xname: one }] });
        expect(components?.map(({ xname, macs }) => [xname, macs])).toEqual([[one, [second]]]);
      });

      it('does nothing when somebody has said meanwhile that a node is another one', async () => {
        await write({ nodes: { xnames: [one], macs: [], nids: [] } }, () => ({
          nodes: [{ id: crypto.randomUUID(), xname: one, configuration: linux }],
        }));
        const wanted: Wanted = { ...wantMacs(mac), own: [byMac] };
        const before = await store.find(wanted);
        await add(ownComponent(one), ownInterface(mac, one));
        const late = { ...NOTHING, nodes: [node(mac, rescue)], basis: { wanted, found: before } };
        expect(await store.apply(late)).toBe(false);
        expect(await count('nodes')).toBe(1);

        const seen = await store.find(wanted);
        expect(seen.nodes.map(({ xname }) => xname)).toEqual([one]);
        await add(ownInterface(mac, two));
        expect(await store.apply({ ...late, basis: { wanted, found: seen } })).toBe(false);
        expect(await write(wanted, ({ nodes }) => ({ nodes: nodes.length === 0 ? [node(mac, rescue)] : [] }))).toBe(
          true,
        );
        expect(await count('nodes')).toBe(2);
      });

      it('finds and writes 10,000 nodes of one group at once, and one of them at the cost of one', async () => {
        const numbers = Array.from({ length: 10_000 }, (_, at) => at);
        const xnames = numbers.map((at) => xnameOf(`x${Math.floor(at / 100)}c0s${at % 100}b0n0`));
        const macAt = (at: number) =>
          `02:00:00:01:${(at >> 8).toString(16).padStart(2, '0')}:${(at & 255).toString(16).padStart(2, '0')}`;
        await add(...xnames.map((xname) => ownComponent(xname, { Role: 'Compute' })), ownGroup('all', xnames));
        await add(...xnames.map((xname, at) => ownInterface(macAt(at), xname)));
        const wanted: Wanted = { own: numbers.map((at): NodeKey => ({ kind: 'mac', mac: macOf(macAt(at)) })) };
        const written = await write(wanted, ({ components = [] }) => ({
          nodes: components.map(({ xname, macs: [first = mac] }) => ({ ...node(first, linux), resolved: xname })),
        }));
        expect([written, await count('nodes')]).toEqual([true, 10_000]);
        const found = await store.find({ own: [{ kind: 'xname', xname: xnames[77] ?? one }] });
        expect(found.components).toMatchObject([{ xname: xnames[77], macs: [macAt(77)], groups: ['all'] }]);
        expect(found.nodes).toMatchObject([{ mac: macAt(77), resolved: xnames[77] }]);
      });
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
