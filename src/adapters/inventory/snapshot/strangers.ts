import type { AddressKey, Component, NodeKey } from '../../../core/component.ts';
import { type InventoryLookUps, noInventoryLookUps } from '../../look-ups.ts';
import { nameOf } from '../names.ts';
import { createTokenBucket } from '../token-bucket.ts';

/** Look-ups of names that are not known, in a second, and as many at once after a quiet time. */
const RATE = 20;
/** Look-ups under way at once. */
const IN_FLIGHT = 16;
/** Milliseconds in which nobody is looked for again who was not there, once many are asked for. */
const NEGATIVE = 5000;
const CAPACITY = 100_000;

/** What a look-up came to: the node or that there is none, or that it was not made. */
export type LookedUp = { readonly component: Component | undefined } | 'busy';

/**
 * Looks for nodes that are not known. However many strangers ask, the source sees a bounded number of look-ups, also while
 * it is slow or fails; those who ask for one name together share one. `lookUps` says how often each was so.
 */
export function boundedLookUp(
  lookUp: (key: NodeKey | AddressKey) => Promise<Component | undefined>,
  lookUps: InventoryLookUps = noInventoryLookUps(),
): (key: NodeKey | AddressKey) => Promise<LookedUp> {
  const running = new Map<string, Promise<Component | undefined>>();
  const missedAt = new Map<string, number>();
  const bucket = createTokenBucket(RATE);

  /** Only when many ask: a node that was just added should be found the next time. */
  function wasMissing(name: string): boolean {
    return bucket.isLow() && performance.now() - (missedAt.get(name) ?? Number.NEGATIVE_INFINITY) < NEGATIVE;
  }

  function noteMissing(name: string): void {
    missedAt.delete(name);
    missedAt.set(name, performance.now());
    for (const oldest of missedAt.keys()) {
      if (missedAt.size <= CAPACITY) break;
      missedAt.delete(oldest);
    }
  }

  async function ask(key: NodeKey | AddressKey, name: string): Promise<Component | undefined> {
    try {
      const component = await lookUp(key);
      if (component === undefined) noteMissing(name);
      else missedAt.delete(name);
      return component;
    } finally {
      running.delete(name);
    }
  }

  return async (key) => {
    const name = nameOf(key);
    const known = running.get(name);
    if (known !== undefined) {
      lookUps.shared += 1;
      return { component: await known };
    }
    if (wasMissing(name)) {
      lookUps.missed_before += 1;
      return { component: undefined };
    }
    if (running.size >= IN_FLIGHT || !bucket.take()) {
      lookUps.busy += 1;
      return 'busy';
    }
    lookUps.source += 1;
    const asked = ask(key, name);
    running.set(name, asked);
    return { component: await asked };
  };
}
