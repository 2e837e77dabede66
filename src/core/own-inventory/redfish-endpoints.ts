import { ServiceError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { type ComponentId, typeOf } from './component-id.ts';
import { componentEntry } from './components.ts';
import type { Entry } from './entry.ts';
import { type EntryPlan, type KnownEntries, requireAbsence, requireEntry } from './entry-plan.ts';
import { interfaceEntry, interfaceId } from './interfaces.ts';
import { entryOf } from './keys.ts';
import { textOf } from './members.ts';
import { type GivenEndpoint, type Nic, partsOf, type System } from './systems.ts';

/** POST: new endpoints. Throws `exists` for one that there is, and for an interface that belongs to something else. */
export function planEndpoints(given: readonly GivenEndpoint[], now: string, known: KnownEntries): EntryPlan {
  const ids = new Set<string>();
  for (const { ID } of given) {
    requireAbsence(known, 'redfish endpoint', ID, 'PUT changes it');
    if (ids.has(ID)) throw new ServiceError('exists', `RedfishEndpoints: ${ID} is named twice`);
    ids.add(ID);
  }
  for (const { id, nics } of given.flatMap(partsOf)) {
    for (const { mac } of nics) {
      const owner = textOf(known.find('interface', interfaceId(mac)) ?? {}, 'ComponentID') ?? id;
      if (owner === id) continue;
      throw new ServiceError('exists', `the interface ${interfaceId(mac)} belongs to ${owner}: PUT moves it to ${id}`);
    }
  }
  return { put: given.flatMap((one) => [endpointEntry(one, {}), ...entriesBehind(one, now, known)]), remove: [] };
}

/** PUT: an endpoint as it is now, whether there was one or not; interfaces move to where they were found. */
export function planEndpoint(given: GivenEndpoint, now: string, known: KnownEntries): EntryPlan {
  const before = known.find('redfish endpoint', given.ID) ?? {};
  return { put: [endpointEntry(given, before), ...entriesBehind(given, now, known)], remove: [] };
}

/** PATCH of the endpoint alone. Throws `not_found`. */
export function planEndpointChange(id: ComponentId, said: JsonObject, known: KnownEntries): EntryPlan {
  const before = requireEntry(known, 'redfish endpoint', id);
  return { put: [endpointEntry({ ID: id, said }, before)], remove: [] };
}

/**
 * DELETE of endpoints: their component endpoints go with them, and the components of these are `Empty` from then on, as
 * nobody can tell any more what is there. Throws `not_found`.
 */
export function planEndpointRemoval(ids: readonly string[], known: KnownEntries): EntryPlan {
  const gone = new Set(ids);
  for (const id of ids) requireEntry(known, 'redfish endpoint', id);
  const behind = known.all.filter(
    ({ kind, document }) => kind === 'component endpoint' && gone.has(textOf(document, 'RedfishEndpointID') ?? ''),
  );
  const emptied = behind.flatMap(({ id }) => {
    const component = known.find('component', id);
    return component === undefined ? [] : entryOf('component', id, { ...component, State: 'Empty', Flag: 'OK' });
  });
  return {
    put: emptied,
    remove: [
      ...ids.map((id) => ({ kind: 'redfish endpoint' as const, id })),
      ...behind.map(({ kind, id }) => ({ kind, id })),
    ],
  };
}

/** The endpoint itself, without what is behind it, and never with a password: nobody here needs one. */
function endpointEntry({ ID, said }: Pick<GivenEndpoint, 'ID' | 'said'>, before: JsonObject): Entry {
  const { Systems: _, Managers: __, ...rest } = said;
  return entryOf('redfish endpoint', ID, {
    FQDN: ID,
    Enabled: true,
    DiscoveryInfo: { LastDiscoveryStatus: 'NotYetQueried' },
    ...before,
    ...rest,
    ...('Password' in rest && { Password: '' }),
    ID,
    Type: typeOf(ID),
  });
}

/** The components, component endpoints and interfaces of an endpoint, made as SMD makes them. */
function entriesBehind(given: GivenEndpoint, now: string, known: KnownEntries): Entry[] {
  return partsOf(given).flatMap(({ id, system, nics }) => {
    const before = known.find('component', id);
    const defaults = { ...(system === undefined ? {} : { State: 'On' }), Flag: 'OK' };
    const component = componentEntry(id, { Enabled: true, ...before, ...defaults });
    const interfaces = nics.map((nic) => interfaceOf(id, nic, now, known));
    return system === undefined
      ? [component, ...interfaces]
      : [component, componentEndpoint(id, system, given), ...interfaces];
  });
}

/** An interface keeps the addresses that it has when none was found. */
function interfaceOf(id: ComponentId, { mac, address, description }: Nic, now: string, known: KnownEntries): Entry {
  const before = known.find('interface', interfaceId(mac)) ?? {};
  const said = {
    ...before,
    Description: description || (textOf(before, 'Description') ?? ''),
    ...(address !== undefined && { IPAddresses: [{ IPAddress: address }] }),
  };
  return interfaceEntry({ mac, componentId: id, said }, now);
}

function componentEndpoint(id: ComponentId, system: System, { ID, said }: GivenEndpoint): Entry {
  const { uri, uuid, name, type, actions, nics } = system;
  const host = textOf(said, 'FQDN') ?? ID;
  return entryOf('component endpoint', id, {
    ID: id,
    Type: typeOf(id),
    RedfishType: 'ComputerSystem',
    RedfishSubtype: type,
    UUID: uuid,
    OdataID: uri,
    RedfishEndpointID: ID,
    Enabled: true,
    RedfishEndpointFQDN: host,
    RedfishURL: `${host}${uri}`,
    ComponentEndpointType: 'ComponentEndpointComputerSystem',
    RedfishSystemInfo: {
      Name: name,
      Actions: {
        '#ComputerSystem.Reset': {
          'ResetType@Redfish.AllowableValues': [...actions],
          '@Redfish.ActionInfo': `${uri}/ResetActionInfo`,
          target: `${uri}/Actions/ComputerSystem.Reset`,
        },
      },
      EthernetNICInfo: nics.map((nic) => ({
        RedfishId: nic.uri,
        '@odata.id': nic.uri,
        Description: nic.description,
        InterfaceEnabled: true,
        MACAddress: nic.mac,
      })),
    },
  });
}
