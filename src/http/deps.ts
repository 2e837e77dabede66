import type { Dialect } from '../core/dialect.ts';
import type { AccessHistory } from '../ports/access-history.ts';
import type { Inventory } from '../ports/inventory.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { ScriptNotifier } from '../ports/outside.ts';
import type { OwnInventory } from '../ports/own-inventory.ts';
import type { ScriptLog } from '../ports/script-log.ts';
import type { Store } from '../ports/store.ts';
import type { TokenVerifier } from '../ports/token-verifier.ts';
import type { Outside } from '../service/fetchable.ts';
import type { ScriptSettings } from '../service/script-settings.ts';
import type { VerdictMemory } from '../service/verdict-memory.ts';
import type { ChainSettings } from './chain-endpoint.ts';
import type { ApiDocument } from './openapi/document.ts';
import type { Runtime } from './runtime.ts';

/** What an entry gives the application. */
export type AppDeps = {
  readonly store: Store;
  /** `undefined`: the service's own nodes are the inventory. */
  readonly inventory: Inventory | undefined;
  /** What was added by hand; `undefined` when SMD is the inventory. */
  readonly own: OwnInventory | undefined;
  readonly history: AccessHistory;
  readonly dialect: Dialect;
  readonly log: Log;
  readonly scriptLog: ScriptLog;
  /** `undefined`: nothing is measured. */
  readonly metrics?: Metrics | undefined;
  readonly script: ScriptSettings;
  /** `undefined`: nothing is remembered of what nodes are to boot. */
  readonly verdicts?: Pick<VerdictMemory, 'reach'> | undefined;
  readonly outside: Outside;
  /** `undefined`: nobody wants to hear of scripts. */
  readonly notifier: ScriptNotifier | undefined;
  /** `undefined`: the API is open. */
  readonly verifier: TokenVerifier | undefined;
  /** Whether a token must have the scope for what it is used for. */
  readonly scopes: boolean;
  readonly chain: ChainSettings;
  /** Whether the `X-Forwarded-*` headers of a peer are to be believed. */
  readonly isTrustedProxy: (peerAddress: string | undefined) => boolean;
  readonly runtime: Runtime;
  /** Reads src/http/assets/openapi.json from where the runtime has it; hardly anybody asks for it. */
  document(): Promise<ApiDocument>;
};
