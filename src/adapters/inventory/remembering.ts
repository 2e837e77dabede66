import { isUnavailable } from '../../core/errors.ts';
import type { Soon } from '../../core/soon.ts';
import type { Inventory, Sighting } from '../../ports/inventory.ts';
import { createCircuit } from './circuit.ts';
import type { Memory } from './memory.ts';

/**
 * Answers from what an inventory put into its memory while it is away. As long as it is there it is asked each time: a
 * node that discovery just changed must be right. Nothing is ever called unknown from memory.
 */
export function rememberingInventory(inventory: Inventory, memory: Memory): Inventory {
  const circuit = createCircuit();

  /** `recall` answers `undefined` unless all that is asked for is remembered. */
  async function look<Answer>(ask: () => Soon<Answer>, recall: () => Answer | undefined): Promise<Answer> {
    const at = performance.now();
    const known = recall();
    if (known !== undefined && !circuit.mayAsk()) return known;
    try {
      const answer = await ask();
      // Unless it came from a list that was young enough: that says nothing of the source.
      if (memory.newest() >= at) circuit.succeeded();
      return answer;
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      // Whole lists, which strangers are looked for in, may be too slow where look-ups of known nodes are not.
      if (known !== undefined) circuit.failed();
      const last = recall();
      if (last === undefined) throw error;
      return last;
    }
  }

  return {
    find: (key) =>
      look(
        () => inventory.find(key),
        () => memory.recall(key),
      ),
    findAll: (keys) =>
      look<(Sighting | undefined)[]>(
        () => inventory.findAll(keys),
        () => {
          const known = keys.flatMap((key) => memory.recall(key) ?? []);
          return known.length === keys.length ? known : undefined;
        },
      ),
    list: () => look(inventory.list, memory.recallList),
    async refresh(xnames) {
      await inventory.refresh(xnames);
      circuit.succeeded();
    },
    check: inventory.check,
    readiness: inventory.readiness,
  };
}
