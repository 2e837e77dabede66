import type { QueuedEdgeCache } from '../adapters/inventory/edge-cache.ts';
import { edgeSmdInventory } from '../adapters/inventory/smd/edge-inventory.ts';
import { SettingError, type Settings } from '../config.ts';
import type { Inventory } from '../ports/inventory.ts';
import type { Log } from '../ports/log.ts';
import { cannedInventory, smdFromSettings, smdTimeoutOf, waitDelayOf } from './inventories.ts';

/**
 * The inventories that a Worker can have. What SMD says is kept in `cache`, which must be of what is at `HSM_URL` alone; no
 * request waits for another one's promise.
 */
export function edgeInventory(settings: Settings, cache: QueuedEdgeCache, log: Log): Inventory | undefined {
  const { HSM_URL: url } = settings;
  if (url === undefined) return undefined;
  if (url === 'mem:') return cannedInventory();
  if (url.startsWith('file:')) throw new SettingError('HSM_URL file: needs a file system, which this runtime has not');
  const smd = smdFromSettings({ ...settings, HSM_URL: url }, false, log);
  return edgeSmdInventory(smd, cache, { maxAgeMs: waitDelayOf(settings) * 1000, timeoutMs: smdTimeoutOf(settings) });
}
