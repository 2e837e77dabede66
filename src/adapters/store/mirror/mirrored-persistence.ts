import type { CallWatch } from '../../../ports/call-watch.ts';
import { noStoreLookUps, type StoreLookUps } from '../../look-ups.ts';
import { unwatched } from '../../watched-call.ts';
import { batchingStore } from '../batching-store.ts';
import type { Driver } from '../driver.ts';
import { createPersistence, type Persistence } from '../persistence.ts';
import { watchedPersistence } from '../watched-persistence.ts';
import type { OnWritten } from '../written.ts';
import { createMirror, type Mirror } from './mirror.ts';
import { mirroredStore } from './mirrored-store.ts';
import { type OwnNodes, ownNodes } from './own-nodes.ts';
import { readAll } from './reading.ts';

/** What is kept in a database, with all that scripts need in memory: as soon as somebody reads it into the mirror. */
export type Mirrored = {
  readonly persistence: Persistence;
  readonly own: OwnNodes;
  readonly lookUps: Readonly<StoreLookUps>;
};

/** The drivers are as for `createPersistence`; what is asked of the database for others is watched. */
export function mirroredPersistence(
  mirror: Mirror,
  driver: Driver,
  behind?: Driver,
  onWritten: OnWritten = mirror.onWritten,
  watch: CallWatch = unwatched,
): Mirrored {
  const persistence = watchedPersistence(createPersistence(driver, behind, onWritten), watch);
  const own = ownNodes(persistence.own);
  const lookUps = noStoreLookUps();
  return {
    lookUps,
    persistence: {
      ...persistence,
      store: mirroredStore(batchingStore(persistence.store), mirror, own, lookUps),
      own: {
        ...persistence.own,
        async apply(change) {
          try {
            return await persistence.own.apply(change);
          } finally {
            // Also when nobody can tell whether it was done.
            own.stale();
          }
        },
      },
    },
    own,
  };
}

/**
 * The same over a database that is only written to by this process. Its records are in memory once they have been `read`;
 * they are read anew when nobody can tell whether a write was done.
 */
export function mirroredAlone(driver: Driver, watch?: CallWatch): Omit<Mirrored, 'own'> & { read(): Promise<void> } {
  const mirror = createMirror();
  const onWritten: OnWritten = (revision, written) => {
    mirror.onWritten(revision, written);
    if (mirror.state() === 'true') mirror.isTrue(revision);
  };
  const { persistence, own, lookUps } = mirroredPersistence(mirror, driver, driver, onWritten, watch);
  async function read(): Promise<void> {
    own.stale();
    mirror.isTrue(await mirror.replaceBy(() => readAll(driver.db)));
  }
  return {
    read,
    lookUps,
    persistence: {
      ...persistence,
      store: {
        ...persistence.store,
        async apply(change) {
          try {
            return await persistence.store.apply(change);
          } catch (error) {
            // While that fails, scripts ask the database itself.
            await read().catch(() => {});
            throw error;
          }
        },
      },
    },
  };
}
