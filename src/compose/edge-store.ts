import { type CacheApi, cacheApiCache } from '../adapters/inventory/cache-api.ts';
import { queuedEdgeCache } from '../adapters/inventory/edge-cache.ts';
import { keptParts } from '../adapters/store/edge/kept-parts.ts';
import { recallingPersistence } from '../adapters/store/edge/recalling-persistence.ts';
import type { Persistence } from '../adapters/store/persistence.ts';
import type { Log } from '../ports/log.ts';

/** A database as a Worker has it, and the cache of what it said, which is to be flushed behind each answer. */
export type EdgePersistence = Persistence & { flush(): Promise<void> };

/** What nodes get from a database, they get from the Cache API while that is away. */
export function edgePersistence(
  persistence: Persistence,
  cacheApi: CacheApi,
  databaseUrl: string,
  log: Log,
): EdgePersistence {
  const cache = queuedEdgeCache(cacheApiCache(cacheApi, databaseName(databaseUrl), 'store'));
  return { ...recallingPersistence(persistence, keptParts(cache), log), flush: cache.flush };
}

/** The same for one database whoever asks it, and with whatever password. */
function databaseName(databaseUrl: string): string {
  const { host, pathname } = new URL(databaseUrl);
  return `${host}${pathname}`;
}
