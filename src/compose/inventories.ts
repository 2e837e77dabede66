import { cannedComponents } from '../adapters/inventory/canned.ts';
import { fixedInventory } from '../adapters/inventory/fixed.ts';
import { type SmdClient, smdClient } from '../adapters/inventory/smd/client.ts';
import type { Settings } from '../config.ts';
import type { Inventory } from '../ports/inventory.ts';
import type { Log } from '../ports/log.ts';
import { type ReadFile, tokensFromSettings } from './smd-tokens.ts';

/** The inventory of `HSM_URL=mem:`. */
export function cannedInventory(): Inventory {
  return fixedInventory(cannedComponents());
}

/**
 * SMD as the settings say. `sharing` says whether requests may wait for one another's token, which those of a Worker may
 * not; `readFile` is given where there are files.
 */
export function smdFromSettings(
  settings: Settings & { readonly HSM_URL: string },
  sharing: boolean,
  log: Log,
  readFile?: ReadFile,
): SmdClient {
  return smdClient({
    url: settings.HSM_URL,
    tokens: tokensFromSettings(settings, sharing, log, readFile),
    timeoutMs: smdTimeoutOf(settings),
    fetch: (...args) => fetch(...args),
    log,
  });
}

/** Seconds that an unknown node waits, which is also how old the inventory may be; HPE has another name for it. */
export function waitDelayOf(settings: Settings): number {
  return settings.BSS_HSM_RETRIEVAL_DELAY ?? settings.BSS_RETRIEVAL_DELAY ?? 10;
}

/** Milliseconds that one request to SMD may take. */
export function smdTimeoutOf(settings: Settings): number {
  return settings.BSS_HSM_TIMEOUT * 1000;
}
