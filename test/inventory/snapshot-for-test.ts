import { expect, onTestFinished } from 'vitest';
import type { SmdTokens } from '../../src/adapters/inventory/smd/tokens.ts';
import type { Inventory } from '../../src/ports/inventory.ts';
import type { InventoryCopy } from '../../src/ports/inventory-copy.ts';
import { type NotingLog, notingLog } from '../support/noting-log.ts';
import type { SmdSimulator } from '../support/smd-simulator.ts';
import { noCopy, snapshotOf } from './smd.ts';

/** An inventory in memory that reads its source in the background until the running test ends, and what it logs. */
export type Started = { readonly inventory: Inventory; readonly log: NotingLog; stop(): Promise<void> };

/** Starts one. Times are in milliseconds; with a long `maxAge` it reads once. */
export function started(
  smd: Pick<SmdSimulator, 'url'>,
  options: { timeout?: number; maxAge?: number; tokens?: SmdTokens; copy?: InventoryCopy } = {},
): Started {
  const { copy = noCopy, ...rest } = options;
  const log = notingLog();
  const open = snapshotOf(smd, { ...rest, log });
  onTestFinished(open.stop);
  open.start(copy);
  return { inventory: open.inventory, log, stop: open.stop };
}

/** The same, once the first reading is through; SMD has seen no requests then. */
export async function read(smd: SmdSimulator, options: Parameters<typeof started>[1] = {}): Promise<Started> {
  const made = started(smd, options);
  // Its thread has to start first, which may take longer than a test's time-out.
  await expect
    .poll(
      () =>
        made.inventory.list().then(
          () => true,
          () => false,
        ),
      { timeout: 5000 },
    )
    .toBe(true);
  smd.requests.length = 0;
  return made;
}

/** Lines of a log that tell of an outage or of its end. */
export function outagesIn({ lines }: NotingLog): string[] {
  return lines
    .filter((line) => /^\w+ the inventory (cannot be|is) read/.test(line))
    .map((line) => line.split(':')[0] ?? '');
}
