import { cannedComponents } from '../adapters/inventory/canned.ts';
import { fixedInventory } from '../adapters/inventory/fixed.ts';
import { smdClient } from '../adapters/inventory/smd/client.ts';
import { smdInventory } from '../adapters/inventory/smd/smd-inventory.ts';
import { SettingError, type Settings } from '../config.ts';
import type { Inventory } from '../ports/inventory.ts';
import type { Log } from '../ports/log.ts';
import { type ReadFile, tokensFromSettings } from './smd-tokens.ts';

/** How long one request to SMD may take, in milliseconds. */
const SMD_TIMEOUT = 2000;

/**
 * The inventories that any runtime can have: SMD, the canned set, and `undefined` for none. `sharing` says whether
 * requests may wait for one another's look-ups, which those of a Worker may not; `readFile` is given where there are
 * files.
 */
export function inventoryByUrl(
  settings: Settings,
  sharing: boolean,
  log: Log,
  readFile?: ReadFile,
): Inventory | undefined {
  const { HSM_URL: url } = settings;
  if (url === undefined) return undefined;
  if (url === 'mem:') return fixedInventory(cannedComponents());
  if (url.startsWith('file:')) throw new SettingError('HSM_URL file: needs a file system, which this runtime has not');
  const client = smdClient({
    url,
    tokens: tokensFromSettings(settings, sharing, log, readFile),
    timeoutMs: SMD_TIMEOUT,
    fetch: (...args) => fetch(...args),
    log,
  });
  return smdInventory(client, { maxAgeMs: waitDelayOf(settings) * 1000, sharing });
}

/** Seconds that an unknown node waits, which is also how old the inventory may be; HPE has another name for it. */
export function waitDelayOf(settings: Settings): number {
  return settings.BSS_HSM_RETRIEVAL_DELAY ?? settings.BSS_RETRIEVAL_DELAY ?? 10;
}
