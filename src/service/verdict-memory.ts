import type { Mac } from '../core/identifiers/mac.ts';
import { after, type Soon } from '../core/soon.ts';
import type { Inventory } from '../ports/inventory.ts';
import type { Store } from '../ports/store.ts';
import type { ScriptRequest } from './script-request.ts';
import { reachVerdict, type Verdict, type VerdictContext } from './verdict.ts';

/**
 * What nodes are to boot that asked by their MAC, as long as neither inventory nor store knows anything new: a node that asks
 * again needs one look, where else there are many, each at a place in memory that nothing else has used lately.
 */
export type VerdictMemory = {
  /** The verdict for a request, reached anew when it is not remembered; fails as that does. */
  reach(request: ScriptRequest, context: VerdictContext): Soon<Verdict>;
  /** How many were remembered. */
  remembered(): number;
};

/** A memory of nothing yet, of verdicts that come of these. */
export function createVerdictMemory({
  inventory,
  store,
}: {
  readonly inventory: Pick<Inventory, 'edition'> | undefined;
  readonly store: Pick<Store, 'edition'>;
}): VerdictMemory {
  /** No more than there are MACs of nodes that have something to boot. */
  let verdicts = new Map<Mac, Verdict>();
  let inventoryEdition: number | undefined;
  let storeEdition: number | undefined;
  let remembered = 0;

  /** Those that stand; `undefined` while nothing is to be relied on. */
  function current(): Map<Mac, Verdict> | undefined {
    const ofInventory = inventory === undefined ? 0 : inventory.edition?.();
    const ofStore = store.edition?.();
    if (ofInventory === undefined || ofStore === undefined) return undefined;
    if (ofInventory !== inventoryEdition || ofStore !== storeEdition) {
      verdicts = new Map();
      inventoryEdition = ofInventory;
      storeEdition = ofStore;
    }
    return verdicts;
  }

  return {
    reach(request, context) {
      const { key } = request;
      const before = key.kind === 'mac' ? current() : undefined;
      if (key.kind !== 'mac' || before === undefined) return reachVerdict(request, context);
      const known = before.get(key.mac);
      if (known !== undefined) {
        remembered += 1;
        return known;
      }
      return after(reachVerdict(request, context), (verdict) => {
        // Something new may have come while it was reached. Who has nothing to boot asks seldom, and may be anybody.
        if (isOwn(verdict) && current() === before) before.set(key.mac, verdict);
        return verdict;
      });
    },
    remembered: () => remembered,
  };
}

/** Whether a known node boots something that is the same for whatever else it asks with. */
function isOwn({ component, decision, record }: Verdict): boolean {
  return component !== undefined && record !== undefined && decision !== 'discovery';
}
