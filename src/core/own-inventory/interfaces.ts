import { ServiceError } from '../errors.ts';
import type { Address } from '../identifiers/address.ts';
import type { Mac } from '../identifiers/mac.ts';
import type { JsonObject } from '../json.ts';
import { type ComponentId, typeOf } from './component-id.ts';
import type { Entry } from './entry.ts';
import { type EntryPlan, type KnownEntries, requireAbsence, requireEntry } from './entry-plan.ts';
import { entryOf } from './keys.ts';
import { objectsOf, textOf } from './members.ts';

/** An interface as a request has it. */
export type GivenInterface = {
  readonly mac: Mac;
  /** Empty for one that belongs to nobody yet. */
  readonly componentId: ComponentId | '';
  readonly said: JsonObject;
};

/** What a PATCH changes; what is left out stays. */
export type InterfaceChange = {
  readonly description?: string | undefined;
  readonly componentId?: ComponentId | '' | undefined;
  readonly addresses?: readonly JsonObject[] | undefined;
};

/** SMD's id of an interface: the MAC without its colons. */
export function interfaceId(mac: Mac): string {
  return mac.replaceAll(':', '');
}

/** POST: a new interface. `now` is the time as SMD writes it. */
export function planInterface(given: GivenInterface, now: string, known: KnownEntries): EntryPlan {
  requireAbsence(known, 'interface', interfaceId(given.mac), 'PATCH changes it');
  return { put: [interfaceEntry(given, now)], remove: [] };
}

/** PATCH of the interface `id`. Throws `not_found`. */
export function planInterfaceChange(id: string, change: InterfaceChange, now: string, known: KnownEntries): EntryPlan {
  const { description, componentId, addresses } = change;
  const document = {
    ...requireEntry(known, 'interface', id),
    ...(description !== undefined && { Description: description }),
    ...(componentId !== undefined && ownerOf(componentId)),
    ...(addresses !== undefined && { IPAddresses: [...addresses], LastUpdate: now }),
  };
  return { put: [entryOf('interface', id, document)], remove: [] };
}

/** Adds an address to the interface `id`. Throws `not_found` and `exists`. */
export function planAddress(id: string, said: JsonObject, now: string, known: KnownEntries): EntryPlan {
  const addresses = objectsOf(requireEntry(known, 'interface', id), 'IPAddresses');
  const address = textOf(said, 'IPAddress');
  if (addresses.some((one) => textOf(one, 'IPAddress') === address)) {
    throw new ServiceError('exists', `the interface ${id} has the address ${address} already`);
  }
  return planInterfaceChange(id, { addresses: [...addresses, said] }, now, known);
}

/** Takes an address from the interface `id`. Throws `not_found` when there is no such interface or address. */
export function planAddressRemoval(id: string, address: Address, now: string, known: KnownEntries): EntryPlan {
  const addresses = objectsOf(requireEntry(known, 'interface', id), 'IPAddresses');
  const rest = addresses.filter((one) => textOf(one, 'IPAddress') !== address);
  if (rest.length === addresses.length) {
    throw new ServiceError('not_found', `the interface ${id} has no address ${address}`);
  }
  return planInterfaceChange(id, { addresses: rest }, now, known);
}

/** An interface under the id that its MAC gives it. */
export function interfaceEntry({ mac, componentId, said }: GivenInterface, now: string): Entry {
  const id = interfaceId(mac);
  return entryOf('interface', id, {
    Description: '',
    IPAddresses: [],
    ...said,
    ...ownerOf(componentId),
    ID: id,
    MACAddress: mac,
    LastUpdate: now,
  });
}

function ownerOf(componentId: ComponentId | ''): JsonObject {
  return { ComponentID: componentId, Type: typeOf(componentId) };
}
