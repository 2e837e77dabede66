import * as fc from 'fast-check';
import * as v from 'valibot';
import { expect, it } from 'vitest';
import { componentSchema, componentsSchema, nidsSchema, partSchema } from '../../src/http/hsm/component-schema.ts';
import {
  endpointChangeSchema,
  endpointSchema,
  endpointsSchema,
  namedEndpointSchema,
} from '../../src/http/hsm/endpoint-schema.ts';
import { groupChangeSchema, groupSchema, memberSchema, membersSchema } from '../../src/http/hsm/group-schema.ts';
import { addressSchema, interfaceChangeSchema, interfaceSchema } from '../../src/http/hsm/interface-schema.ts';
import { misfit } from '../support/openapi-document.ts';

/** Values that lie near the borders of what is accepted. */
const scalar = fc.oneof(
  fc.constantFrom('x0c0s0b0n0', 'X1c0s0b0', 'node1', '02:00:00:00:00:01', '0200000000aA', '02-00', 'not available', ''),
  fc.constantFrom('10.0.0.1', 'fd00::1', '10.0.0', 'On', 'river', 'Compute', 'gpu', 'a b', '7', '0x7', '99999999999'),
  fc.constantFrom(0, 7, -1, 1.5, 2147483647, 2147483648, true, false, null),
  fc.string({ maxLength: 3 }),
);
const list = fc.oneof(fc.array(scalar, { maxLength: 2 }), scalar);

/** Mostly one of some good values. */
function near(...good: unknown[]): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...good) }, scalar);
}

function some(members: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 9, arbitrary: fc.record(members, { requiredKeys: [] }) }, list);
}

const xname = near('x0c0s0b0n0', 'X1c0s00b0');
const mac = near('02:00:00:00:00:0A', '02-00-00-00-00-01', '0200000000aa');
const nid = near(0, 1, '7', null);
const component = some({ ID: xname, State: near('On', 'empty', ''), Enabled: near(true), NID: nid, Role: near('a') });
const address = some({ IPAddress: near('10.0.0.1', 'fd00::1'), Network: near('') });
const addresses = fc.oneof({ weight: 9, arbitrary: fc.array(address, { maxLength: 2 }) }, list);
const nic = some({ uri: near('/1'), mac: fc.oneof(mac, near('', 'Not Available')), ip: near('', '10.0.0.1', null) });
const system = some({
  uri: near('/1'),
  actions: near(null, ['On']),
  ethernet_interfaces: fc.array(nic, { maxLength: 2 }),
});
const behind = fc.oneof({ weight: 9, arbitrary: fc.array(system, { maxLength: 2 }) }, list);
const endpoint = some({ ID: xname, FQDN: near('a'), MACAddr: mac, IPAddress: near(''), Systems: behind });
const components = fc.oneof(fc.array(component, { maxLength: 2 }), list);

const BODIES = [
  ['OwnComponents', componentsSchema, some({ Components: components, Force: scalar })],
  ['OwnComponentPut', componentSchema, some({ Component: component, force: scalar })],
  ['OwnComponentNids', nidsSchema, some({ Components: components })],
  ['OwnComponentPart', partSchema, component],
  ['OwnInterfacePost', interfaceSchema, some({ MACAddress: mac, ComponentID: xname, IPAddresses: addresses })],
  [
    'OwnInterfacePatch',
    interfaceChangeSchema,
    some({ Description: scalar, ComponentID: scalar, IPAddresses: addresses }),
  ],
  ['OwnAddress', addressSchema, address],
  ['OwnRedfishEndpointPost', endpointSchema, endpoint],
  ['OwnRedfishEndpointsPost', endpointsSchema, some({ RedfishEndpoints: fc.array(endpoint, { maxLength: 2 }) })],
  ['OwnRedfishEndpointPut', namedEndpointSchema, endpoint],
  ['OwnRedfishEndpointPatch', endpointChangeSchema, endpoint],
  ['OwnGroupPost', groupSchema, some({ label: scalar, tags: list, members: some({ ids: list }) })],
  ['OwnGroupPatch', groupChangeSchema, some({ description: scalar, tags: list })],
  ['OwnGroupMember', memberSchema, some({ id: scalar })],
  ['OwnGroupMembers', membersSchema, some({ ids: list })],
] as const;

it.each(BODIES)('%s forbids nothing that the service accepts', (name, schema: v.GenericSchema, arbitrary) => {
  const seen = { accepted: 0, forbidden: 0 };
  fc.assert(
    fc.property(arbitrary, (given) => {
      // As it comes over the wire.
      const body: unknown = JSON.parse(JSON.stringify(given));
      const accepts = v.safeParse(schema, body).success;
      const fault = misfit(['components', 'schemas', name], body);
      if (accepts) seen.accepted++;
      if (fault !== undefined) seen.forbidden++;
      return !accepts || fault === undefined;
    }),
    { numRuns: 3000 },
  );
  // Otherwise nothing would have been shown.
  expect(Math.min(seen.accepted, seen.forbidden)).toBeGreaterThan(20);
});

it.each(BODIES)(
  '%s takes members that it does not name, and no list for an object',
  (name, schema: v.GenericSchema) => {
    const { issues } = v.safeParse(schema, []);
    expect([name, issues?.[0].message]).toEqual([name, 'must be an object']);
    expect(misfit(['components', 'schemas', name], [])).toBeDefined();
    const unheardOf = misfit(['components', 'schemas', name], { unheardOf: 1 });
    expect([name, unheardOf === undefined || /required property/.test(unheardOf)]).toEqual([name, true]);
  },
);
