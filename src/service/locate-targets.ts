import type { NodeIdentifiers } from '../core/component.ts';
import { isUnavailable } from '../core/errors.ts';
import { allIdentifiers, keysOf, literalXnames, type NodeTarget, targetsOf } from '../core/target.ts';
import type { Inventory } from '../ports/inventory.ts';
import type { Log } from '../ports/log.ts';
import type { Wanted } from '../ports/store.ts';

/**
 * The nodes that a request's identifiers stand for. Without an inventory (`undefined`, standalone), or while it is
 * away, every identifier is taken literally: records must be written also while SMD is down.
 */
export async function locateTargets(
  identifiers: NodeIdentifiers,
  inventory: Inventory | undefined,
  log: Log,
): Promise<NodeTarget[]> {
  const keys = keysOf(identifiers);
  if (inventory === undefined || keys.length === 0) return targetsOf(keys, []);
  try {
    const sightings = await inventory.findAll(keys);
    return targetsOf(
      keys,
      sightings.map((sighting) => sighting?.component),
    );
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    log.warn({}, 'identifiers are taken literally: the inventory is away');
    return targetsOf(keys, []);
  }
}

/** What is stored of some targets, under whichever of their identifiers. */
export function wantedOf(targets: readonly NodeTarget[]): Wanted {
  const takenFor = literalXnames(targets);
  return { nodes: allIdentifiers(targets), ...(takenFor.length > 0 && { takenFor }) };
}
