import { onTestFinished } from 'vitest';
import { createMemory } from '../../src/adapters/inventory/memory.ts';
import { rememberingInventory } from '../../src/adapters/inventory/remembering.ts';
import { smdClient } from '../../src/adapters/inventory/smd/client.ts';
import { createRoster } from '../../src/adapters/inventory/smd/roster.ts';
import { targetedInventory } from '../../src/adapters/inventory/smd/targeted-inventory.ts';
import { noTokens, type SmdTokens } from '../../src/adapters/inventory/smd/tokens.ts';
import { ServiceError } from '../../src/core/errors.ts';
import type { OpenInventory } from '../../src/node/inventory.ts';
import { openSmdInventory } from '../../src/node/smd-inventory.ts';
import type { Inventory } from '../../src/ports/inventory.ts';
import type { InventoryCopy } from '../../src/ports/inventory-copy.ts';
import type { Log } from '../../src/ports/log.ts';
import { silentLog } from '../support/silent-log.ts';
import { type SmdNode, type SmdRequest, type SmdSimulator, startSmd } from '../support/smd-simulator.ts';

/** SMD asked for each node, with the memory of one isolate. Times are in milliseconds. */
export function inventoryOf(
  { url }: Pick<SmdSimulator, 'url'>,
  {
    tokens = noTokens,
    timeout = 5000,
    maxAge = 10_000,
  }: {
    tokens?: SmdTokens;
    timeout?: number;
    maxAge?: number;
  } = {},
): Inventory {
  const client = smdClient({ url, tokens, timeoutMs: timeout, fetch: (...args) => fetch(...args), log: silentLog });
  const memory = createMemory(maxAge);
  return rememberingInventory(targetedInventory(client, createRoster(client, memory), memory), memory);
}

/** The same in memory, as on Node; whoever starts it stops it. Its copy is kept nowhere unless one is given. */
export function snapshotOf(
  { url }: Pick<SmdSimulator, 'url'>,
  { tokens = noTokens, timeout = 2000, maxAge = 10_000, log = silentLog as Log } = {},
): OpenInventory {
  const client = smdClient({ url, tokens, timeoutMs: timeout, fetch: (...args) => fetch(...args), log });
  return openSmdInventory(client, { source: url, maxAgeMs: maxAge, timeoutMs: timeout, log });
}

/** A database that is away. */
export const awayCopy: InventoryCopy = {
  open: async () => away(),
  // biome-ignore lint/correctness/useYield: there is nothing to give
  async *read() {
    away();
  },
  write: async () => away(),
  confirm: async () => away(),
};

function away(): never {
  throw new ServiceError('unavailable', 'there is no copy');
}

/** A copy that keeps nothing. */
export const noCopy: InventoryCopy = {
  open: async () => {},
  async *read() {},
  write: async () => {},
  confirm: async () => {},
};

/** A simulator until the running test ends: with what was recorded, or with these nodes. */
export async function smdForTest(nodes?: readonly SmdNode[]): Promise<SmdSimulator> {
  const smd = await startSmd(nodes && { nodes });
  onTestFinished(smd.stop);
  return smd;
}

/** How many of these requests had to wait for one another: the longest chain in which each began after one had ended. */
export function stepsOf(requests: readonly SmdRequest[]): number {
  const byEnd = requests
    .map(({ start, end = Number.POSITIVE_INFINITY }) => ({ start, end }))
    .sort((a, b) => a.end - b.end);
  let [steps, over] = [0, Number.NEGATIVE_INFINITY];
  for (const { start, end } of byEnd) {
    if (start < over) continue;
    steps += 1;
    over = end;
  }
  return steps;
}
