import type { Address } from '../../core/identifiers/address.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ComponentId } from '../../core/own-inventory/component-id.ts';
import {
  type GivenComponent,
  planChanges,
  planComponent,
  planComponents,
} from '../../core/own-inventory/components.ts';
import type { EntryKind } from '../../core/own-inventory/entry.ts';
import type { EntryPlan, KnownEntries } from '../../core/own-inventory/entry-plan.ts';
import {
  type GivenGroup,
  planGroup,
  planGroupChange,
  planMember,
  planMemberRemoval,
  planMembers,
} from '../../core/own-inventory/groups.ts';
import {
  type GivenInterface,
  type InterfaceChange,
  interfaceId,
  planAddress,
  planAddressRemoval,
  planInterface,
  planInterfaceChange,
} from '../../core/own-inventory/interfaces.ts';
import { planEndpoint, planEndpointChange, planEndpoints } from '../../core/own-inventory/redfish-endpoints.ts';
import { type GivenEndpoint, idsBehind } from '../../core/own-inventory/systems.ts';
import type { EntryFilter, OwnInventory } from '../../ports/own-inventory.ts';
import { changeEntries } from './change-entries.ts';

/*
 * What is added and changed by hand. What each comes to, and what it throws, is said where it is worked out, in
 * core/own-inventory; here is what has to be read for it.
 */

export async function addComponents(
  given: readonly GivenComponent[],
  force: boolean,
  own: OwnInventory,
): Promise<void> {
  await changeEntries(own, [componentsOf(given)], (known) => planComponents(given, force, known));
}

export async function putComponent(given: GivenComponent, force: boolean, own: OwnInventory): Promise<void> {
  await changeEntries(own, [componentsOf([given])], (known) => planComponent(given, force, known));
}

export async function changeComponents(changes: readonly GivenComponent[], own: OwnInventory): Promise<void> {
  await changeEntries(own, [componentsOf(changes)], (known) => planChanges(changes, known));
}

export async function addInterface(given: GivenInterface, own: OwnInventory): Promise<void> {
  await changeEntries(own, [{ kind: 'interface', ids: [interfaceId(given.mac)] }], (known) =>
    planInterface(given, now(), known),
  );
}

/** The interface as it is then. */
export function changeInterface(id: string, change: InterfaceChange, own: OwnInventory): Promise<JsonObject> {
  return changeOne('interface', id, own, (known) => planInterfaceChange(id, change, now(), known));
}

export async function addAddress(id: string, said: JsonObject, own: OwnInventory): Promise<void> {
  await changeOne('interface', id, own, (known) => planAddress(id, said, now(), known));
}

export async function removeAddress(id: string, address: Address, own: OwnInventory): Promise<void> {
  await changeOne('interface', id, own, (known) => planAddressRemoval(id, address, now(), known));
}

export async function addEndpoints(given: readonly GivenEndpoint[], own: OwnInventory): Promise<void> {
  await changeEntries(own, endpointFilters(given), (known) => planEndpoints(given, now(), known));
}

/** The endpoint as it is then. */
export async function putEndpoint(given: GivenEndpoint, own: OwnInventory): Promise<JsonObject> {
  const { put } = await changeEntries(own, endpointFilters([given]), (known) => planEndpoint(given, now(), known));
  return documentOf(put, 'redfish endpoint', given.ID);
}

/** The endpoint as it is then. */
export function changeEndpoint(id: ComponentId, said: JsonObject, own: OwnInventory): Promise<JsonObject> {
  return changeOne('redfish endpoint', id, own, (known) => planEndpointChange(id, said, known));
}

export async function addGroup(given: GivenGroup, own: OwnInventory): Promise<void> {
  await changeEntries(own, GROUPS, (known) => planGroup(given, known));
}

export async function changeGroup(label: string, said: JsonObject, own: OwnInventory): Promise<void> {
  await changeOne('group', label, own, (known) => planGroupChange(label, said, known));
}

export async function addMember(label: string, member: ComponentId, own: OwnInventory): Promise<void> {
  await changeEntries(own, GROUPS, (known) => planMember(label, member, known));
}

export async function putMembers(label: string, members: readonly ComponentId[], own: OwnInventory): Promise<void> {
  await changeEntries(own, GROUPS, (known) => planMembers(label, members, known));
}

export async function removeMember(label: string, member: ComponentId, own: OwnInventory): Promise<void> {
  await changeOne('group', label, own, (known) => planMemberRemoval(label, member, known));
}

/** All groups: any of them may exclude another. */
const GROUPS: readonly EntryFilter[] = [{ kind: 'group' }];

/** The time as SMD writes it. */
function now(): string {
  return new Date().toISOString();
}

function componentsOf(given: readonly GivenComponent[]): EntryFilter {
  return { kind: 'component', ids: given.map(({ ID }) => ID) };
}

function endpointFilters(given: readonly GivenEndpoint[]): EntryFilter[] {
  const behind = given.map(idsBehind);
  return [
    { kind: 'redfish endpoint', ids: given.map(({ ID }) => ID) },
    { kind: 'component', ids: behind.flatMap(({ components }) => components) },
    { kind: 'interface', ids: behind.flatMap(({ interfaces }) => interfaces) },
  ];
}

async function changeOne(
  kind: EntryKind,
  id: string,
  own: OwnInventory,
  plan: (known: KnownEntries) => EntryPlan,
): Promise<JsonObject> {
  const { put } = await changeEntries(own, [{ kind, ids: [id] }], plan);
  return documentOf(put, kind, id);
}

function documentOf(put: EntryPlan['put'], kind: EntryKind, id: string): JsonObject {
  return put.find((entry) => entry.kind === kind && entry.id === id)?.document ?? {};
}
