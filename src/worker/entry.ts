import type { Context, ExecutionContext, Hono } from 'hono';
import { type QueuedHistory, queuedHistory } from '../adapters/history/queued-history.ts';
import { type CacheApi, cacheApiCache } from '../adapters/inventory/cache-api.ts';
import { type QueuedEdgeCache, queuedEdgeCache } from '../adapters/inventory/edge-cache.ts';
import { consoleLog } from '../adapters/log/console-log.ts';
import { createPersistence } from '../adapters/store/persistence.ts';
import { appFromSettings } from '../compose/app-from-settings.ts';
import type { Bindings, EdgeDatabase, OpenEdgeDatabase } from '../compose/edge-database.ts';
import { edgeDocument } from '../compose/edge-document.ts';
import { edgeInventory } from '../compose/edge-inventory.ts';
import { type EdgePersistence, edgePersistence } from '../compose/edge-store.ts';
import { readSettings, SettingError } from '../config.ts';
import { ServiceError } from '../core/errors.ts';
import { problemOf } from '../http/problem.ts';
import { newRequestId } from '../http/request-id.ts';
import type { Runtime } from '../http/runtime.ts';

/** The Cache API as Workers have it. */
declare const caches: { readonly default: CacheApi };

const runtime: Runtime = {
  peerAddress: (c) => c.req.header('cf-connecting-ip'),
  peerPort: () => undefined,
  forwardedFor,
  body: (c) => c.req.raw.body,
  // One request of a Worker cannot wait for another.
  turn: async () => {},
  endTurn: () => {},
  background: (c, work) => c.executionCtx.waitUntil(work),
};

/** The edge puts the other end itself behind what that sent. */
function forwardedFor(c: Context): string | undefined {
  const entries = c.req.header('x-forwarded-for')?.split(',');
  return entries?.at(-1)?.trim() === runtime.peerAddress(c) ? entries?.slice(0, -1).join() : entries?.join();
}

type Service = {
  readonly app: Hono;
  readonly history: QueuedHistory;
  readonly cache: QueuedEdgeCache;
  readonly persistence: EdgePersistence;
  readonly openScope: EdgeDatabase['openScope'];
};

function makeService(env: Bindings, openDatabase: OpenEdgeDatabase): Service {
  const { settings, ignored } = readSettings(env);
  const { driver, url, openScope } = openDatabase(settings, env);
  const log = consoleLog(settings.BSS_DEBUG ? 'debug' : settings.BSS_LOG_LEVEL);
  if (ignored.length > 0) log.warn({ settings: ignored.join(' ') }, 'these settings are ignored');
  const persistence = edgePersistence(createPersistence(driver), caches.default, url, log);
  const { store, accesses, own } = persistence;
  const history = queuedHistory(accesses, false);
  const cache = queuedEdgeCache(cacheApiCache(caches.default, settings.HSM_URL ?? ''));
  const app = appFromSettings(settings, {
    store,
    inventory: edgeInventory(settings, cache, log),
    own,
    history,
    log,
    scriptLog: (event) => log.debug(event, 'script'),
    runtime,
    document: edgeDocument(env.ASSETS),
    sharing: false,
  });
  return { app, history, cache, persistence, openScope };
}

/** What a Worker exports. */
export type WorkerEntry = { fetch(request: Request, env: Bindings, context: ExecutionContext): Promise<Response> };

/** A Workers entry over one kind of database. While a setting is wrong, clients are told to wait, and the log names it. */
export function workerEntry(openDatabase: OpenEdgeDatabase): WorkerEntry {
  // Made at the first request of an isolate; it holds no connection, so requests may share it.
  let service: Service | undefined;
  return {
    async fetch(request, env, context) {
      try {
        service ??= makeService(env, openDatabase);
      } catch (error) {
        if (!(error instanceof SettingError)) throw error;
        console.error(error.message);
        const answer = problemOf(new ServiceError('unavailable', 'the service is not set up yet: its log says why'));
        answer.headers.set('X-Request-Id', newRequestId());
        return answer;
      }
      const { app, history, cache, persistence, openScope } = service;
      const scope = openScope();
      const response = await scope.run(() => app.fetch(request, env, context));
      context.waitUntil(cache.flush());
      context.waitUntil(persistence.flush());
      // What could not be written goes on waiting for the next request.
      context.waitUntil(scope.run(() => history.flush().catch(() => {})).finally(scope.close));
      return response;
    },
  };
}
