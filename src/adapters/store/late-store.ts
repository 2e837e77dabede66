import { ServiceError } from '../../core/errors.ts';
import type { Store } from '../../ports/store.ts';

/** A store that is not there yet: everything is `unavailable` until it has been brought up. */
export function lateStore(): { readonly store: Store; bringUp(store: Store): void } {
  let current: Store | undefined;
  const store = (): Store => {
    if (current === undefined) throw new ServiceError('unavailable', 'the database is not there yet');
    return current;
  };
  return {
    store: {
      find: async (wanted) => store().find(wanted),
      list: async () => store().list(),
      apply: async (change) => store().apply(change),
    },
    bringUp(ready) {
      current = ready;
    },
  };
}
