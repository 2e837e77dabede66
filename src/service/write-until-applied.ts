import { ServiceError } from '../core/errors.ts';
import type { Change, Found, Store, Wanted } from '../ports/store.ts';

/** So many others may get in first; each round at least one writer is done. */
const ATTEMPTS = 50;

/**
 * Reads what a change depends on, works the change out and applies it; anew when another write came in between, so
 * that requests that meet leave the state of one after the other.
 */
export async function writeUntilApplied<Planned extends Omit<Change, 'basis'>>(
  store: Store,
  wanted: Wanted,
  plan: (found: Found) => Planned,
): Promise<Planned> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const found = await store.find(wanted);
    const planned = plan(found);
    if (await store.apply({ ...planned, basis: { wanted, found } })) return planned;
    await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(5 * attempt, 100)));
  }
  throw new ServiceError('unavailable', 'too many writes to the same records at once');
}
