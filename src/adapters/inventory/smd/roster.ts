import { type ComponentIndex, indexComponents } from '../../../core/component-index.ts';
import { ServiceError } from '../../../core/errors.ts';
import type { Xname } from '../../../core/identifiers/xname.ts';
import type { Memory } from '../memory.ts';
import type { SmdClient } from './client.ts';
import { readLists } from './lists.ts';

/** All of SMD, read into a memory, where requests may not wait for one another's promises: four requests each time. */
export type Roster = {
  /**
   * What is remembered while that is young enough; else it is read, once for all who ask together. Throws `unavailable`,
   * also for a second after a reading that failed: whoever remembers an older list may answer from that, with its age.
   */
  index(): Promise<ComponentIndex>;
  /** Read anew. Until that is answered the old is remembered. */
  reread(): Promise<ComponentIndex>;
};

type Reading = { readonly at: number; state: 'under way' | 'over' | 'failed'; error?: unknown };

/** Milliseconds between two readings while they fail. */
const REST = 1000;
/** Milliseconds between two looks at what became of another one's reading. */
const GLANCE = 10;
/** Milliseconds after which another one's reading is not waited for: that of a request that was given up never ends. */
const PATIENCE = 5000;

export function createRoster(smd: SmdClient, memory: Memory): Roster {
  let latest: Reading | undefined;
  const recall = (xname: Xname) => memory.recall({ kind: 'xname', xname })?.component;

  async function reread(): Promise<ComponentIndex> {
    const reading: Reading = { at: performance.now(), state: 'under way' };
    latest = reading;
    try {
      const index = indexComponents(await readLists(smd, recall));
      memory.noteList(index, reading.at);
      reading.state = 'over';
      return index;
    } catch (error) {
      reading.error = error;
      reading.state = 'failed';
      throw error;
    }
  }

  /** Whether to wait for the latest reading, and not to begin another. Throws `unavailable` when it has just failed. */
  function isUnderWay(): boolean {
    if (latest === undefined || latest.state === 'over') return false;
    const age = performance.now() - latest.at;
    if (latest.state === 'under way') return age < PATIENCE;
    if (age >= REST) return false;
    throw new ServiceError('unavailable', 'the lists of the inventory (SMD) could not be read', {
      cause: latest.error,
    });
  }

  return {
    async index() {
      const start = performance.now();
      for (;;) {
        const young = memory.youngList();
        if (young !== undefined) return young;
        // What was under way may have been begun before a refresh, and be of no use.
        if (!isUnderWay()) return reread();
        if (performance.now() - start >= PATIENCE) {
          throw new ServiceError('unavailable', 'the lists of the inventory (SMD) take too long to read');
        }
        await new Promise((resolve) => setTimeout(resolve, GLANCE));
      }
    },
    reread,
  };
}
