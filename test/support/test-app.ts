import { appFromSettings } from '../../src/compose/app-from-settings.ts';
import { readSettings } from '../../src/config.ts';
import { packagedDocument } from '../../src/node/document.ts';
import type { AccessHistory } from '../../src/ports/access-history.ts';
import type { Inventory } from '../../src/ports/inventory.ts';
import type { Log } from '../../src/ports/log.ts';
import type { OwnInventory } from '../../src/ports/own-inventory.ts';
import type { ScriptEvent } from '../../src/ports/script-log.ts';
import type { Store } from '../../src/ports/store.ts';

/** The application without a runtime: what entries add is given by the test. */
export type TestApp = {
  /** `path` is taken under `http://boot.example:27778`. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Sends JSON, as the clients in the field do: without a Content-Type. */
  send(method: string, path: string, body?: unknown): Promise<Response>;
  readonly scripts: ScriptEvent[];
  readonly errors: string[];
};

/** For tests that do not look at it. */
const forgetfulHistory: AccessHistory = { note: () => {}, list: async () => [] };

export function testApp(parts: {
  store: Store;
  inventory?: Inventory | undefined;
  own?: OwnInventory;
  history?: AccessHistory;
  settings?: Record<string, string>;
  peerAddress?: string;
}): TestApp {
  const scripts: ScriptEvent[] = [];
  const errors: string[] = [];
  const silent = (): void => {};
  const log: Log = {
    debug: silent,
    info: silent,
    warn: silent,
    error: (_, message, cause) => errors.push(cause instanceof Error ? cause.message : message),
  };
  const app = appFromSettings(readSettings(parts.settings ?? {}).settings, {
    store: parts.store,
    inventory: parts.inventory,
    own: parts.own,
    log,
    scriptLog: (event) => scripts.push(event),
    history: parts.history ?? forgetfulHistory,
    runtime: {
      peerAddress: () => parts.peerAddress ?? '10.0.0.9',
      peerPort: () => 40_000,
      forwardedFor: (c) => c.req.header('x-forwarded-for'),
      body: (c) => c.req.raw.body,
      turn: async () => {},
      endTurn: () => {},
      background: () => {},
    },
    document: packagedDocument,
    sharing: true,
  });
  const fetch = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    if (!headers.has('host')) headers.set('host', 'boot.example:27778');
    return app.fetch(new Request(`http://boot.example:27778${path}`, { ...init, headers }));
  };
  return {
    fetch,
    scripts,
    errors,
    send: (method, path, body) =>
      fetch(path, { method, ...(body !== undefined && { body: new TextEncoder().encode(JSON.stringify(body)) }) }),
  };
}
