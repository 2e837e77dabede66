import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../src/core/errors.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { type ComponentId, parseComponentId, typeOf } from '../../src/core/own-inventory/component-id.ts';
import { planChanges, planComponent, planComponents } from '../../src/core/own-inventory/components.ts';
import type { Entry } from '../../src/core/own-inventory/entry.ts';
import { type EntryPlan, type KnownEntries, knownEntries } from '../../src/core/own-inventory/entry-plan.ts';
import { addressesOf, meets } from '../../src/core/own-inventory/filters.ts';
import {
  parseLabel,
  planGroup,
  planGroupChange,
  planMember,
  planMemberRemoval,
  planMembers,
} from '../../src/core/own-inventory/groups.ts';
import {
  interfaceEntry,
  planAddress,
  planAddressRemoval,
  planInterface,
  planInterfaceChange,
} from '../../src/core/own-inventory/interfaces.ts';
import { entryOf } from '../../src/core/own-inventory/keys.ts';
import {
  planEndpoint,
  planEndpointChange,
  planEndpointRemoval,
  planEndpoints,
} from '../../src/core/own-inventory/redfish-endpoints.ts';
import { type GivenEndpoint, idsBehind, type Nic, type System } from '../../src/core/own-inventory/systems.ts';
import { parseValue } from '../../src/core/own-inventory/values.ts';
import { addressOf, macOf } from '../support/identifiers.ts';

const NOW = '2026-11-24T12:00:00.000Z';
const NODE = 'x1000c0s0b0n0';
const BMC = 'x1000c0s0b0';

function idOf(text: string): ComponentId {
  const id = parseComponentId(text);
  if (id === undefined) throw new Error(`a test's xname is none: ${text}`);
  return id;
}

const knowing = (...entries: Entry[]): KnownEntries => knownEntries(entries);
const documents = ({ put }: EntryPlan): JsonObject[] => put.map(({ document }) => document);
const named = ({ put, remove }: EntryPlan) => ({
  put: put.map(({ kind, id }) => `${kind} ${id}`),
  remove: remove.map(({ kind, id }) => `${kind} ${id}`),
});
const component = (id: string, said: JsonObject = {}): Entry => entryOf('component', id, { ID: id, ...said });
const nicOf = (mac: string, ip?: string): Nic => ({
  mac: macOf(mac),
  address: ip === undefined ? undefined : addressOf(ip),
  description: `port ${mac}`,
  uri: `/nics/${mac}`,
});
const systemOf = (uri: string, uuid: string, ...nics: Nic[]): System => ({
  uri,
  uuid,
  name: 'node',
  type: 'Physical',
  actions: ['On'],
  nics,
});
const endpointOf = (systems: System[], manager?: Nic[], said: JsonObject = {}): GivenEndpoint => ({
  ID: idOf(BMC),
  said,
  systems,
  manager,
});

/** Whether this throws a `ServiceError` of a code, whose message holds a text. */
function refused(act: () => unknown, code: string, text: string): void {
  expect(act).toThrow(ServiceError);
  try {
    act();
  } catch (error) {
    expect(error).toMatchObject({ code, message: expect.stringContaining(text) });
  }
}

describe('the xname of a component', () => {
  it('is read in any case, of any type, and without leading zeros', () => {
    expect(parseComponentId('X1000C0S07B0')).toBe('x1000c0s7b0');
    expect(parseComponentId('x0c0s00b0n0')).toBe('x0c0s0b0n0');
    for (const text of ['', 'node1', 'x', 'x1000c0s0b0n0z1']) expect(parseComponentId(text)).toBeUndefined();
    expect([typeOf(NODE), typeOf(BMC), typeOf('')]).toEqual(['Node', 'NodeBMC', '']);
  });
});

describe('the keys of an entry', () => {
  it('are what a component is found by', () => {
    const { keys } = entryOf('component', NODE, { ID: NODE, NID: 5, Role: 'Compute', SubRole: 'Worker' });
    expect(keys).toMatchObject({ xnames: [NODE], nids: [5], names: ['Compute_Worker', 'Compute', 'Worker'] });
    expect(entryOf('component', BMC, { ID: BMC, NID: 0 }).keys).toMatchObject({ xnames: [], nids: [], names: [] });
    expect(entryOf('component', NODE, { ID: NODE, NID: 'five', Role: null }).keys.nids).toEqual([]);
  });

  it('are the owner, the MAC and the addresses of an interface, in one form', () => {
    const document = {
      ComponentID: 'X1000c0s0b0n0',
      MACAddress: '0200000000AA',
      IPAddresses: [{ IPAddress: '10.0.0.1' }, { IPAddress: '::ffff:10.0.0.1' }, { IPAddress: 'none' }, null],
    };
    expect(entryOf('interface', '0200000000aa', document).keys).toEqual({
      xnames: [NODE],
      macs: ['02:00:00:00:00:aa'],
      addresses: ['10.0.0.1'],
      nids: [],
      hostnames: [],
      names: [],
    });
  });

  it('are the MACs and host names of a component endpoint', () => {
    const document = {
      ID: NODE,
      FQDN: 'N1.lab.example',
      MACAddr: '02:00:00:00:00:03',
      RedfishSystemInfo: { EthernetNICInfo: [{ MACAddress: '02:00:00:00:00:02' }, { MACAddress: 'not available' }] },
    };
    expect(entryOf('component endpoint', NODE, document).keys).toMatchObject({
      xnames: [NODE],
      macs: ['02:00:00:00:00:02', '02:00:00:00:00:03'],
      hostnames: ['n1.lab.example', 'n1'],
    });
  });

  it('are the nodes in a group, and its label when nodes can boot by it', () => {
    const keysOf = (label: string) => entryOf('group', label, { label, members: { ids: [NODE, BMC, NODE] } }).keys;
    expect(keysOf('gpu')).toMatchObject({ xnames: [NODE], names: ['gpu'] });
    expect(keysOf('site:gpu')).toMatchObject({ xnames: [NODE], names: [] });
  });
});

describe('components', () => {
  const given = (said: JsonObject = {}) => ({ ID: idOf(NODE), said });

  it('are added with what SMD takes for granted', () => {
    expect(documents(planComponents([given({ NID: 1 })], false, knowing()))).toEqual([
      { ID: NODE, Type: 'Node', State: 'Unknown', Flag: 'OK', Enabled: true, Role: 'Compute', NID: 1 },
    ]);
    const bmc = { ID: idOf(BMC), said: { Type: 'Node', Enabled: false, Odd: 1 } };
    expect(documents(planComponents([bmc], false, knowing()))).toEqual([
      { ID: BMC, Type: 'NodeBMC', State: 'Unknown', Flag: 'OK', Enabled: false, Odd: 1 },
    ]);
  });

  const known = knowing(component(NODE, { State: 'On', Role: 'Service', NID: 1, Enabled: false }));

  it('stay as they are when they are posted again, but for what SMD lets Force change', () => {
    const again = given({ State: 'Off', Role: 'Compute', NID: 2, Enabled: true, Arch: 'X86' });
    expect(planComponents([again], false, known)).toEqual({ put: [], remove: [] });
    expect(documents(planComponents([again], true, known))).toEqual([
      { ID: NODE, Type: 'Node', State: 'Off', Role: 'Service', NID: 1, Enabled: false, Arch: 'X86' },
    ]);
  });

  it('are put with their NID and role only, or whole with Force', () => {
    const again = given({ State: 'Off', Role: 'Compute', NID: 2 });
    expect(documents(planComponent(again, false, known))).toEqual([
      { ID: NODE, Type: 'Node', State: 'On', Role: 'Compute', NID: 2, Enabled: false },
    ]);
    expect(documents(planComponent(again, true, known))).toEqual([
      { ID: NODE, Type: 'Node', State: 'Off', Role: 'Compute', NID: 2, Enabled: false },
    ]);
    expect(documents(planComponent(given({ State: 'Off' }), false, knowing()))).toMatchObject([{ State: 'Off' }]);
  });

  it('are changed only when all of them are there', () => {
    expect(documents(planChanges([given({ NID: 9 })], known))).toMatchObject([{ NID: 9, State: 'On' }]);
    const other = { ID: idOf('x9c0s0b0n0'), said: { NID: 1 } };
    refused(() => planChanges([given({ NID: 9 }), other], known), 'not_found', 'x9c0s0b0n0');
  });
});

describe('interfaces', () => {
  const MAC = macOf('02:00:00:00:00:aa');
  const ID = '0200000000aa';
  const given = { mac: MAC, componentId: idOf(NODE), said: { Odd: true, ID: 'other', MACAddress: 'other' } };
  const known = knowing(interfaceEntry({ ...given, said: { IPAddresses: [{ IPAddress: '10.0.0.1' }] } }, 'before'));

  it('are named by their MAC and typed by their owner', () => {
    expect(documents(planInterface(given, NOW, knowing()))).toEqual([
      {
        ID,
        MACAddress: MAC,
        ComponentID: NODE,
        Type: 'Node',
        Description: '',
        IPAddresses: [],
        LastUpdate: NOW,
        Odd: true,
      },
    ]);
    expect(documents(planInterface({ ...given, componentId: '' }, NOW, knowing()))).toMatchObject([
      { ComponentID: '', Type: '' },
    ]);
    refused(() => planInterface(given, NOW, known), 'exists', ID);
  });

  it('are changed in what is said, and updated when their addresses are', () => {
    const [moved] = documents(planInterfaceChange(ID, { componentId: idOf(BMC), description: 'new' }, NOW, known));
    expect(moved).toMatchObject({ ComponentID: BMC, Type: 'NodeBMC', Description: 'new', LastUpdate: 'before' });
    const [renumbered] = documents(planInterfaceChange(ID, { addresses: [] }, NOW, known));
    expect(renumbered).toMatchObject({ IPAddresses: [], LastUpdate: NOW, ComponentID: NODE });
    refused(() => planInterfaceChange(ID, {}, NOW, knowing()), 'not_found', ID);
  });

  it('are given addresses and lose them, each once', () => {
    const [more] = documents(planAddress(ID, { IPAddress: '10.0.0.2' }, NOW, known));
    expect(more && addressesOf(more)).toEqual(['10.0.0.1', '10.0.0.2']);
    refused(() => planAddress(ID, { IPAddress: '10.0.0.1' }, NOW, known), 'exists', '10.0.0.1');
    const [less] = documents(planAddressRemoval(ID, addressOf('10.0.0.1'), NOW, known));
    expect(less && addressesOf(less)).toEqual([]);
    refused(() => planAddressRemoval(ID, addressOf('10.0.0.9'), NOW, known), 'not_found', '10.0.0.9');
    refused(() => planAddress(ID, { IPAddress: '10.0.0.1' }, NOW, knowing()), 'not_found', ID);
  });
});

describe('groups', () => {
  const OTHER = 'x1000c0s1b0n0';
  const group = (label: string, ids: string[], said: JsonObject = {}): Entry =>
    entryOf('group', label, { label, ...said, members: { ids } });
  const known = knowing(
    group('gpu', [NODE], { description: 'old', tags: ['a'] }),
    group('blue', [NODE], { exclusiveGroup: 'colour' }),
    group('red', [], { exclusiveGroup: 'colour' }),
  );

  it('have labels in lower case, of few characters', () => {
    expect(['GPU', 'a-b:c._1'].map(parseLabel)).toEqual(['gpu', 'a-b:c._1']);
    for (const text of ['', 'a b', 'ä', 'a/b', 'x'.repeat(129)]) expect(parseLabel(text)).toBeUndefined();
  });

  it('are added once, with each member once', () => {
    const given = { label: 'new', members: [idOf(NODE), idOf(OTHER), idOf(NODE)], said: { tags: ['b'] } };
    expect(documents(planGroup(given, known))).toEqual([
      { label: 'new', description: '', tags: ['b'], members: { ids: [NODE, OTHER] } },
    ]);
    refused(() => planGroup({ ...given, label: 'gpu' }, known), 'exists', 'gpu');
  });

  it('share no member with a group that excludes them', () => {
    const given = { label: 'green', members: [idOf(OTHER), idOf(NODE)], said: { exclusiveGroup: 'colour' } };
    refused(() => planGroup(given, known), 'exists', 'blue');
    refused(() => planMember('red', idOf(NODE), known), 'exists', 'blue');
    refused(() => planMembers('red', [idOf(NODE)], known), 'exists', 'blue');
    expect(documents(planMember('red', idOf(OTHER), known))).toMatchObject([{ members: { ids: [OTHER] } }]);
    expect(documents(planMembers('blue', [idOf(NODE), idOf(OTHER)], known))).toHaveLength(1);
  });

  it('keep their members when their description or tags change', () => {
    expect(documents(planGroupChange('gpu', { description: 'new' }, known))).toEqual([
      { label: 'gpu', description: 'new', tags: ['a'], members: { ids: [NODE] } },
    ]);
    refused(() => planGroupChange('none', {}, known), 'not_found', 'none');
  });

  it('gain and lose members by name', () => {
    refused(() => planMember('gpu', idOf(NODE), known), 'exists', NODE);
    expect(documents(planMemberRemoval('gpu', idOf(NODE), known))).toMatchObject([{ members: { ids: [] } }]);
    refused(() => planMemberRemoval('gpu', idOf(OTHER), known), 'not_found', OTHER);
    refused(() => planMembers('none', [], known), 'not_found', 'none');
  });
});

describe('a Redfish endpoint', () => {
  const two = endpointOf(
    [systemOf('/Systems/1', 'u1', nicOf('02:00:00:00:00:01', '10.0.0.1')), systemOf('/Systems/2', 'u2')],
    [nicOf('02:00:00:00:00:b0', '172.16.0.1')],
    { FQDN: 'bmc.lab', Systems: [1], Managers: [1], Password: 'secret', User: 'root', Odd: 1 },
  );

  it('brings its BMC, and a node with endpoint and interfaces for each system, in their order', () => {
    const planned = planEndpoints([two], NOW, knowing());
    expect(named(planned)).toEqual({
      put: [
        `redfish endpoint ${BMC}`,
        `component ${BMC}`,
        'interface 0200000000b0',
        `component ${BMC}n0`,
        `component endpoint ${BMC}n0`,
        'interface 020000000001',
        `component ${BMC}n1`,
        `component endpoint ${BMC}n1`,
      ],
      remove: [],
    });
    const [endpoint, bmc, port, node, nodeEndpoint, nic] = documents(planned);
    expect(endpoint).toEqual({
      ID: BMC,
      Type: 'NodeBMC',
      FQDN: 'bmc.lab',
      Enabled: true,
      DiscoveryInfo: { LastDiscoveryStatus: 'NotYetQueried' },
      Password: '',
      User: 'root',
      Odd: 1,
    });
    expect(bmc).toEqual({ ID: BMC, Type: 'NodeBMC', Enabled: true, Flag: 'OK' });
    expect(port).toMatchObject({ ComponentID: BMC, Type: 'NodeBMC', IPAddresses: [{ IPAddress: '172.16.0.1' }] });
    expect(node).toEqual({ ID: `${BMC}n0`, Type: 'Node', Enabled: true, State: 'On', Flag: 'OK' });
    expect(nodeEndpoint).toMatchObject({
      ID: `${BMC}n0`,
      Type: 'Node',
      RedfishType: 'ComputerSystem',
      UUID: 'u1',
      OdataID: '/Systems/1',
      RedfishEndpointID: BMC,
      RedfishEndpointFQDN: 'bmc.lab',
      RedfishURL: 'bmc.lab/Systems/1',
      Enabled: true,
      RedfishSystemInfo: {
        Actions: { '#ComputerSystem.Reset': { target: '/Systems/1/Actions/ComputerSystem.Reset' } },
        EthernetNICInfo: [{ MACAddress: '02:00:00:00:00:01', '@odata.id': '/nics/02:00:00:00:00:01' }],
      },
    });
    expect(nic).toMatchObject({ ComponentID: `${BMC}n0`, Type: 'Node', Description: 'port 02:00:00:00:00:01' });
    expect(idsBehind(two)).toEqual({
      components: [BMC, `${BMC}n0`, `${BMC}n1`],
      interfaces: ['0200000000b0', '020000000001'],
    });
  });

  it('names a node as the end of its URI does, and counts a system that is reported twice once', () => {
    const nodes = (...systems: System[]) => idsBehind(endpointOf(systems)).components;
    expect(nodes(systemOf(`/redfish/v1/Systems/${BMC}n1`, 'u1'))).toEqual([`${BMC}n1`]);
    expect(nodes(systemOf('/Systems/x9c0s0b0n1', 'u1'))).toEqual([`${BMC}n0`]);
    expect(nodes(systemOf(`/Systems/${BMC}n999`, 'u1'))).toEqual([`${BMC}n0`]);
    expect(nodes(systemOf('/1', 'u1'), systemOf('/1b', 'u1'), systemOf('/2', 'u2'))).toHaveLength(2);
    expect(nodes(systemOf('/1', ''), systemOf('/2', ''))).toEqual([`${BMC}n0`, `${BMC}n1`]);
    refused(() => nodes(systemOf(`/${BMC}n1`, 'u1'), systemOf('/x', 'u2')), 'invalid', `${BMC}n1`);
  });

  it('that is no BMC of a node has no systems', () => {
    const chassis = { ...endpointOf([systemOf('/1', 'u1')]), ID: idOf('x1000c0b0') };
    refused(() => planEndpoints([chassis], NOW, knowing()), 'invalid', 'x1000c0b0');
    expect(named(planEndpoints([{ ...chassis, systems: [] }], NOW, knowing())).put).toEqual([
      'redfish endpoint x1000c0b0',
    ]);
  });

  it('is not added twice, nor with an interface of something else', () => {
    const endpoint = entryOf('redfish endpoint', BMC, { ID: BMC });
    refused(() => planEndpoints([two], NOW, knowing(endpoint)), 'exists', BMC);
    refused(() => planEndpoints([two, two], NOW, knowing()), 'exists', BMC);
    const owned = (owner: string): Entry =>
      interfaceEntry({ mac: macOf('02:00:00:00:00:01'), componentId: idOf(owner), said: {} }, 'before');
    refused(() => planEndpoints([two], NOW, knowing(owned('x9c0s0b0n0'))), 'exists', 'x9c0s0b0n0');
    expect(named(planEndpoints([two], NOW, knowing(owned(`${BMC}n0`)))).put).toContain('interface 020000000001');
  });

  it('leaves of a component that is there already its NID, its role and whether it is enabled', () => {
    const before = component(`${BMC}n0`, { NID: 7, Role: 'Service', State: 'Empty', Enabled: false });
    const planned = planEndpoints([two], NOW, knowing(before));
    expect(planned.put.find(({ kind, id }) => kind === 'component' && id === `${BMC}n0`)?.document).toEqual({
      ID: `${BMC}n0`,
      Type: 'Node',
      NID: 7,
      Role: 'Service',
      State: 'On',
      Flag: 'OK',
      Enabled: false,
    });
  });

  it('that is put moves interfaces to where they were found, and keeps addresses that were not seen', () => {
    const said = { Description: 'by hand', IPAddresses: [{ IPAddress: '10.0.0.9', Network: 'hsn' }] };
    const mac = macOf('02:00:00:00:00:01');
    const known = knowing(
      entryOf('redfish endpoint', BMC, { ID: BMC, Name: 'kept', FQDN: 'old' }),
      interfaceEntry({ mac, componentId: idOf('x9c0s0b0n0'), said }, 'before'),
    );
    const put = (nic: Nic) =>
      documents(planEndpoint(endpointOf([systemOf('/1', 'u1', nic)], undefined, { FQDN: 'new' }), NOW, known));
    const [endpoint, , , moved] = put({ ...nicOf(mac), description: '' });
    expect(endpoint).toMatchObject({ Name: 'kept', FQDN: 'new' });
    expect(moved).toMatchObject({ ...said, ComponentID: `${BMC}n0`, LastUpdate: NOW });
    expect(put(nicOf(mac, '10.0.0.1'))[3]).toMatchObject({ IPAddresses: [{ IPAddress: '10.0.0.1' }] });
  });

  it('is changed alone, and never keeps a password', () => {
    const known = knowing(entryOf('redfish endpoint', BMC, { ID: BMC, FQDN: 'old' }));
    expect(documents(planEndpointChange(idOf(BMC), { FQDN: 'new', Password: 'secret' }, known))).toMatchObject([
      { ID: BMC, FQDN: 'new', Password: '' },
    ]);
    refused(() => planEndpointChange(idOf(BMC), {}, knowing()), 'not_found', BMC);
  });

  it('that is removed takes its component endpoints with it, and leaves its nodes empty', () => {
    const behind = (id: string, bmc: string): Entry =>
      entryOf('component endpoint', id, { ID: id, RedfishEndpointID: bmc });
    const known = knowing(
      entryOf('redfish endpoint', BMC, { ID: BMC }),
      behind(`${BMC}n0`, BMC),
      behind(`${BMC}n1`, BMC),
      behind('x9c0s0b0n0', 'x9c0s0b0'),
      component(`${BMC}n0`, { State: 'On', NID: 1 }),
      component(BMC, { State: 'On' }),
    );
    const planned = planEndpointRemoval([BMC], known);
    expect(named(planned)).toEqual({
      put: [`component ${BMC}n0`],
      remove: [`redfish endpoint ${BMC}`, `component endpoint ${BMC}n0`, `component endpoint ${BMC}n1`],
    });
    expect(documents(planned)).toMatchObject([{ State: 'Empty', Flag: 'OK', NID: 1 }]);
    refused(() => planEndpointRemoval([BMC], knowing()), 'not_found', BMC);
  });
});

describe('a filter', () => {
  it('wants any of some values, none of others, in any case', () => {
    const on = (wanted: string[], unwanted: string[] = []) => [{ member: 'State', wanted, unwanted }];
    const document = { State: 'On', NID: 5, Enabled: true };
    expect(meets(document, [])).toBe(true);
    expect(meets(document, on(['off', 'ON']))).toBe(true);
    expect(meets(document, on(['Off']))).toBe(false);
    expect(meets(document, on([], ['off']))).toBe(true);
    expect(meets(document, on(['On'], ['on']))).toBe(false);
    expect(meets(document, [{ member: 'NID', wanted: ['5'], unwanted: [] }, ...on(['On'])])).toBe(true);
    expect(meets(document, [{ member: 'Enabled', wanted: ['False'], unwanted: [] }])).toBe(false);
    expect(meets(document, [{ member: 'Role', wanted: ['Compute'], unwanted: [] }])).toBe(false);
    expect(meets(document, [{ member: () => ['a', 'b'], wanted: ['B'], unwanted: [] }])).toBe(true);
  });
});

it('reads the words that SMD has for members of components in any case', () => {
  expect([parseValue('State', 'ready'), parseValue('Arch', 'x86'), parseValue('Class', 'River')]).toEqual([
    'Ready',
    'X86',
    'River',
  ]);
  expect(parseValue('State', 'Broken')).toBeUndefined();
});
