import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { isUnavailable } from '../../src/core/errors.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Entry, EntryKind } from '../../src/core/own-inventory/entry.ts';
import { entryOf } from '../../src/core/own-inventory/keys.ts';
import type { EntryFilter, OwnInventory } from '../../src/ports/own-inventory.ts';
import { addressOf, nidFrom, xnameOf } from '../support/identifiers.ts';
import { roads } from './roads.ts';
import type { StoreUnderTest } from './store-contract.ts';

const [ONE, TWO] = ['x1000c0s0b0n0', 'x1000c0s1b0n0'];
const component = (id: string, said: JsonObject = {}): Entry =>
  entryOf('component', id, { ID: id, Type: 'Node', ...said });
const nic = (mac: string, owner: string, ...addresses: string[]): Entry => {
  const id = mac.replaceAll(':', '');
  const IPAddresses = addresses.map((IPAddress) => ({ IPAddress }));
  return entryOf('interface', id, { ID: id, MACAddress: mac, ComponentID: owner, IPAddresses });
};
const group = (label: string, ...ids: string[]): Entry => entryOf('group', label, { label, members: { ids } });
const everything = (['component', 'interface', 'redfish endpoint', 'component endpoint', 'group'] as const).map(
  (kind): EntryFilter => ({ kind }),
);

for (const [name, make] of Object.entries(roads)) {
  describe(`the service's own inventory over ${name}`, () => {
    let underTest: StoreUnderTest;
    let own: OwnInventory;

    beforeAll(async () => {
      underTest = await make(inject('postgresUrl'));
      own = underTest.own;
    });
    afterAll(() => underTest.close());
    beforeEach(async () => {
      await underTest.query('truncate boot.own_inventory');
    });

    const put = async (...entries: Entry[]): Promise<void> => {
      const filters = entries.map(({ kind, id }) => ({ kind, ids: [id] }));
      const found = await own.read(filters);
      expect(await own.apply({ basis: { filters, found }, put: entries, remove: [] })).toBe(true);
    };
    const found = async (...filters: EntryFilter[]): Promise<string[]> =>
      (await own.read(filters)).entries.map(({ kind, id }) => `${kind} ${id}`);

    it('gives back what was put, in the order of kinds and ids, and nothing before', async () => {
      expect((await own.read(everything)).entries).toEqual([]);
      await put(group('b'), component(TWO, { Odd: { '&': [null, 1.5] } }), component(ONE), group('a', ONE));
      const { entries } = await own.read(everything);
      expect(entries).toMatchObject([
        { kind: 'component', id: ONE, document: { ID: ONE, Type: 'Node' } },
        { kind: 'component', id: TWO, document: { ID: TWO, Type: 'Node', Odd: { '&': [null, 1.5] } } },
        { kind: 'group', id: 'a', document: { label: 'a', members: { ids: [ONE] } } },
        { kind: 'group', id: 'b' },
      ]);
      expect(new Set(entries.map(({ revision }) => revision)).size).toBe(1);
    });

    it('finds entries by what they say something of', async () => {
      await put(
        component(ONE, { NID: 7 }),
        component(TWO, { NID: 8 }),
        nic('02:00:00:00:00:01', ONE, '10.0.0.1', 'fd00::1'),
        nic('02:00:00:00:00:02', TWO, '10.0.0.2'),
        group('gpu', ONE),
        group('all', ONE, TWO),
      );
      expect(await found()).toEqual([]);
      expect(await found({ kind: 'component', ids: [TWO, 'x9c0s0b0n0'] })).toEqual([`component ${TWO}`]);
      expect(await found({ kind: 'component', ids: [] })).toEqual([]);
      expect(await found({ kind: 'component', nids: [nidFrom(7)] })).toEqual([`component ${ONE}`]);
      expect(await found({ kind: 'interface', xnames: [xnameOf(TWO)] })).toEqual(['interface 020000000002']);
      expect(await found({ kind: 'interface', addresses: [addressOf('fd00::1')] })).toEqual(['interface 020000000001']);
      expect(await found({ kind: 'interface', ids: ['020000000001'], addresses: [addressOf('10.0.0.2')] })).toEqual([
        'interface 020000000001',
        'interface 020000000002',
      ]);
      expect(await found({ kind: 'group', xnames: [xnameOf(TWO)] }, { kind: 'component', ids: [ONE] })).toEqual([
        `component ${ONE}`,
        'group all',
      ]);
    });

    it('keeps the keys by which nodes are looked for', async () => {
      await put(
        component(ONE, { NID: 7, Role: 'Compute', SubRole: 'Worker' }),
        nic('02:00:00:00:00:01', ONE, '10.0.0.1'),
      );
      const rows = await underTest.query(
        'select kind, xnames::text, macs::text, addresses::text, nids::text, names::text from boot.own_inventory order by kind',
      );
      expect(rows).toEqual([
        {
          kind: 'component',
          xnames: `{${ONE}}`,
          macs: '{}',
          addresses: '{}',
          nids: '{7}',
          names: '{Compute_Worker,Compute,Worker}',
        },
        {
          kind: 'interface',
          xnames: `{${ONE}}`,
          macs: '{02:00:00:00:00:01}',
          addresses: '{10.0.0.1}',
          nids: '{}',
          names: '{}',
        },
      ]);
    });

    it('does nothing when what was read has changed, gone or been joined by more', async () => {
      await put(component(ONE), group('a', ONE));
      const changes: [EntryFilter, () => Promise<unknown>][] = [
        [{ kind: 'component', ids: [ONE] }, () => put(component(ONE, { State: 'On' }))],
        [{ kind: 'component', ids: [TWO] }, () => put(component(TWO))],
        [{ kind: 'group' }, () => put(group('b', TWO))],
        [{ kind: 'group', ids: ['a'] }, () => underTest.query("delete from boot.own_inventory where kind = 'group'")],
      ];
      for (const [filter, meanwhile] of changes) {
        const basis = { filters: [filter], found: await own.read([filter]) };
        await meanwhile();
        const before = await own.read(everything);
        expect(await own.apply({ basis, put: [group('new')], remove: [{ kind: 'component', id: ONE }] })).toBe(false);
        expect((await own.read(everything)).entries).toEqual(before.entries);
      }
    });

    it('does nothing when what was read is too long ago', async () => {
      const { entries, asOf } = await own.read([]);
      expect(asOf).toBeGreaterThan(1_700_000_000);
      const basis = { filters: [], found: { entries, asOf: asOf - 9 } };
      expect(await own.apply({ basis, put: [component(ONE)], remove: [] })).toBe(false);
      expect(await found(...everything)).toEqual([]);
    });

    it('removes, and gives what is put again another revision', async () => {
      await put(component(ONE), component(TWO));
      const filters: EntryFilter[] = [{ kind: 'component' }];
      const before = await own.read(filters);
      const change = { put: [component(ONE, { State: 'On' })], remove: [{ kind: 'component' as EntryKind, id: TWO }] };
      expect(await own.apply({ basis: { filters, found: before }, ...change })).toBe(true);
      const after = await own.read(filters);
      expect(after.entries).toMatchObject([{ id: ONE, document: { State: 'On' } }]);
      expect(after.entries[0]?.revision).toBeGreaterThan(before.entries[0]?.revision ?? Number.NaN);
    });

    it('lets one of many that meet go ahead', async () => {
      const basis = { filters: everything, found: await own.read(everything) };
      const outcomes = await Promise.all(
        [1, 2, 3, 4, 5].map((at) => own.apply({ basis, put: [component(`x${at}c0s0b0n0`)], remove: [] })),
      );
      expect(outcomes.filter((applied) => applied)).toHaveLength(1);
      expect(await found(...everything)).toHaveLength(1);
    });

    it('puts nodes together from their entries', async () => {
      await put(
        component(TWO, { State: 'On', NID: 2, Role: 'Compute', SubRole: 'Worker', Enabled: false }),
        component(ONE, { NID: 1 }),
        component('x1000c0s0b0', { Type: 'NodeBMC' }),
        nic('02:00:00:00:00:01', ONE, '10.0.0.1'),
        nic('02:00:00:00:00:02', ONE),
        nic('02:00:00:00:00:bc', 'x1000c0s0b0', '10.0.1.1'),
        group('gpu', ONE),
        group('all', TWO, ONE),
        entryOf('component endpoint', ONE, {
          ID: ONE,
          Enabled: true,
          FQDN: 'n1.lab.example',
          RedfishSystemInfo: { EthernetNICInfo: [{ MACAddress: '02:00:00:00:00:0E' }] },
        }),
      );
      expect(await own.components()).toMatchObject([
        {
          xname: ONE,
          nid: 1,
          macs: ['02:00:00:00:00:01', '02:00:00:00:00:02', '02:00:00:00:00:0e'],
          addresses: ['10.0.0.1'],
          groups: ['all', 'gpu'],
          enabled: true,
          fqdn: 'n1.lab.example',
        },
        { xname: TWO, nid: 2, macs: [], role: 'Compute', subRole: 'Worker', groups: ['all'], enabled: false },
      ]);
    });

    it('writes ten thousand entries in one batch, and reads them in one query', async () => {
      const many = Array.from({ length: 10_000 }, (_, at) => component(`x${at}c0s0b0n0`, { NID: at + 1 }));
      const filters: EntryFilter[] = [{ kind: 'component', ids: many.map(({ id }) => id) }];
      const basis = { filters, found: await own.read(filters) };
      const before = underTest.roundTrips();
      expect(await own.apply({ basis, put: many, remove: [] })).toBe(true);
      expect(underTest.roundTrips()).toBe(before + 1);
      expect(await own.components()).toHaveLength(10_000);
      expect(underTest.roundTrips()).toBe(before + 2);
    });

    it('is unavailable, and not empty, when the database cannot answer', async () => {
      await underTest.query('alter table boot.own_inventory rename to own_inventory_away');
      try {
        await expect(own.read(everything)).rejects.toThrow();
      } finally {
        await underTest.query('alter table boot.own_inventory_away rename to own_inventory');
      }
      const broken = underTest.failing('not done').own;
      const basis = { filters: [], found: await own.read([]) };
      const failed = await broken.apply({ basis, put: [component(ONE)], remove: [] }).catch((error: unknown) => error);
      expect(isUnavailable(failed)).toBe(true);
    });

    it.each(['answer lost', 'answer lost and others follow'] as const)(
      'knows a write that was done, with its %s',
      async (fault) => {
        const basis = { filters: everything, found: await own.read(everything) };
        expect(await underTest.failing(fault).own.apply({ basis, put: [component(ONE)], remove: [] })).toBe(true);
        expect(await found(...everything)).toEqual([`component ${ONE}`]);
      },
    );

    it('does nothing of a write that comes when it was given up', async () => {
      const basis = { filters: everything, found: await own.read(everything) };
      const applied = underTest.failing('comes late').own.apply({ basis, put: [component(ONE)], remove: [] });
      await expect(applied).rejects.toMatchObject({ code: 'unavailable' });
      expect(await found(...everything)).toEqual([]);
    });
  });
}
