import type { Context, ExecutionContext, Hono } from 'hono';
import { type QueuedHistory, queuedHistory } from './adapters/history/queued-history.ts';
import { type CacheApi, cacheApiCache } from './adapters/inventory/cache-api.ts';
import { type QueuedEdgeCache, queuedEdgeCache } from './adapters/inventory/edge-cache.ts';
import { consoleLog } from './adapters/log/console-log.ts';
import { createPersistence } from './adapters/store/persistence.ts';
import { appFromSettings } from './compose/app-from-settings.ts';
import { type EdgeDatabase, edgeDatabase } from './compose/edge-database.ts';
import { edgeInventory } from './compose/edge-inventory.ts';
import { type EdgePersistence, edgePersistence } from './compose/edge-store.ts';
import { readSettings, SettingError } from './config.ts';
import { ServiceError } from './core/errors.ts';
import { problemOf } from './http/problem.ts';
import type { Runtime } from './http/runtime.ts';

type Bindings = Readonly<Record<string, unknown>>;

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

/** Made at the first request of an isolate; it holds no connection, so requests may share it. */
let service: Service | undefined;

type Service = {
  readonly app: Hono;
  readonly history: QueuedHistory;
  readonly cache: QueuedEdgeCache;
  readonly persistence: EdgePersistence;
  readonly openScope: EdgeDatabase['openScope'];
};

async function makeService(env: Bindings): Promise<Service> {
  const { settings, ignored } = readSettings(env);
  const { driver, url, openScope } = await edgeDatabase(settings, env);
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
    scriptLog: (event) => log.debug({ ...event }, 'script'),
    runtime,
    sharing: false,
  });
  return { app, history, cache, persistence, openScope };
}

/** The Workers entry. While a setting is wrong, clients are told to wait, and the log names it. */
export default {
  async fetch(request: Request, env: Bindings, context: ExecutionContext): Promise<Response> {
    try {
      // No request waits for another one's: of those that come first, each may make one, and one stays.
      service ??= await makeService(env);
    } catch (error) {
      if (!(error instanceof SettingError)) throw error;
      console.error(error.message);
      const answer = problemOf(new ServiceError('unavailable', 'the service is not set up yet: its log says why'));
      answer.headers.set('X-Request-Id', crypto.randomUUID());
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
