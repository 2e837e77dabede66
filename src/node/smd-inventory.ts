import { setTimeout as sleep } from 'node:timers/promises';
import type { SmdClient } from '../adapters/inventory/smd/client.ts';
import { smdSource } from '../adapters/inventory/smd/smd-source.ts';
import { targetedLookUp } from '../adapters/inventory/smd/targeted.ts';
import { keptCopy } from '../adapters/inventory/snapshot/kept-copy.ts';
import { createKnowledge } from '../adapters/inventory/snapshot/knowledge.ts';
import { createRefresher } from '../adapters/inventory/snapshot/refresher.ts';
import { snapshotInventory } from '../adapters/inventory/snapshot/snapshot-inventory.ts';
import { noInventoryLookUps } from '../adapters/look-ups.ts';
import { ServiceError } from '../core/errors.ts';
import type { InventoryCopy } from '../ports/inventory-copy.ts';
import type { Log } from '../ports/log.ts';
import type { OpenInventory } from './inventory.ts';
import { threadedReading } from './reading/threaded-reading.ts';

/** Milliseconds until a copy that could not be read is tried again. */
const RESTORE_PAUSE = 1000;

/** Milliseconds that the first reading waits for what was kept: against that it is doubted when it lacks too much. */
const RESTORE_PATIENCE = 5000;
/** So many times as old as allowed lists may be that somebody is looked for in who is found nowhere else. */
const TOLERABLE = 3;

/** SMD in memory, with a copy in the database. `source` names it there. */
export function openSmdInventory(
  smd: SmdClient,
  {
    source,
    maxAgeMs,
    timeoutMs,
    log,
  }: { readonly source: string; readonly maxAgeMs: number; readonly timeoutMs: number; readonly log: Log },
): OpenInventory {
  const lookUps = noInventoryLookUps();
  const kept = keptCopy(source, log);
  const knowledge = createKnowledge(maxAgeMs, kept.note);
  const reading = threadedReading();
  const recall = (...key: Parameters<typeof knowledge.recall>) => knowledge.recall(...key)?.component;
  const refresher = createRefresher(
    smdSource(smd, reading.lists, recall, () => restoration),
    knowledge,
    {
      periodMs: maxAgeMs,
      log,
      onRead: (at) => void kept.follow(at),
    },
  );
  const lookUp = targetedLookUp(smd, {
    recall,
    note(_key, component, at) {
      // That a node is gone is believed of whole readings only: those can be doubted.
      if (component?.xname !== undefined) knowledge.note(component.xname, component, at);
    },
    async findAmongAll(key) {
      if (!knowledge.isLoaded()) await refresher.refresh();
      if (knowledge.isYoung(refresher.failure() === undefined ? TOLERABLE : 1)) return recall(key);
      throw new ServiceError('unavailable', 'the inventory has not been read for too long');
    },
  });
  const stop = new AbortController();
  let restoration: Promise<void> = Promise.resolve();

  async function restore(copy: InventoryCopy): Promise<void> {
    while (!stop.signal.aborted) {
      try {
        let isEmpty = true;
        const take: typeof knowledge.note = (...one) => {
          isEmpty = false;
          knowledge.note(...one);
        };
        await kept.restore(copy, take, (xname) => recall({ kind: 'xname', xname }) !== undefined);
        if (!isEmpty) knowledge.restored();
        return;
      } catch (error) {
        log.debug({ reason: String(error) }, 'the copy of the inventory cannot be read yet');
      }
      await sleep(RESTORE_PAUSE, undefined, { signal: stop.signal }).catch(() => {});
    }
  }

  return {
    inventory: snapshotInventory({ knowledge, refresher, lookUp, check: smd.check, timeoutMs, lookUps }),
    nodes: knowledge.size,
    lookUps,
    start(copy) {
      const late = sleep(RESTORE_PATIENCE, undefined, { signal: stop.signal, ref: false }).catch(() => {});
      restoration = Promise.race([restore(copy), late]);
      refresher.start();
    },
    async stop() {
      stop.abort();
      refresher.stop();
      await reading.stop();
    },
  };
}
