import { createMacMap, type MacMap } from '../core/identifiers/mac-map.ts';
import { after, type Soon } from '../core/soon.ts';
import type { ScriptRequest } from './script-request.ts';
import { reachVerdict, type Verdict, type VerdictContext } from './verdict.ts';

/**
 * Reaches verdicts, and remembers what nodes are to boot that asked by their MAC, as long as neither inventory nor store knows
 * anything new: a node that asks again needs one look, where else there are many, each at a place in memory that nothing else
 * has used lately. Fails as `reachVerdict` does. Each that was remembered is told to `onRemembered`.
 */
export function rememberVerdicts(
  context: VerdictContext,
  onRemembered: () => void,
): (request: ScriptRequest) => Soon<Verdict> {
  const { inventory, store } = context;
  /** No more than there are MACs of nodes that have something to boot. */
  let verdicts = createMacMap<Verdict>();
  let inventoryEdition: number | undefined;
  let storeEdition: number | undefined;

  /** Those that stand; `undefined` while nothing is to be relied on. */
  function current(): MacMap<Verdict> | undefined {
    const ofInventory = inventory === undefined ? 0 : inventory.edition?.();
    const ofStore = store.edition?.();
    if (ofInventory === undefined || ofStore === undefined) return undefined;
    if (ofInventory !== inventoryEdition || ofStore !== storeEdition) {
      verdicts = createMacMap();
      inventoryEdition = ofInventory;
      storeEdition = ofStore;
    }
    return verdicts;
  }

  return (request) => {
    const { key } = request;
    const before = key.kind === 'mac' ? current() : undefined;
    if (key.kind !== 'mac' || before === undefined) return reachVerdict(request, context);
    const known = before.get(key.mac);
    if (known !== undefined) {
      onRemembered();
      return known;
    }
    return after(reachVerdict(request, context), (verdict) => {
      // Something new may have come while it was reached. Who has nothing to boot asks seldom, and may be anybody.
      if (isOwn(verdict) && current() === before) before.set(key.mac, verdict);
      return verdict;
    });
  };
}

/** Whether a known node boots something that is the same for whatever else it asks with. */
function isOwn({ component, decision, prepared }: Verdict): boolean {
  return component !== undefined && prepared !== undefined && decision !== 'discovery';
}
