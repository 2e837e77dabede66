import { onTestFinished, vi } from 'vitest';
import type { EdgeCache } from '../../src/adapters/inventory/edge-cache.ts';
import { queuedEdgeCache } from '../../src/adapters/inventory/edge-cache.ts';
import { smdClient } from '../../src/adapters/inventory/smd/client.ts';
import { edgeSmdInventory } from '../../src/adapters/inventory/smd/edge-inventory.ts';
import { noTokens } from '../../src/adapters/inventory/smd/tokens.ts';
import type { Inventory } from '../../src/ports/inventory.ts';
import { silentLog } from '../support/silent-log.ts';
import type { SmdSimulator } from '../support/smd-simulator.ts';

/** A cache in memory that isolates of a test share, as those of one place share the Cache API. */
export type SharedCache = EdgeCache & {
  /** As texts, by key. A test may change them, as whatever is in a cache may have changed. */
  readonly entries: Map<string, { readonly text: string; readonly until: number }>;
  /** The keys of all matches and puts so far. */
  readonly matches: string[];
  readonly puts: string[];
};

export function sharedCache(): SharedCache {
  const entries: SharedCache['entries'] = new Map();
  const [matches, puts]: [string[], string[]] = [[], []];
  return {
    entries,
    matches,
    puts,
    async match(key) {
      matches.push(key);
      const entry = entries.get(key);
      return entry === undefined || entry.until <= Date.now() ? undefined : JSON.parse(entry.text);
    },
    async put(key, value, seconds) {
      puts.push(key);
      entries.set(key, { text: JSON.stringify(value), until: Date.now() + seconds * 1000 });
    },
  };
}

/** A cache that keeps nothing, as the Cache API is for a Worker without a domain of its own. */
export const forgetfulCache: EdgeCache = { match: async () => undefined, put: async () => {} };

/** The inventory of one isolate; what it puts into the cache is there once its answer is out. Times in milliseconds. */
export function isolateOf(
  { url }: Pick<SmdSimulator, 'url'>,
  cache: EdgeCache,
  {
    timeout = 300,
    maxAge = 10_000,
    strangers: strangersPerSecond,
  }: { timeout?: number; maxAge?: number; strangers?: number } = {},
): Inventory {
  const calls = { timeoutMs: timeout, fetch: (...args: Parameters<typeof fetch>) => fetch(...args), log: silentLog };
  const client = smdClient({ url, tokens: noTokens, ...calls });
  const queued = queuedEdgeCache(cache);
  const inventory = edgeSmdInventory(client, queued, {
    ...{ maxAgeMs: maxAge, timeoutMs: timeout },
    ...(strangersPerSecond !== undefined && { strangersPerSecond }),
  });
  return {
    ...inventory,
    async find(key) {
      try {
        return await inventory.find(key);
      } finally {
        await queued.flush();
      }
    },
    async findAll(keys) {
      const found = await inventory.findAll(keys);
      await queued.flush();
      return found;
    },
    async refresh(xnames) {
      await inventory.refresh(xnames);
      await queued.flush();
    },
  };
}

/** Both clocks with a hand on them, until the running test ends. */
export function clocksForTest(): { pass(ms: number): void } {
  const [now, wall] = [performance.now.bind(performance), Date.now.bind(Date)];
  let passed = 0;
  const spies = [
    vi.spyOn(performance, 'now').mockImplementation(() => now() + passed),
    vi.spyOn(Date, 'now').mockImplementation(() => wall() + passed),
  ];
  onTestFinished(() => spies.forEach((spy) => void spy.mockRestore()));
  return {
    pass(ms) {
      passed += ms;
    },
  };
}
