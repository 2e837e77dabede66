import type { Json } from '../../core/json.ts';

/** A cache that the isolates of one place share, such as the Cache API. What is in it may be gone at any time. */
export type EdgeCache = {
  /** What is under a key, which may be anything; `undefined` when that is nothing, or cannot be read. Never throws. */
  match(key: string): Promise<unknown>;
  /** Puts something under a key for so many seconds, in place of what is there. Never throws. */
  put(key: string, value: Json, seconds: number): Promise<void>;
};

/** The same, with a way to put something without having anybody wait for it. */
export type QueuedEdgeCache = EdgeCache & {
  /** Takes what is to be put when the answer is out. */
  putLater(key: string, value: Json, seconds: number): void;
  /** Puts what waits. */
  flush(): Promise<void>;
};

/** So much waits at most; a cache that is left without the rest is still one. */
const CAPACITY = 10_000;

/**
 * Keeps what is to be put as plain data until somebody flushes: so the cache may be made once for all requests of a
 * Worker, and each puts, behind its answer, what is there. Until then it is matched here.
 */
export function queuedEdgeCache(cache: EdgeCache): QueuedEdgeCache {
  const waiting = new Map<string, { readonly value: Json; readonly seconds: number }>();

  return {
    async match(key) {
      const queued = waiting.get(key);
      return queued === undefined ? cache.match(key) : queued.value;
    },
    async put(key, value, seconds) {
      waiting.delete(key);
      await cache.put(key, value, seconds);
    },
    putLater(key, value, seconds) {
      if (waiting.size < CAPACITY || waiting.has(key)) waiting.set(key, { value, seconds });
    },
    async flush() {
      const taken = [...waiting];
      // Two that flush at once do not put the same twice.
      waiting.clear();
      await Promise.all(taken.map(([key, { value, seconds }]) => cache.put(key, value, seconds)));
    },
  };
}
