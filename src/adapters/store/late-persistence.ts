import { ServiceError } from '../../core/errors.ts';
import type { Persistence } from './persistence.ts';

/** A database that is not there yet: everything is `unavailable` until it has been brought up. */
export function latePersistence(): Persistence & { bringUp(ready: Persistence): void } {
  let current: Persistence | undefined;
  const there = (): Persistence => {
    if (current === undefined) throw new ServiceError('unavailable', 'the database is not there yet');
    return current;
  };
  return {
    store: {
      find: async (wanted) => there().store.find(wanted),
      list: async () => there().store.list(),
      apply: async (change) => there().store.apply(change),
      check: async () => there().store.check(),
    },
    accesses: {
      write: async (accesses) => there().accesses.write(accesses),
      read: async (filter) => there().accesses.read(filter),
    },
    bringUp(ready) {
      current = ready;
    },
  };
}
