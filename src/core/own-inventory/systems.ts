import { ServiceError } from '../errors.ts';
import type { Address } from '../identifiers/address.ts';
import type { Mac } from '../identifiers/mac.ts';
import type { JsonObject } from '../json.ts';
import { type ComponentId, parseComponentId, typeOf } from './component-id.ts';
import { interfaceId } from './interfaces.ts';

/** More nodes than any BMC has: what belongs to one is looked for under so many names. */
export const MAX_SYSTEMS = 256;

/** A network interface of a system or a manager, as it was discovered. */
export type Nic = {
  readonly mac: Mac;
  readonly address: Address | undefined;
  readonly description: string;
  readonly uri: string;
};

/** A computer system behind a BMC. */
export type System = {
  readonly uri: string;
  readonly uuid: string;
  readonly name: string;
  readonly type: string;
  readonly actions: readonly string[];
  readonly nics: readonly Nic[];
};

/** A Redfish endpoint as a request has it, with what is behind it. */
export type GivenEndpoint = {
  readonly ID: ComponentId;
  readonly said: JsonObject;
  readonly systems: readonly System[];
  /** Of the BMC itself; `undefined` when the request does not speak of it. */
  readonly manager: readonly Nic[] | undefined;
};

/** A part of an endpoint: a component, and what is behind its name. */
export type Part = { readonly id: ComponentId; readonly system: System | undefined; readonly nics: readonly Nic[] };

/** The ids of everything that a request with this endpoint may change, or has to know of. */
export function idsBehind(given: GivenEndpoint): { components: ComponentId[]; interfaces: string[] } {
  const parts = partsOf(given);
  return {
    components: parts.map(({ id }) => id),
    interfaces: parts.flatMap(({ nics }) => nics.map(({ mac }) => interfaceId(mac))),
  };
}

/** The names that nodes behind a BMC may have. */
export function nodesBehind(bmc: ComponentId): string[] {
  return Array.from({ length: MAX_SYSTEMS }, (_, at) => `${bmc}n${at}`);
}

/**
 * The BMC, and its nodes: each has the name that its URI ends in, when that is a node of this BMC (so `ochami` writes it),
 * else one by its place. A system that is reported twice, under one UUID, is one.
 */
export function partsOf({ ID, systems, manager }: GivenEndpoint): Part[] {
  const distinct = systems.filter(
    ({ uuid }, at) => uuid === '' || systems.findIndex((other) => other.uuid === uuid) === at,
  );
  const nodes = new Map<ComponentId, Part>();
  distinct.forEach((system, at) => {
    const id = namedNode(ID, system.uri) ?? parseComponentId(`${ID}n${at}`);
    if (id === undefined || typeOf(id) !== 'Node') {
      throw new ServiceError('invalid', `ID: ${ID} is not the BMC of a node, and has no Systems`);
    }
    if (nodes.has(id)) throw new ServiceError('invalid', `Systems: two of them are ${id}`);
    nodes.set(id, { id, system, nics: system.nics });
  });
  const bmc = manager === undefined ? [] : [{ id: ID, system: undefined, nics: manager }];
  return [...bmc, ...nodes.values()];
}

function namedNode(bmc: ComponentId, uri: string): ComponentId | undefined {
  const id = parseComponentId(uri.slice(uri.lastIndexOf('/') + 1));
  const index = id?.startsWith(`${bmc}n`) ? Number(id.slice(bmc.length + 1)) : Number.NaN;
  return index < MAX_SYSTEMS ? id : undefined;
}
