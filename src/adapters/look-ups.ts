/** How often something was looked up, by where the answer came from. Counted up in place: it is in a script's way. */
export type LookUps<Way extends string> = Record<Way, number>;

/**
 * A look at the store for a script, or ahead of it: answered from memory while that was true, from what was known before
 * while the store was away, or by the store.
 */
export type StoreLookUps = LookUps<'memory' | 'last_known' | 'store'>;

/**
 * A look for a node: found in memory; or looked for at the source, for this one or together with others; or called unknown
 * since it was not there a moment ago; or not looked for, since too many are.
 */
export type InventoryLookUps = LookUps<'memory' | 'source' | 'shared' | 'missed_before' | 'busy'>;

export function noStoreLookUps(): StoreLookUps {
  return { memory: 0, last_known: 0, store: 0 };
}

export function noInventoryLookUps(): InventoryLookUps {
  return { memory: 0, source: 0, shared: 0, missed_before: 0, busy: 0 };
}
