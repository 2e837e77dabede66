import type { Component, NodeIdentifiers, NodeKey } from '../core/component.ts';
import { isUnavailable } from '../core/errors.ts';
import type { Soon } from '../core/soon.ts';
import { allIdentifiers, keysOf, literalXnames, type NodeTarget, targetsOf } from '../core/target.ts';
import { inTurns, letOthersGo } from '../let-others-go.ts';
import type { Log } from '../ports/log.ts';
import type { Found, Wanted } from '../ports/store.ts';
import { identify, type NodeSources, soughtByHand } from './node-sources.ts';

/** The nodes that a request's identifiers stand for, before the store has been asked. */
export type Located = {
  /** What is stored of them, under whichever of their identifiers, and who of them was added by hand. */
  readonly wanted: Wanted;
  /** The nodes, by what was found of that. */
  targetsBy(found: Found): Soon<readonly NodeTarget[]>;
};

/**
 * The nodes that a request's identifiers stand for. Without an inventory (`undefined`, standalone), or while it is
 * away, an identifier is taken literally unless it is one of a node that was added by hand: records must be written also
 * while SMD is down.
 */
export async function locateTargets(
  identifiers: NodeIdentifiers,
  sources: NodeSources & { readonly log: Log },
): Promise<Located> {
  const keys = keysOf(identifiers);
  await letOthersGo(keys.length);
  const components = await knownOf(keys, sources);
  await letOthersGo(keys.length);
  const targets = await inTurns(targetsOf(keys, components));
  const takenFor = literalXnames(targets);
  const wanted = {
    nodes: await inTurns(allIdentifiers(targets)),
    ...(takenFor.length > 0 && { takenFor }),
    ...soughtByHand(keys, components, sources),
  };
  await letOthersGo(keys.length);
  return {
    wanted,
    targetsBy: (found) =>
      found.components?.length ? inTurns(targetsOf(keys, identify(keys, components, found))) : targets,
  };
}

async function knownOf(
  keys: readonly NodeKey[],
  { inventory, log }: NodeSources & { readonly log: Log },
): Promise<(Component | undefined)[]> {
  if (inventory === undefined || keys.length === 0) return [];
  try {
    return (await inventory.findAll(keys)).map((sighting) => sighting?.component);
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    log.warn({}, 'identifiers are taken literally: the inventory is away');
    return [];
  }
}
