import { PGlite } from '@electric-sql/pglite';
import { queuedEdgeCache } from '../../src/adapters/inventory/edge-cache.ts';
import { pgliteDriver } from '../../src/adapters/store/drivers/pglite.ts';
import { keptParts } from '../../src/adapters/store/edge/kept-parts.ts';
import { recallingPersistence } from '../../src/adapters/store/edge/recalling-persistence.ts';
import { migratePglite } from '../../src/adapters/store/migrate.ts';
import { createPersistence, type Persistence } from '../../src/adapters/store/persistence.ts';
import type { GroupWrite, NodeWrite } from '../../src/core/changes/planned.ts';
import { ServiceError } from '../../src/core/errors.ts';
import type { Soon } from '../../src/core/soon.ts';
import type { Change, Found, ImageWrite, Store, Wanted } from '../../src/ports/store.ts';
import { type SharedCache, sharedCache } from '../inventory/edge.ts';
import { silentLog } from '../support/silent-log.ts';

/** How the database behind isolates answers: as it should, not at all, with an error, or after so many milliseconds. */
export type DatabaseMode = 'there' | 'hangs' | 'refuses' | 'fault' | { readonly slow: number };

/** A database, the cache of one place before it, and the isolates of a Worker there. */
export type Place = {
  mode: DatabaseMode;
  cache: SharedCache;
  /** How often somebody has looked in the database so far. */
  looks(): number;
  /** The database itself, which is always there. */
  readonly database: Persistence;
  query(text: string): Promise<unknown>;
  /** Another isolate; what it puts into the cache is there once its answer is out. */
  isolate(): Persistence;
  /** Writes behind everybody's back. */
  write(change: Writes): Promise<void>;
  /** An empty database and an empty cache. */
  empty(): Promise<void>;
  close(): Promise<void>;
};

export type Writes = {
  readonly nodes?: readonly NodeWrite[];
  readonly groups?: readonly GroupWrite[];
  readonly images?: readonly ImageWrite[];
  readonly removeNodes?: readonly string[];
  readonly removeGroups?: readonly string[];
  readonly removeImages?: readonly string[];
};

export async function startPlace(): Promise<Place> {
  const client = new PGlite();
  await migratePglite(client);
  const database = createPersistence(pgliteDriver(client));
  let looks = 0;

  async function answered<Answer>(ask: () => Soon<Answer>): Promise<Answer> {
    const { mode } = place;
    if (mode === 'hangs') return new Promise(() => {});
    if (mode === 'refuses') throw new ServiceError('unavailable', 'the database could not answer');
    if (mode === 'fault') throw new TypeError('a fault of the program');
    const answer = await ask();
    if (mode !== 'there') await new Promise((resolve) => setTimeout(resolve, mode.slow));
    return answer;
  }

  const { store, own, accesses } = database;
  const disturbed: Persistence = {
    ...database,
    store: {
      find: (wanted) => answered(() => store.find(wanted)),
      look(wanted) {
        looks += 1;
        return answered(() => store.look(wanted));
      },
      list: () => answered(() => store.list()),
      apply: (change) => answered(() => store.apply(change)),
      check: () => answered(() => store.check()),
      readiness: store.readiness,
    },
    own: { ...own, apply: (change) => answered(() => own.apply(change)), components: () => answered(own.components) },
    accesses: { ...accesses, write: (some) => answered(() => accesses.write(some)) },
  };

  const place: Place = {
    mode: 'there',
    cache: sharedCache(),
    looks: () => looks,
    database,
    query: (text) => client.exec(text),
    isolate() {
      const queued = queuedEdgeCache(place.cache);
      const persistence = recallingPersistence(disturbed, keptParts(queued), silentLog);
      const look: Store['look'] = async (wanted) => {
        const found = await persistence.store.look(wanted);
        await queued.flush();
        return found;
      };
      return { ...persistence, store: { ...persistence.store, look } };
    },
    async write(writes) {
      const wanted: Wanted = {};
      const basis = { wanted, found: { nodes: [], groups: [], images: [], configurationImages: [] } };
      const none = { nodes: [], groups: [], images: [], removeNodes: [], removeGroups: [], removeImages: [] };
      const change: Change = { ...none, ...writes, basis };
      if (!(await store.apply(change))) throw new Error('a test could not write');
    },
    async empty() {
      place.mode = 'there';
      place.cache = sharedCache();
      await client.exec(
        'truncate boot.nodes, boot.boot_groups, boot.boot_configs, boot.boot_images, boot.own_inventory cascade',
      );
    },
    close: () => client.close(),
  };
  return place;
}

/** What was found, in an order of its own, and without when that was. */
export function sorted({ nodes, groups, images, configurationImages, components = [] }: Found): Omit<Found, 'asOf'> {
  const byId = <Row extends { readonly id: string }>(rows: readonly Row[]): Row[] =>
    rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return {
    ...{ nodes: byId(nodes), groups: byId(groups), images, configurationImages: byId(configurationImages) },
    components,
  };
}
