import type { Component } from '../../../core/component.ts';
import type { Xname } from '../../../core/identifiers/xname.ts';
import type { InventoryCopy } from '../../../ports/inventory-copy.ts';
import type { Log } from '../../../ports/log.ts';
import { seldomWarning } from '../../log/seldom-warning.ts';
import { nextRun } from '../../next-run.ts';
import { componentJson } from '../component-json.ts';

/** So many nodes are written at a time. */
const PART = 100;

/** Keeps a copy of what is known, behind the answers. Times are of the performance clock. */
export type KeptCopy = {
  /** Has the copy follow a change of what is known. */
  note(xname: Xname, component: Component | undefined, at: number): void;
  /** Has the copy follow all changes so far, which are known as of a time. What cannot be written is written the next time. */
  follow(at: number): Promise<void>;
  /**
   * Hands over what was kept, node by node with the time that it is of, before anything is written. Of what was kept and
   * `isKnown` no more nothing is left then.
   */
  restore(
    from: InventoryCopy,
    take: (xname: Xname, component: Component, at: number) => void,
    isKnown: (xname: Xname) => boolean,
  ): Promise<void>;
};

/** Follows what is known of a source, in a copy that is there from its restoration on. */
export function keptCopy(source: string, log: Log): KeptCopy {
  const waiting = new Map<Xname, { readonly component: Component | undefined; readonly at: number }>();
  /** What was handed over, until more is heard of it: what has not changed need not be written again. */
  const restored = new Map<Xname, Component>();
  const warn = seldomWarning(log, 'the copy of the inventory cannot be kept: it will be written later');
  let isRestoring = false;
  let copy: InventoryCopy | undefined;
  let confirmedAt = 0;

  async function write(): Promise<void> {
    if (copy === undefined) return;
    while (waiting.size > 0) {
      const part = firstOf(waiting, PART);
      await copy.write(
        source,
        part.map(([xname, { component, at }]) => ({ xname, component, asOf: unixTime(at) })),
      );
      for (const [xname, written] of part) if (waiting.get(xname) === written) waiting.delete(xname);
      await breath();
    }
    await copy.confirm(source, unixTime(confirmedAt));
  }

  const writeNext = nextRun(write);

  return {
    note(xname, component, at) {
      if (isRestoring) return;
      const kept = restored.get(xname);
      restored.delete(xname);
      if (kept !== undefined && component !== undefined && jsonOf(kept) === jsonOf(component)) return;
      waiting.set(xname, { component, at });
    },
    async follow(at) {
      confirmedAt = Math.max(confirmedAt, at);
      await writeNext().catch((error) => warn({ reason: String(error) }));
    },
    async restore(from, take, isKnown) {
      await from.open(source);
      for await (const part of from.read(source)) {
        for (const { xname, component, asOf } of part) {
          const at = performance.now() - Math.max(0, Date.now() - asOf);
          isRestoring = true;
          take(xname, component, at);
          isRestoring = false;
          if (!isKnown(xname)) waiting.set(xname, { component: undefined, at: performance.now() });
          else if (!waiting.has(xname)) restored.set(xname, component);
        }
        await breath();
      }
      copy = from;
      if (confirmedAt > 0) await writeNext().catch((error) => warn({ reason: String(error) }));
    },
  };
}

/** Lets others go on: an embedded database does its work without ever waiting. */
function breath(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

function firstOf<Entry>(entries: Iterable<Entry>, count: number): Entry[] {
  const first: Entry[] = [];
  for (const entry of entries) {
    if (first.length === count) break;
    first.push(entry);
  }
  return first;
}

function jsonOf(component: Component): string {
  return JSON.stringify(componentJson(component));
}

function unixTime(at: number): number {
  return Date.now() - (performance.now() - at);
}
