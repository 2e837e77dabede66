import type { Component } from '../../../core/component.ts';
import type { Inventory, Sighting } from '../../../ports/inventory.ts';
import { checkedReadiness } from '../../checked-readiness.ts';
import type { Memory } from '../memory.ts';
import type { SmdClient } from './client.ts';
import type { Roster } from './roster.ts';
import { targetedLookUp } from './targeted.ts';

/** Up to so many nodes are looked up one by one; for more, the whole of SMD is cheaper. */
const FEW = 3;

/**
 * SMD as an inventory that is asked for each node when that node is asked for. What it says goes into the memory; a whole
 * list that is there and young is not asked for again.
 */
export function targetedInventory(smd: SmdClient, roster: Roster, memory: Memory): Inventory {
  const lookUp = targetedLookUp(smd, {
    findAmongAll: async (key) => (await roster.index()).find(key),
    recall: (key) => memory.recall(key)?.component,
    note: memory.note,
  });
  return {
    find: async (key) => sighted(await lookUp.find(key)),
    async findAll(keys) {
      if (keys.length <= FEW) return (await Promise.all(keys.map(lookUp.find))).map(sighted);
      const index = await roster.index();
      return keys.map((key) => sighted(index.find(key)));
    },
    list: async () => ({ components: (await roster.index()).all }),
    async refresh(xnames) {
      if (xnames === undefined) await roster.reread();
      else await lookUp.gather(xnames);
    },
    check: smd.check,
    // Of single nodes more may be known; nobody can tell of whom.
    readiness: checkedReadiness(smd.check),
  };
}

function sighted(component: Component | undefined): Sighting | undefined {
  return component && { component };
}
