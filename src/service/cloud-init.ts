import { type CloudInitData, COMMON_NAMES, mergeCloudInit } from '../core/cloud-init.ts';
import type { Component } from '../core/component.ts';
import type { Address } from '../core/identifiers/address.ts';
import type { JsonObject } from '../core/json.ts';
import type { Store } from '../ports/store.ts';
import { findNode } from './find-node.ts';
import type { NodeSources } from './node-sources.ts';

export type CloudInitContext = NodeSources & { readonly store: Store };

/** Cloud-init's data for the node at an address; `component` is `undefined` when nobody is known there. */
export type ClientData = CloudInitData & { readonly component: Component | undefined };

/** Finds the node at an address, and all data for it in one query. */
export async function findClientData(address: Address | undefined, context: CloudInitContext): Promise<ClientData> {
  const { component, found } =
    address === undefined
      ? { component: undefined, found: await context.store.find({ names: COMMON_NAMES }) }
      : await findNode({ kind: 'address', address }, COMMON_NAMES, context);
  return { component, ...mergeCloudInit(component, found.nodes, found.groups) };
}

/**
 * Meta-data with what the inventory knows of the node, where the record does not say it: cloud-init must find these keys
 * even if they are empty. `random` is hex digits that make the instance a new one each time.
 */
export function metaDataOf({ component, metaData, global }: ClientData, random: string): JsonObject {
  const known: JsonObject =
    component === undefined
      ? {}
      : {
          ...hostnameOf(component),
          'shasta-type': component.role ?? '',
          'shasta-role': component.subRole ?? '',
        };
  return { 'instance-id': `${component?.xname ?? 'default'}-${random}`, ...known, ...metaData, Global: global };
}

/** User-data, with the node's host name where it does not say one. */
export function userDataOf({ component, metaData, userData }: ClientData): JsonObject {
  if (component === undefined) return userData;
  const name = metaData['local-hostname'];
  return { ...hostnameOf(component), ...(typeof name === 'string' && { 'local-hostname': name }), ...userData };
}

function hostnameOf({ xname }: Component): JsonObject {
  return xname === undefined ? {} : { 'local-hostname': xname };
}
