import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { fixedInventory } from '../adapters/inventory/fixed.ts';
import { parseInventoryFile } from '../adapters/inventory/inventory-file.ts';
import { inventoryByUrl } from '../compose/inventory-by-url.ts';
import { SettingError, type Settings } from '../config.ts';
import type { Inventory } from '../ports/inventory.ts';
import type { Log } from '../ports/log.ts';

/** The inventory that the settings ask for; `undefined` when the service is its own. */
export function openNodeInventory(settings: Settings, log: Log): Inventory | undefined {
  const url = settings.HSM_URL;
  if (!url?.startsWith('file:')) return inventoryByUrl(settings, true, log, (path) => readFile(path, 'utf8'));
  try {
    const path = url.startsWith('file://') ? fileURLToPath(url) : url.slice('file:'.length);
    return fixedInventory(parseInventoryFile(readFileSync(path, 'utf8'), path));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SettingError(`HSM_URL names an inventory file that cannot be used: ${reason}`);
  }
}
