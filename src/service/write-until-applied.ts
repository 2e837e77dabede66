import { ServiceError } from '../core/errors.ts';
import type { Soon } from '../core/soon.ts';
import { letOthersGo } from '../let-others-go.ts';
import type { Change, Found, Store, Wanted } from '../ports/store.ts';
import { tryUntilApplied } from './try-until-applied.ts';

/** A change that does nothing, to begin from. */
export const NO_CHANGE = { nodes: [], groups: [], images: [], removeNodes: [], removeGroups: [], removeImages: [] };

/**
 * Reads what a change depends on, works the change out and applies it; anew when another write came in between, so
 * that requests that meet leave the state of one after the other. What is in memory need not be read, the first time.
 */
export function writeUntilApplied<Planned extends Omit<Change, 'basis'>>(
  store: Store,
  wanted: Wanted,
  plan: (found: Found) => Soon<Planned>,
): Promise<Planned> {
  let isFirst = true;

  async function tryOnce(): Promise<Planned | undefined> {
    const recalled = isFirst ? store.recall?.(wanted) : undefined;
    isFirst = false;
    const found = recalled ?? (await store.find(wanted));
    await letOthersGo(found.nodes.length);
    const planned = recalled === undefined ? await plan(found) : await unlessRefused(() => plan(found));
    if (planned === undefined) return undefined;
    await letOthersGo(planned.nodes.length);
    if (!(await store.apply({ ...planned, basis: { wanted, found } }))) return undefined;
    await letOthersGo(planned.nodes.length);
    return planned;
  }
  return tryUntilApplied(tryOnce, (write) => store.inTurn?.(wanted, write) ?? write());
}

/** Whoever is refused by what is in memory may have written elsewhere what is missing there: that is said by the store. */
async function unlessRefused<Planned>(plan: () => Soon<Planned>): Promise<Planned | undefined> {
  try {
    return await plan();
  } catch (error) {
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
}
