import type { Mac } from '../core/identifiers/mac.ts';
import { createMacMap, type MacMap } from '../core/identifiers/mac-map.ts';
import { after, type Soon } from '../core/soon.ts';
import type { Steps } from '../core/steps.ts';
import { inTurns } from '../let-others-go.ts';
import type { ScriptRequest } from './script-request.ts';
import { reachVerdict, type Verdict, type VerdictContext } from './verdict.ts';

/**
 * What nodes are to boot that ask by their MAC, as long as neither inventory nor store knows anything new: it takes one
 * look, where else there are many, each at a place in memory that nothing else has used lately.
 */
export type VerdictMemory = {
  /** As `reachVerdict` does, and fails. */
  reach(request: ScriptRequest): Soon<Verdict>;
  /**
   * Reaches the verdicts of the nodes that the inventory, or standalone the store, has in memory under a MAC, if nothing new
   * has come since this was called before: so that nobody has to wait for it who is switched on later. To be called now and
   * then, also while it is at work. Never fails.
   */
  workAhead(): Promise<void>;
};

/** So many times as long as working ahead took it rests: where something new comes every few seconds it would never end. */
const REST = 10;

/** Nothing is remembered yet. Each verdict that was, when it is asked for, is told to `onRemembered`. */
export function createVerdictMemory(context: VerdictContext, onRemembered: () => void): VerdictMemory {
  const { inventory, store } = context;
  /** No more than there are MACs of nodes that have something to boot. */
  let verdicts = createMacMap<Verdict>();
  let inventoryEdition: number | undefined;
  let storeEdition: number | undefined;
  /** What working ahead has to do with the verdicts that stand: something new has come since it was last time for it, or not. */
  let ahead: 'new' | 'to do' | 'done' = 'new';
  /** For ever while it is at work. */
  let restsUntil = 0;

  /** Those that stand; `undefined` while nothing is to be relied on. */
  function current(): MacMap<Verdict> | undefined {
    const ofInventory = inventory === undefined ? 0 : inventory.edition?.();
    const ofStore = store.edition?.();
    if (ofInventory === undefined || ofStore === undefined) return undefined;
    if (ofInventory !== inventoryEdition || ofStore !== storeEdition) {
      verdicts = createMacMap();
      inventoryEdition = ofInventory;
      storeEdition = ofStore;
      ahead = 'new';
    }
    return verdicts;
  }

  function reachAnew(request: ScriptRequest, mac: Mac, before: MacMap<Verdict>): Soon<Verdict> {
    return after(reachVerdict(request, context), (verdict) => {
      // Something new may have come while it was reached. Who has nothing to boot asks seldom, and may be anybody.
      if (isOwn(verdict) && current() === before) before.set(mac, verdict);
      return verdict;
    });
  }

  /** Answers whether it came to the end of it. */
  function* reachAll(before: MacMap<Verdict>): Steps<boolean> {
    // Whom an inventory does not know it would have to look for, which is for those who ask.
    for (const mac of (inventory ?? store).macs?.() ?? []) {
      if (current() !== before) return false;
      if (before.get(mac) === undefined) reachAhead(mac, before);
      yield;
    }
    return true;
  }

  /** What is wrong with a node is told when it asks by itself. */
  function reachAhead(mac: Mac, before: MacMap<Verdict>): void {
    try {
      const verdict = reachAnew({ ...ANY_REQUEST, key: { kind: 'mac', mac } }, mac, before);
      if (verdict instanceof Promise) verdict.catch(() => {});
    } catch {}
  }

  return {
    reach(request) {
      const { key } = request;
      const before = key.kind === 'mac' ? current() : undefined;
      if (key.kind !== 'mac' || before === undefined) return reachVerdict(request, context);
      const known = before.get(key.mac);
      if (known === undefined) return reachAnew(request, key.mac, before);
      onRemembered();
      return known;
    },
    async workAhead() {
      const before = current();
      if (ahead === 'new') {
        ahead = 'to do';
        return;
      }
      if (before === undefined || ahead === 'done' || performance.now() < restsUntil) return;
      restsUntil = Number.POSITIVE_INFINITY;
      const began = performance.now();
      const hasEnded = await inTurns(reachAll(before));
      if (hasEnded && current() === before) ahead = 'done';
      restsUntil = performance.now() + REST * (performance.now() - began);
    },
  };
}

/** Of a request what makes no difference to a verdict that is remembered. */
const ANY_REQUEST = { tag: undefined, arch: undefined, retry: 0, endpoint: '', now: 0, random: 0 };

/** Whether a known node boots something that is the same for whatever else it asks with, and as long as nothing new comes. */
function isOwn({ component, decision, prepared, age }: Verdict): boolean {
  return component !== undefined && prepared !== undefined && decision !== 'discovery' && age === undefined;
}
