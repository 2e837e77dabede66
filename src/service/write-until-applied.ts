import { ServiceError } from '../core/errors.ts';
import type { Change, Found, Store, Wanted } from '../ports/store.ts';

/** A change that does nothing, to begin from. */
export const NO_CHANGE = { nodes: [], groups: [], images: [], removeNodes: [], removeGroups: [], removeImages: [] };

/** Milliseconds that a write may try; each round at least one writer is done. A gateway would cut it off at 10 s. */
const PATIENCE = 8000;

/**
 * Reads what a change depends on, works the change out and applies it; anew when another write came in between, so
 * that requests that meet leave the state of one after the other.
 */
export async function writeUntilApplied<Planned extends Omit<Change, 'basis'>>(
  store: Store,
  wanted: Wanted,
  plan: (found: Found) => Planned,
): Promise<Planned> {
  const end = performance.now() + PATIENCE;
  async function write(): Promise<Planned> {
    for (let attempt = 0; performance.now() < end; attempt++) {
      const found = await store.find(wanted);
      const planned = plan(found);
      if (await store.apply({ ...planned, basis: { wanted, found } })) return planned;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(5 * attempt, 100)));
    }
    throw new ServiceError('unavailable', 'too many writes to the same records at once');
  }
  return store.inTurn === undefined ? await write() : await store.inTurn(wanted, write);
}
