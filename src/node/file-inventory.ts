import { createKnowledge } from '../adapters/inventory/snapshot/knowledge.ts';
import { createRefresher } from '../adapters/inventory/snapshot/refresher.ts';
import { NO_NODES } from '../adapters/inventory/snapshot/snapshot.ts';
import type { Component } from '../core/component.ts';
import { ServiceError } from '../core/errors.ts';
import type { Log } from '../ports/log.ts';
import type { OpenInventory } from './inventory.ts';
import { threadedReading } from './reading/threaded-reading.ts';
import { watchFile } from './watch-file.ts';

/**
 * A file in memory, which begins with what was read of it already. It is read again when it changes; while it is broken,
 * its old content counts, the log says so, and the inventory's state is an error.
 */
export function openFileInventory(path: string, components: readonly Component[], log: Log): OpenInventory {
  const knowledge = createKnowledge(Number.POSITIVE_INFINITY);
  const reading = threadedReading();
  const refresher = createRefresher(
    {
      // Whoever empties a file means it: nothing in it is doubted.
      read: (known) => reading.file(path, { ...known(), counts: NO_NODES }),
    },
    knowledge,
    { periodMs: 0, log },
  );
  const read = performance.now();
  for (const component of components) {
    const { xname } = component;
    // Of two components with one xname the first counts, as when the file is read again.
    if (xname === undefined || knowledge.recall({ kind: 'xname', xname }) !== undefined) continue;
    knowledge.note(xname, component, read);
  }
  knowledge.taken(read);
  let unwatch = (): void => {};

  return {
    inventory: {
      find: knowledge.recall,
      edition: knowledge.edition,
      macs: knowledge.macs,
      findAll: async (keys) => keys.map(knowledge.recall),
      list: async () => knowledge.list(),
      refresh: () => refresher.refresh(),
      async check() {
        if (refresher.failure() !== undefined) throw new ServiceError('unavailable', 'the inventory file is broken');
      },
      async readiness() {
        const since = refresher.failure()?.since ?? performance.now();
        return { isReady: true, age: Math.floor((performance.now() - since) / 1000) };
      },
    },
    nodes: knowledge.size,
    start() {
      unwatch = watchFile(path, () => void refresher.refresh().catch(() => {}));
    },
    async stop() {
      unwatch();
      await reading.stop();
    },
  };
}
