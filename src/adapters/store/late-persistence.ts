import { ServiceError } from '../../core/errors.ts';
import type { Persistence } from './persistence.ts';

const NOT_THERE = 'the database is not there yet';

/** A database that is not there yet: everything is `unavailable` until it has been brought up. */
export function latePersistence(): Persistence & { bringUp(ready: Persistence): void } {
  let current: Persistence | undefined;
  const there = (): Persistence => {
    if (current === undefined) throw new ServiceError('unavailable', NOT_THERE);
    return current;
  };
  return {
    store: {
      find: async (wanted) => there().store.find(wanted),
      look: (wanted) => there().store.look(wanted),
      list: async () => there().store.list(),
      apply: async (change) => there().store.apply(change),
      check: async () => there().store.check(),
      readiness: async () => current?.store.readiness() ?? { isReady: false, reason: NOT_THERE },
    },
    accesses: {
      write: async (accesses) => there().accesses.write(accesses),
      read: async (filter) => there().accesses.read(filter),
    },
    copy: {
      open: async (source) => there().copy.open(source),
      read: (source) => readLate(there, source),
      write: async (source, change) => there().copy.write(source, change),
      confirm: async (source, asOf) => there().copy.confirm(source, asOf),
    },
    own: {
      read: async (filters) => there().own.read(filters),
      apply: async (change) => there().own.apply(change),
      components: async () => there().own.components(),
    },
    bringUp(ready) {
      current = ready;
    },
  };
}

async function* readLate(there: () => Persistence, source: string): ReturnType<Persistence['copy']['read']> {
  yield* there().copy.read(source);
}
