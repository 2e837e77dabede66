import type { AddressKey, NodeKey } from '../../../core/component.ts';
import { ServiceError } from '../../../core/errors.ts';
import type { Xname } from '../../../core/identifiers/xname.ts';
import type { Inventory, Sighting } from '../../../ports/inventory.ts';
import { checkedReadiness } from '../../checked-readiness.ts';
import { inTime } from '../../deadline.ts';
import type { InventoryLookUps } from '../../look-ups.ts';
import { nextRun } from '../../next-run.ts';
import type { TargetedLookUp } from '../smd/targeted.ts';
import type { Knowledge } from './knowledge.ts';
import type { Refresher } from './refresher.ts';
import { boundedLookUp } from './strangers.ts';

/** So many times as long as for one node a request waits for all of them, as long as they come: a gateway waits 10 s. */
const ALL = 4;

/** For more nodes than that at once a reading of all costs less. */
const MANY = 200;

/** So many unknown names of one request are looked up one by one. */
const FEW = 3;

/**
 * An inventory that answers from memory. Its source is asked in a request's way only for a name that nobody has in it,
 * before that is called unknown, and then within bounds.
 */
export function snapshotInventory({
  knowledge,
  refresher,
  lookUp,
  check,
  timeoutMs,
  lookUps,
}: {
  readonly knowledge: Knowledge;
  readonly refresher: Refresher;
  readonly lookUp: TargetedLookUp;
  /** Whether the source is well. */
  readonly check: () => Promise<void>;
  /** Milliseconds that a request waits for the source at most. */
  readonly timeoutMs: number;
  /** Counted up by how nodes were found. */
  readonly lookUps: InventoryLookUps;
}): Inventory {
  const lookUpStranger = boundedLookUp(lookUp.find, lookUps);
  const sourceReadiness = checkedReadiness(check);

  /** At the start: until the first reading has ended, or is late; then there is time left to ask. */
  async function loaded(): Promise<void> {
    if (knowledge.isLoaded() || refresher.failure() !== undefined) return;
    await inTime(refresher.settled(), timeoutMs / 2).catch(() => {});
  }

  async function loadedNow(): Promise<void> {
    if (!knowledge.isLoaded() && refresher.failure() === undefined) await refresher.settled();
    if (!knowledge.isLoaded()) await refresher.refresh();
  }

  async function firstLook(key: NodeKey | AddressKey): Promise<Sighting | undefined> {
    await loaded();
    return knowledge.recall(key) ?? stranger(key);
  }

  async function stranger(key: NodeKey | AddressKey): Promise<Sighting | undefined> {
    const answer = await lookUpStranger(key);
    if (answer !== 'busy') return answer.component && { component: answer.component };
    // Who was not there a moment ago may be called unknown; it asks again, and will be looked for in the next reading.
    if (knowledge.isYoung()) return undefined;
    throw new ServiceError('unavailable', 'the inventory cannot be asked now for a node that is not known');
  }

  async function lookForAll(keys: readonly NodeKey[]): Promise<(Sighting | undefined)[]> {
    const known = keys.map((key) => knowledge.recall(key));
    if (!known.includes(undefined)) return known;
    await loaded();
    const missing = keys.filter((key) => knowledge.recall(key) === undefined);
    if (missing.length > FEW) {
      if (!knowledge.isYoung()) await refresher.refresh();
      return keys.map((key) => knowledge.recall(key));
    }
    const found = new Map(await Promise.all(missing.map(async (key) => [key, await stranger(key)] as const)));
    return keys.map((key) => knowledge.recall(key) ?? found.get(key));
  }

  /** Nodes that are to be looked at again, and have not been yet. */
  const named = new Set<Xname>();
  const lookAtNamed = nextRun(async () => {
    const xnames = [...named];
    named.clear();
    if (xnames.length > MANY) return refresher.refresh();
    const missing = await lookUp.gather(xnames);
    // Who is gone is told by a whole reading, which can be doubted.
    if (missing.some((xname) => knowledge.recall({ kind: 'xname', xname }) !== undefined)) await refresher.refresh();
  });

  function lookAt(xnames: readonly Xname[]): Promise<void> {
    for (const xname of xnames) named.add(xname);
    return lookAtNamed();
  }

  return {
    find(key) {
      const known = knowledge.recall(key);
      if (known === undefined) return inTime(firstLook(key), timeoutMs);
      lookUps.memory += 1;
      return known;
    },
    edition: knowledge.edition,
    macs: knowledge.macs,
    findAll: (keys) => inTime(lookForAll(keys), timeoutMs),
    async list() {
      await inTime(loadedNow(), timeoutMs);
      return knowledge.list();
    },
    async refresh(xnames) {
      if (xnames === undefined) await inTime(refresher.refresh(), ALL * timeoutMs);
      else await inTime(lookAt(xnames), timeoutMs);
    },
    async check() {
      await check();
      const failure = refresher.failure();
      if (failure === undefined) return;
      if (failure.isDoubt) throw new ServiceError('unavailable', 'the inventory’s last answer is doubted');
      await inTime(refresher.refresh(), timeoutMs);
    },
    // Before anything is in memory, nodes are looked up one by one.
    readiness: async () => (knowledge.isLoaded() ? { isReady: true, age: knowledge.age() } : sourceReadiness()),
  };
}
