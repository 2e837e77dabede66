import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createSnapshot, type NamedComponent } from '../../src/adapters/inventory/snapshot/snapshot.ts';
import type { AddressKey, NodeKey } from '../../src/core/component.ts';
import { addressOf, hostnameOf, macOf, nidFrom, tagOf, xnameOf } from '../support/identifiers.ts';

/** Few of each, so that components meet. */
const XNAMES = ['x1c0s0b0n0', 'x1c0s0b0n1', 'x1c0s1b0n0', 'x1c0s1b0n1', 'x1c0s2b0n0'].map(xnameOf);
const MACS = ['02:00:00:00:00:01', '02:00:00:00:00:02', '02:00:00:00:00:03'].map(macOf);
const NIDS = [1, 2, 3].map(nidFrom);
const ADDRESSES = ['10.0.0.1', '10.0.0.2', 'fd00::1'].map(addressOf);
/** An address is a host name by its looks; two have a first label in common, one is another's. */
const HOSTNAMES = ['nid1.a.example', 'nid1.b.example', 'nid1', 'nid2.a.example', '10.0.0.1', '10'].map(hostnameOf);
const LABELS = ['nid1', 'nid2', '10'].map(hostnameOf);

const KEYS: readonly (NodeKey | AddressKey)[] = [
  ...XNAMES.map((xname) => ({ kind: 'xname', xname }) as const),
  ...MACS.map((mac) => ({ kind: 'mac', mac }) as const),
  ...NIDS.map((nid) => ({ kind: 'nid', nid }) as const),
  ...ADDRESSES.map((address) => ({ kind: 'address', address }) as const),
  ...[...HOSTNAMES, ...LABELS].map((hostname) => ({ kind: 'hostname', hostname }) as const),
];

const components: fc.Arbitrary<NamedComponent> = fc.record({
  xname: fc.constantFrom(...XNAMES),
  nid: fc.option(fc.constantFrom(...NIDS), { nil: undefined }),
  macs: fc.subarray(MACS),
  addresses: fc.subarray(ADDRESSES),
  role: fc.constantFrom(undefined, 'Compute', 'Application'),
  subRole: fc.constantFrom(undefined, 'UAN'),
  groups: fc.subarray(['compute', 'gpu'].map(tagOf)),
  enabled: fc.boolean(),
  fqdn: fc.option(fc.constantFrom(...HOSTNAMES), { nil: undefined }),
  details: fc.constantFrom({}, { State: 'Ready' }, { State: 'Off', EndpointEnabled: false }),
});
const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: components.map((put) => ({ put, remove: undefined })) },
    { weight: 1, arbitrary: fc.constantFrom(...XNAMES).map((remove) => ({ put: undefined, remove })) },
  ),
  { maxLength: 25 },
);

/** Whether a component goes by a name, said as plainly as can be. */
function isKnown(component: NamedComponent, key: NodeKey | AddressKey): boolean {
  const { fqdn } = component;
  switch (key.kind) {
    case 'xname':
      return component.xname === key.xname;
    case 'mac':
      return component.macs.includes(key.mac);
    case 'nid':
      return component.nid === key.nid;
    case 'address':
      return component.addresses.includes(key.address);
    case 'hostname':
      return fqdn !== undefined && (fqdn === key.hostname || fqdn.split('.')[0] === key.hostname);
  }
}

it('A snapshot finds by every name what came first of those that go by it, whatever is put and removed', () => {
  fc.assert(
    fc.property(steps, (sequence) => {
      const snapshot = createSnapshot();
      // A map keeps the order in which its keys came, also when their values change.
      const model = new Map<string, NamedComponent>();
      for (const { put, remove } of sequence) {
        if (put !== undefined) {
          expect(snapshot.put(put)).toEqual(put);
          model.set(put.xname, put);
        } else {
          snapshot.remove(remove);
          model.delete(remove);
        }
        const all = [...model.values()];
        expect(snapshot.all()).toEqual(all);
        expect(snapshot.counts()).toMatchObject({
          nodes: all.length,
          reachable: all.filter(({ macs }) => macs.length > 0).length,
        });
        for (const key of KEYS) expect(snapshot.find(key)).toEqual(all.find((one) => isKnown(one, key)));
      }
    }),
    { numRuns: 300 },
  );
});

it('Of two that claim an identifier the one that came first has it until it goes, and the other has it then', () => {
  const [first, second] = XNAMES;
  const [mac] = MACS;
  if (first === undefined || second === undefined || mac === undefined) return expect.fail('too few identifiers');
  const node = (xname: NamedComponent['xname'], macs: NamedComponent['macs']): NamedComponent => ({
    ...{ xname, macs, addresses: [], groups: [], enabled: true, details: {} },
  });
  const snapshot = createSnapshot();
  const holder = () => snapshot.find({ kind: 'mac', mac })?.xname;
  snapshot.put(node(first, []));
  snapshot.put(node(second, [mac]));
  expect(holder()).toBe(second);
  snapshot.put(node(first, [mac]));
  expect(holder()).toBe(first);
  snapshot.put(node(first, []));
  expect(holder()).toBe(second);
  snapshot.put(node(first, [mac]));
  snapshot.remove(first);
  expect(holder()).toBe(second);
  snapshot.put(node(first, [mac]));
  expect(holder()).toBe(second);
  snapshot.remove(second);
  expect(holder()).toBe(first);
  snapshot.remove(first);
  expect(holder()).toBeUndefined();
});

it('What equal nodes say is there once', () => {
  const snapshot = createSnapshot();
  const said = { groups: [tagOf('compute')], details: { State: 'Ready' } };
  const kept = XNAMES.map((xname) =>
    snapshot.put({ ...{ xname, macs: [], addresses: [], enabled: true }, ...structuredClone(said) }),
  );
  expect(new Set(kept.map(({ groups }) => groups)).size).toBe(1);
  expect(new Set(kept.map(({ details }) => details)).size).toBe(1);
});
