import { sourceDigest } from '../source-digest.ts';
import type { EdgeCache } from './edge-cache.ts';

/** What is used of a `Cache` of the Cache API, as Cloudflare has it. */
export type CacheApi = {
  match(url: string): Promise<Response | undefined>;
  put(url: string, response: Response): Promise<unknown>;
};

/** Nobody can have this host (RFC 6761): the keys are URLs only because those of the Cache API must be. */
const HOST = 'bss-edge.invalid';

/**
 * The Cache API as a cache of what one source says, an inventory or a store, named by its URL: what another one said is
 * never matched. Its URL may hold credentials, so that only a digest of it goes into the keys.
 */
export function cacheApiCache(cache: CacheApi, source: string, what: 'inventory' | 'store' = 'inventory'): EdgeCache {
  let digest: string | undefined;

  async function urlOf(key: string): Promise<string> {
    digest ??= await sourceDigest(source);
    return `https://${what}.${HOST}/${digest}/${key}`;
  }

  return {
    async match(key) {
      try {
        return await (await cache.match(await urlOf(key)))?.json();
      } catch {
        return undefined;
      }
    },
    async put(key, value, seconds) {
      const headers = { 'Cache-Control': `max-age=${seconds}` };
      await cache.put(await urlOf(key), Response.json(value, { headers })).catch(() => {});
    },
  };
}
