import * as v from 'valibot';
import type { Found } from '../../../ports/store.ts';
import { componentJson } from '../../inventory/component-json.ts';
import type { QueuedEdgeCache } from '../../inventory/edge-cache.ts';
import { foundJson, readFound } from './found-json.ts';
import { joined, type Looked, NOTHING, type Part, partsOf, suffices } from './parts.ts';

/** What a store has said, part by part, in a cache that isolates share. */
export type KeptParts = {
  /** Puts, behind the answer, what was found by a query that was sent at `at`, in milliseconds of Unix time. */
  keep(wanted: Looked, found: Found, at: number): void;
  /** The last that was found of this, with the age of its oldest part; `undefined` when too much of it is missing. */
  recall(wanted: Looked): Promise<Found | undefined>;
};

/** Seconds. The last word on a part counts until there is another. */
const YEAR = 31_536_000;
/**
 * Milliseconds for which what was put is not put again. Rows have revisions, and one that was seen once never comes back
 * after another; but there may have been something for a while where there is nothing again, which another isolate saw.
 */
const [REST, SHORT_REST] = [30_000, 2000];
/** Seconds by the database's clock: of two queries that were under way at once, no answer comes later than this. */
const LATE = 10;
/** So many parts are remembered to have been put. */
const CAPACITY = 5000;

type Put = { readonly mark: string; readonly at: number; readonly asOf: number };

const keptEntry = v.strictObject({ at: v.number(), found: v.unknown() });

export function keptParts(cache: QueuedEdgeCache): KeptParts {
  const lastPuts = new Map<string, Put>();

  function remember(key: string, put: Put): void {
    // Taken out first, so that it goes to the end of the line.
    lastPuts.delete(key);
    lastPuts.set(key, put);
    const [oldest] = lastPuts.keys();
    if (lastPuts.size > CAPACITY && oldest !== undefined) lastPuts.delete(oldest);
  }

  async function read(part: Part): Promise<{ readonly at: number; readonly found: Found } | undefined> {
    const entry = v.safeParse(keptEntry, await cache.match(part.key));
    const found = entry.success ? readFound(entry.output.found) : undefined;
    // What is no part of it was put there by somebody else.
    return entry.success && found && markOf(found) === markOf(part.of(found))
      ? { at: entry.output.at, found }
      : undefined;
  }

  return {
    keep(wanted, found, at) {
      const { asOf = 0 } = found;
      for (const part of partsOf(wanted, found)) {
        const piece = part.of(found);
        const mark = markOf(piece);
        const last = lastPuts.get(part.key);
        // The one that ended last may have been answered first.
        if (last !== undefined && last.asOf > asOf && last.asOf < asOf + LATE) continue;
        const rest = hasRevisions(piece) ? REST : SHORT_REST;
        if (last?.mark === mark && Math.abs(at - last.at) < rest) continue;
        remember(part.key, { mark, at, asOf });
        cache.putLater(part.key, { at, found: foundJson(piece) }, YEAR);
      }
    },
    async recall(wanted) {
      const known = new Map<string, Found>();
      const missing = new Map<string, Part>();
      let oldest = Number.POSITIVE_INFINITY;
      let found = NOTHING;
      for (;;) {
        const parts = partsOf(wanted, found).filter(({ key }) => !known.has(key) && !missing.has(key));
        if (parts.length === 0) break;
        const pieces = await Promise.all(parts.map(read));
        parts.forEach((part, index) => {
          const piece = pieces[index];
          if (piece === undefined) missing.set(part.key, part);
          else known.set(part.key, piece.found);
          oldest = Math.min(oldest, piece?.at ?? oldest);
        });
        found = joined([...known.values()]);
      }
      if (!suffices(wanted, found, [...missing.values()])) return undefined;
      return { ...found, age: Math.max(0, Math.floor((Date.now() - oldest) / 1000)) };
    },
  };
}

/** A text that is the same for what was not changed. */
function markOf({ nodes, groups, configurationImages, components = [] }: Found): string {
  const rows = [nodes, groups, configurationImages].map((all) => all.map(({ id, revision }) => `${id}@${revision}`));
  return JSON.stringify([...rows, components.map(componentJson)]);
}

function hasRevisions({ nodes, groups, configurationImages }: Found): boolean {
  return nodes.length + groups.length + configurationImages.length > 0;
}
