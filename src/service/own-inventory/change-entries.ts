import { type EntryPlan, type KnownEntries, knownEntries } from '../../core/own-inventory/entry-plan.ts';
import type { EntryFilter, OwnInventory } from '../../ports/own-inventory.ts';
import { tryUntilApplied } from '../try-until-applied.ts';

/**
 * Reads what a change depends on, works the change out and applies it; anew when another write came in between, so
 * that requests that meet leave the state of one after the other.
 */
export function changeEntries(
  own: OwnInventory,
  filters: readonly EntryFilter[],
  plan: (known: KnownEntries) => EntryPlan,
): Promise<EntryPlan> {
  async function tryOnce(): Promise<EntryPlan | undefined> {
    const found = await own.read(filters);
    const planned = distinct(plan(knownEntries(found.entries)));
    if (planned.put.length + planned.remove.length === 0) return planned;
    return (await own.apply({ ...planned, basis: { filters, found } })) ? planned : undefined;
  }
  return tryUntilApplied(tryOnce, (write) => own.inTurn?.(filters, write) ?? write());
}

/** Of an entry that is put twice the last counts: one statement cannot write a row twice. */
function distinct({ put, remove }: EntryPlan): EntryPlan {
  return { put: [...new Map(put.map((entry) => [`${entry.kind} ${entry.id}`, entry])).values()], remove };
}
