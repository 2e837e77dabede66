import { nextRun } from '../../next-run.ts';
import { type ComponentIndex, indexComponents } from '../indexed.ts';
import type { Memory } from '../memory.ts';
import { assemble } from './assemble.ts';
import type { SmdClient } from './client.ts';

/** All of SMD, read into a memory. */
export type Roster = {
  /** What is remembered while that is young enough; else it is read. */
  index(): Promise<ComponentIndex>;
  /** Read anew, by requests that are all sent after this was called. Until they are answered the old is remembered. */
  reread(): Promise<ComponentIndex>;
};

/**
 * Four requests at once, and none again until they are too old. With `sharing`, those who ask meanwhile wait for them,
 * and of those who want it read anew all wait for the next reading together.
 */
export function createRoster(smd: SmdClient, memory: Memory, sharing: boolean): Roster {
  let running: Promise<ComponentIndex> | undefined;

  async function read(): Promise<ComponentIndex> {
    const at = performance.now();
    const [components, interfaces, endpoints, memberships] = await Promise.all([
      smd.components(),
      smd.interfaces(),
      smd.endpoints(),
      smd.memberships(),
    ]);
    const index = indexComponents(assemble({ components, interfaces, endpoints, memberships }));
    memory.noteList(index, at);
    return index;
  }

  function join(): Promise<ComponentIndex> {
    running ??= read().finally(() => {
      running = undefined;
    });
    return running;
  }

  async function readAfter(): Promise<ComponentIndex> {
    while (running !== undefined) await running.catch(() => {});
    return join();
  }

  return {
    async index() {
      return memory.youngList() ?? (sharing ? join() : read());
    },
    reread: sharing ? nextRun(readAfter) : read,
  };
}
