import { onTestFinished } from 'vitest';
import { smdClient } from '../../src/adapters/inventory/smd/client.ts';
import { smdInventory } from '../../src/adapters/inventory/smd/smd-inventory.ts';
import { noTokens, type SmdTokens } from '../../src/adapters/inventory/smd/tokens.ts';
import type { Inventory } from '../../src/ports/inventory.ts';
import { silentLog } from '../support/silent-log.ts';
import { type SmdNode, type SmdRequest, type SmdSimulator, startSmd } from '../support/smd-simulator.ts';

/** An inventory over SMD. Times are in milliseconds. */
export function inventoryOf(
  { url }: Pick<SmdSimulator, 'url'>,
  {
    tokens = noTokens,
    timeout = 5000,
    maxAge = 10_000,
    sharing = true,
  }: {
    tokens?: SmdTokens;
    timeout?: number;
    maxAge?: number;
    sharing?: boolean;
  } = {},
): Inventory {
  const client = smdClient({ url, tokens, timeoutMs: timeout, fetch: (...args) => fetch(...args), log: silentLog });
  return smdInventory(client, { maxAgeMs: maxAge, sharing });
}

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
