import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { cannedComponents } from '../adapters/inventory/canned.ts';
import { parseInventoryFile } from '../adapters/inventory/inventory-file.ts';
import { watchedSmd } from '../adapters/inventory/smd/watched-smd.ts';
import type { InventoryLookUps } from '../adapters/look-ups.ts';
import { unwatched } from '../adapters/watched-call.ts';
import { cannedInventory, smdFromSettings, smdTimeoutOf, waitDelayOf } from '../compose/inventories.ts';
import { SettingError, type Settings } from '../config.ts';
import type { CallWatch } from '../ports/call-watch.ts';
import type { Inventory } from '../ports/inventory.ts';
import type { InventoryCopy } from '../ports/inventory-copy.ts';
import type { Log } from '../ports/log.ts';
import { openFileInventory } from './file-inventory.ts';
import { openSmdInventory } from './smd-inventory.ts';

/** An inventory that is kept up in the background. */
export type OpenInventory = {
  readonly inventory: Inventory;
  /** How many nodes it knows. */
  nodes(): number;
  /** How often nodes were looked for, where that may need more than memory. */
  readonly lookUps?: Readonly<InventoryLookUps>;
  /** Begins to read its source now and then, and to keep a copy of what that cannot tell while it is away. */
  start(copy: InventoryCopy): void;
  stop(): Promise<void>;
};

/** The inventory that the settings ask for, whose calls of SMD are watched; `undefined` when the service is its own. */
export function openNodeInventory(
  settings: Settings,
  log: Log,
  watch: CallWatch = unwatched,
): OpenInventory | undefined {
  const url = settings.HSM_URL;
  if (url === undefined) return undefined;
  if (url === 'mem:') {
    return { inventory: cannedInventory(), nodes: () => cannedComponents().length, start() {}, async stop() {} };
  }
  if (!url.startsWith('file:')) {
    const smd = smdFromSettings({ ...settings, HSM_URL: url }, true, log, (path) => readFile(path, 'utf8'));
    const maxAgeMs = waitDelayOf(settings) * 1000;
    return openSmdInventory(watchedSmd(smd, watch), { source: url, maxAgeMs, timeoutMs: smdTimeoutOf(settings), log });
  }
  try {
    const path = url.startsWith('file://') ? fileURLToPath(url) : url.slice('file:'.length);
    return openFileInventory(path, parseInventoryFile(readFileSync(path, 'utf8'), path), log);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SettingError(`HSM_URL names an inventory file that cannot be used: ${reason}`);
  }
}
