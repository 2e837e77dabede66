import type { Component } from './component.ts';
import type { StoredNode } from './record.ts';

/**
 * A stored node as a component, for a service that is its own inventory: a node is known when it has a record, or was
 * added by hand. One that only phoned home, while there was another inventory, was not.
 */
export function ownComponent({ boot, phoneHome, xname, nid, mac }: StoredNode): Component | undefined {
  if (boot === undefined && phoneHome !== undefined) return undefined;
  return { xname, nid, macs: mac === undefined ? [] : [mac], addresses: [], groups: [], enabled: true, details: {} };
}
