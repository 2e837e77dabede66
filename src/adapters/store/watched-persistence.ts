import type { CallWatch } from '../../ports/call-watch.ts';
import { watchedCall, watchedParts } from '../watched-call.ts';
import type { Persistence } from './persistence.ts';

/** What is kept in a database, with every call of that watched, by a name for each kind. */
export function watchedPersistence({ store, own, accesses, copy }: Persistence, watch: CallWatch): Persistence {
  const watched = <Answer>(name: string, call: () => Promise<Answer>): Promise<Answer> =>
    watchedCall(watch, name, call);
  return {
    store: {
      ...store,
      find: (wanted) => watched('find', () => store.find(wanted)),
      look: (wanted) => watched('look', async () => store.look(wanted)),
      list: () => watched('list', () => store.list()),
      apply: (change) => watched('write', () => store.apply(change)),
      check: () => watched('check', () => store.check()),
    },
    own: {
      read: (filters) => watched('own_read', () => own.read(filters)),
      apply: (change) => watched('own_write', () => own.apply(change)),
      components: () => watched('own_list', () => own.components()),
    },
    accesses: {
      write: (some) => watched('history_write', () => accesses.write(some)),
      read: (filter) => watched('history_read', () => accesses.read(filter)),
    },
    copy: {
      open: (source) => watched('copy_open', () => copy.open(source)),
      read: (source) => watchedParts(watch, 'copy_read', copy.read(source)),
      write: (source, changes) => watched('copy_write', () => copy.write(source, changes)),
      confirm: (source, asOf) => watched('copy_confirm', () => copy.confirm(source, asOf)),
    },
  };
}
