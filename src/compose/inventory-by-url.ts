import { cannedComponents } from '../adapters/inventory/canned.ts';
import { fixedInventory } from '../adapters/inventory/fixed.ts';
import { rememberingInventory } from '../adapters/inventory/remembering.ts';
import { smdClient } from '../adapters/inventory/smd/client.ts';
import { createRoster } from '../adapters/inventory/smd/roster.ts';
import { targetedInventory } from '../adapters/inventory/smd/targeted.ts';
import { SettingError, type Settings } from '../config.ts';
import type { Inventory } from '../ports/inventory.ts';
import type { Log } from '../ports/log.ts';

/** How long one request to SMD may take, in milliseconds. */
const SMD_TIMEOUT = 2000;

/**
 * The inventories that any runtime can have: SMD, the canned set, and `undefined` for none. `sharing` says whether
 * requests may wait for one another's look-ups, which those of a Worker may not.
 */
export function inventoryByUrl(settings: Settings, sharing: boolean, log: Log): Inventory | undefined {
  const { HSM_URL: url, BSS_SMD_TOKEN: token } = settings;
  if (url === undefined) return undefined;
  if (url === 'mem:') return fixedInventory(cannedComponents());
  if (url.startsWith('file:')) throw new SettingError('HSM_URL file: needs a file system, which this runtime has not');
  const client = smdClient({ url, token, timeoutMs: SMD_TIMEOUT, fetch: (...args) => fetch(...args), log });
  const maxAge = waitDelayOf(settings) * 1000;
  return rememberingInventory(targetedInventory(client, createRoster(client, maxAge, sharing)), maxAge);
}

/** Seconds that an unknown node waits, which is also how old the inventory may be; HPE has another name for it. */
export function waitDelayOf(settings: Settings): number {
  return settings.BSS_HSM_RETRIEVAL_DELAY ?? settings.BSS_RETRIEVAL_DELAY ?? 10;
}
