import type { AddressKey, Component, NodeKey } from '../../core/component.ts';
import { isKnownBy } from '../../core/component-index.ts';
import { isUnavailable, ServiceError } from '../../core/errors.ts';
import type { Inventory, Sighting } from '../../ports/inventory.ts';
import { createAttempts, type Heard } from './attempts.ts';
import type { QueuedEdgeCache } from './edge-cache.ts';
import { createEdgeCircuit } from './edge-circuit.ts';
import { edgeMarks } from './edge-marks.ts';
import { edgeNodes, type KnownNode } from './edge-nodes.ts';

/** Milliseconds for which what was found is not asked for again. */
const FRESH = 3000;

/** Up to so many nodes are looked up one by one; more are left to the inventory behind. */
const FEW = 4;

export type CachedOptions = {
  /** What is older than this is answered with its age. */
  readonly maxAgeMs: number;
  /** No look-up of the inventory behind takes longer. */
  readonly timeoutMs: number;
  /**
   * When the list was asked for, by the performance clock, that a component was found in; `undefined` of one that was
   * looked up by itself. Left out when the inventory behind remembers no lists.
   */
  readonly listedAt?: (component: Component) => number | undefined;
  /** Has the inventory behind forget lists that were asked for until then, in milliseconds of Unix time. */
  readonly forgetLists?: (until: number) => void;
  /** Whether the inventory behind may be asked now for who is not in the cache. Left out when it always may. */
  readonly mayAskFor?: (key: NodeKey | AddressKey) => boolean;
};

/**
 * An inventory whose answers are kept, node by node, in a cache that isolates share. For seconds they are taken from there;
 * then the inventory is asked, and they count, with their age, while that is away. That nobody has a name is never
 * taken from there.
 */
export function cachedInventory(
  inventory: Inventory,
  cache: QueuedEdgeCache,
  { maxAgeMs, timeoutMs, listedAt = () => undefined, forgetLists = () => {}, mayAskFor = () => true }: CachedOptions,
): Inventory {
  const freshMs = Math.min(FRESH, maxAgeMs);
  const marks = edgeMarks(cache, Math.ceil((maxAgeMs + timeoutMs) / 1000) + 1);
  const nodes = edgeNodes(cache, marks);
  const attempts = createAttempts(freshMs, timeoutMs + 100);
  const circuit = createEdgeCircuit();
  let forgottenAt = Number.NEGATIVE_INFINITY;

  function forgetUntil(refreshedAt: number): void {
    if (refreshedAt <= forgottenAt) return;
    forgottenAt = refreshedAt;
    forgetLists(refreshedAt);
  }

  async function readMarks(): Promise<{ readonly refreshedAt: number; readonly awayAt: number }> {
    const read = await marks.read();
    forgetUntil(read.refreshedAt);
    return read;
  }

  function sighted({ component, at }: Heard): Sighting {
    const age = Date.now() - at;
    return { component, ...(age > maxAgeMs && { age: Math.floor(age / 1000) }) };
  }

  /** Asks the inventory behind, and keeps what it says. */
  async function ask(key: NodeKey | AddressKey, before: KnownNode | undefined): Promise<Heard | undefined> {
    const [at, start] = [Date.now(), performance.now()];
    const sighting = await inventory.find(key);
    const listed = sighting && listedAt(sighting.component);
    const since = listed === undefined ? 0 : start - listed;
    let heard = sighting && { component: sighting.component, at: at - Math.max(since, 0) - (sighting.age ?? 0) * 1000 };
    if (heard !== undefined && since > 0) heard = await itself(key, heard);
    if (heard === undefined) {
      if (before !== undefined) nodes.forget(key, before);
      return undefined;
    }
    if (heard.at >= at) circuit.succeeded();
    nodes.write(heard, before);
    return heard;
  }

  /** Who was found in an old list is asked for by itself: that is as quick as any look-up, and is not old. */
  async function itself(key: NodeKey | AddressKey, listed: Heard): Promise<Heard | undefined> {
    const { xname } = listed.component;
    if (xname === undefined) return listed;
    const at = Date.now();
    try {
      const component = (await inventory.find({ kind: 'xname', xname }))?.component;
      return component !== undefined && isKnownBy(component, key) ? { component, at } : undefined;
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      return listed;
    }
  }

  async function askInTurn(key: NodeKey | AddressKey, known: KnownNode | undefined): Promise<Heard | undefined> {
    if (known === undefined && !mayAskFor(key)) {
      throw new ServiceError('unavailable', 'too many nodes that are not known are asked for');
    }
    return ask(key, known);
  }

  async function find(key: NodeKey | AddressKey): Promise<Sighting | undefined> {
    const [{ refreshedAt, awayAt }, known] = await Promise.all([readMarks(), nodes.read(key)]);
    const after = Math.max(refreshedAt, known?.refreshedAt ?? refreshedAt);
    if (known !== undefined && known.at > after && Math.abs(Date.now() - known.at) < freshMs) return sighted(known);
    const recent = attempts.recent(key, after);
    if (recent !== undefined) return sighted(recent);
    if (known !== undefined && !circuit.mayAsk({ awayAt, refreshedAt })) return sighted(known);
    try {
      const heard = await attempts.share(key, after, () => askInTurn(key, known));
      return heard && sighted(heard);
    } catch (error) {
      if (!isUnavailable(error) || known === undefined) throw error;
      circuit.failed();
      marks.away(Date.now());
      return sighted(known);
    }
  }

  return {
    find,
    async findAll(keys) {
      if (keys.length <= FEW) return Promise.all(keys.map(find));
      await readMarks();
      return inventory.findAll(keys);
    },
    async list() {
      await readMarks();
      return inventory.list();
    },
    async refresh(xnames) {
      const at = Date.now();
      attempts.forget();
      const few = xnames !== undefined && xnames.length <= FEW ? [...new Set(xnames)] : undefined;
      const known = await Promise.all(
        (few ?? []).map(async (xname) => {
          await marks.refreshed(at, xname);
          return nodes.read({ kind: 'xname', xname });
        }),
      );
      if (few !== undefined) {
        await Promise.all(few.map((xname, index) => ask({ kind: 'xname', xname }, known[index])));
        // A list that was read before says otherwise.
        forgetUntil(at);
        return;
      }
      await marks.refreshed(at);
      forgetUntil(at);
      await inventory.refresh(xnames);
      circuit.succeeded();
    },
    check: inventory.check,
    readiness: inventory.readiness,
  };
}
