import { ServiceError } from '../../core/errors.ts';
import { type EntryPlan, type KnownEntries, knownEntries } from '../../core/own-inventory/entry-plan.ts';
import type { EntryFilter, OwnInventory } from '../../ports/own-inventory.ts';

/** Milliseconds that a write may try; each round at least one writer is done. A gateway would cut it off at 10 s. */
const PATIENCE = 8000;

/**
 * Reads what a change depends on, works the change out and applies it; anew when another write came in between, so
 * that requests that meet leave the state of one after the other.
 */
export async function changeEntries(
  own: OwnInventory,
  filters: readonly EntryFilter[],
  plan: (known: KnownEntries) => EntryPlan,
): Promise<EntryPlan> {
  const end = performance.now() + PATIENCE;
  async function write(): Promise<EntryPlan> {
    for (let attempt = 0; performance.now() < end; attempt++) {
      const found = await own.read(filters);
      const planned = distinct(plan(knownEntries(found.entries)));
      if (planned.put.length + planned.remove.length === 0) return planned;
      if (await own.apply({ ...planned, basis: { filters, found } })) return planned;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(5 * attempt, 100)));
    }
    throw new ServiceError('unavailable', 'too many writes to the same entries at once');
  }
  return own.inTurn === undefined ? await write() : await own.inTurn(filters, write);
}

/** Of an entry that is put twice the last counts: one statement cannot write a row twice. */
function distinct({ put, remove }: EntryPlan): EntryPlan {
  return { put: [...new Map(put.map((entry) => [`${entry.kind} ${entry.id}`, entry])).values()], remove };
}
