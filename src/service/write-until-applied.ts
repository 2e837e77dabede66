import type { Change, Found, Store, Wanted } from '../ports/store.ts';
import { letOthersGo } from './let-others-go.ts';
import { tryUntilApplied } from './try-until-applied.ts';

/** A change that does nothing, to begin from. */
export const NO_CHANGE = { nodes: [], groups: [], images: [], removeNodes: [], removeGroups: [], removeImages: [] };

/**
 * Reads what a change depends on, works the change out and applies it; anew when another write came in between, so
 * that requests that meet leave the state of one after the other.
 */
export function writeUntilApplied<Planned extends Omit<Change, 'basis'>>(
  store: Store,
  wanted: Wanted,
  plan: (found: Found) => Planned,
): Promise<Planned> {
  async function tryOnce(): Promise<Planned | undefined> {
    const found = await store.find(wanted);
    await letOthersGo(found.nodes);
    const planned = plan(found);
    await letOthersGo(planned.nodes);
    if (!(await store.apply({ ...planned, basis: { wanted, found } }))) return undefined;
    await letOthersGo(planned.nodes);
    return planned;
  }
  return tryUntilApplied(tryOnce, (write) => store.inTurn?.(wanted, write) ?? write());
}
