import { ServiceError } from '../../core/errors.ts';
import type { EntryFilter } from '../../ports/own-inventory.ts';
import type { Wanted } from '../../ports/store.ts';
import type { Persistence } from './persistence.ts';
import { type Names, writersInLine } from './writers-in-line.ts';

const NOT_THERE = 'the database is not there yet';

/**
 * A database that is not there yet: everything is `unavailable` until it has been brought up. Writes of this process that
 * would meet stand in line.
 */
export function latePersistence(): Persistence & { bringUp(ready: Persistence): void } {
  let current: Persistence | undefined;
  const [recordsInLine, entriesInLine] = [writersInLine(), writersInLine()];
  const there = (): Persistence => {
    if (current === undefined) throw new ServiceError('unavailable', NOT_THERE);
    return current;
  };
  return {
    store: {
      find: async (wanted) => there().store.find(wanted),
      look: (wanted) => there().store.look(wanted),
      edition: () => current?.store.edition?.(),
      macs: () => current?.store.macs?.() ?? [],
      recall: (wanted) => current?.store.recall?.(wanted),
      list: async () => there().store.list(),
      apply: async (change) => there().store.apply(change),
      inTurn: (wanted, write) => recordsInLine(namesIn(wanted), write),
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
      inTurn: (filters, write) => entriesInLine(namesOfEntries(filters), write),
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

function namesIn({ nodes, takenFor = [], own = [], names = [], images = [], matching }: Wanted): Names {
  if (matching !== undefined) return 'all';
  return [
    ...(nodes === undefined ? [] : [...nodes.macs, ...nodes.xnames, ...nodes.nids]),
    ...takenFor,
    ...own.flatMap(({ kind, ...identifier }) => Object.values(identifier)),
    ...names,
    ...images.map(({ uri }) => uri),
  ];
}

function namesOfEntries(filters: readonly EntryFilter[]): Names {
  const ids = filters.map(({ ids }) => ids);
  return ids.includes(undefined) ? 'all' : ids.flatMap((some) => some ?? []);
}
