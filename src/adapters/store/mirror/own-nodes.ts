import { type ComponentIndex, indexComponents } from '../../../core/component-index.ts';
import type { OwnInventory } from '../../../ports/own-inventory.ts';
import { nextRun } from '../../next-run.ts';

/** The nodes of the inventory of our own, in memory. */
export type OwnNodes = {
  /** As they are; `undefined` while that must be asked for. */
  current(): ComponentIndex | undefined;
  /** As they were last known. */
  last(): ComponentIndex | undefined;
  /** Counts up with each change. */
  version(): number;
  /** Says that something has changed: they are read again. */
  stale(): void;
};

/** Reads all of them anew after each change: they are some, and seldom change. */
export function ownNodes(own: Pick<OwnInventory, 'components'>): OwnNodes {
  let index: ComponentIndex | undefined;
  let isCurrent = false;
  let version = 0;

  const read = nextRun(async () => {
    const before = version;
    index = indexComponents(await own.components());
    isCurrent = version === before;
  });
  // What fails is asked for again by who needs it.
  const readBehind = (): void => void read().catch(() => {});

  return {
    current() {
      if (!isCurrent) readBehind();
      return isCurrent ? index : undefined;
    },
    last: () => index,
    version: () => version,
    stale() {
      version += 1;
      isCurrent = false;
      readBehind();
    },
  };
}
