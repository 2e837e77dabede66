import type { Inventory } from '../ports/inventory.ts';
import type { Log } from '../ports/log.ts';
import type { ScriptLog } from '../ports/script-log.ts';
import type { Store } from '../ports/store.ts';
import type { ScriptSettings } from '../service/boot-script.ts';
import type { ChainSettings } from './chain-endpoint.ts';
import type { Runtime } from './client.ts';

/** What an entry gives the application. */
export type AppDeps = {
  readonly store: Store;
  /** `undefined`: the service's own nodes are the inventory. */
  readonly inventory: Inventory | undefined;
  readonly log: Log;
  readonly scriptLog: ScriptLog;
  readonly script: ScriptSettings;
  readonly chain: ChainSettings;
  /** Whether the `X-Forwarded-*` headers of a peer are to be believed. */
  readonly isTrustedProxy: (peerAddress: string | undefined) => boolean;
  readonly runtime: Runtime;
};
