import type { Xname } from '../../core/identifiers/xname.ts';
import type { QueuedEdgeCache } from './edge-cache.ts';

/** What the isolates of one place let each other know. Times are in milliseconds of Unix time. */
export type EdgeMarks = {
  /** When the inventory was last looked at again, and when it was last found to be away. */
  read(): Promise<{ readonly refreshedAt: number; readonly awayAt: number }>;
  /** When one node was last looked at again. */
  refreshedAt(xname: Xname): Promise<number>;
  /** Resolves when all isolates know that whatever was asked until then, of this node or of all, is not fresh. */
  refreshed(at: number, xname?: Xname): Promise<void>;
  away(at: number): void;
};

/** Seconds. */
const MOMENT = 2;

/** `seconds` is how long what was asked for before a refresh could be taken for fresh. */
export function edgeMarks(cache: QueuedEdgeCache, seconds: number): EdgeMarks {
  // Where nothing is ever in the cache, this isolate at least knows its own.
  let ownRefresh = Number.NEGATIVE_INFINITY;

  async function timeOf(key: string): Promise<number> {
    const value = await cache.match(key);
    return typeof value === 'number' ? value : Number.NEGATIVE_INFINITY;
  }

  return {
    async read() {
      const [refreshedAt, awayAt] = await Promise.all([timeOf('refreshed'), timeOf('away')]);
      return { refreshedAt: Math.max(refreshedAt, ownRefresh), awayAt };
    },
    refreshedAt: (xname) => timeOf(`refreshed/${xname}`),
    async refreshed(at, xname) {
      if (xname === undefined) ownRefresh = Math.max(ownRefresh, at);
      await cache.put(xname === undefined ? 'refreshed' : `refreshed/${xname}`, at, seconds);
    },
    away: (at) => cache.putLater('away', at, MOMENT),
  };
}
