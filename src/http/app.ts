import { type Context, type ErrorHandler, type ExecutionContext, Hono, type MiddlewareHandler } from 'hono';
import type { ShedKind } from '../ports/metrics.ts';
import { toResponse } from './answer.ts';
import { requireToken } from './authorize.ts';
import { limitCrowd } from './crowd.ts';
import type { AppDeps } from './deps.ts';
import { hostOf } from './host.ts';
import { measureRequests } from './measure-requests.ts';
import { ownInventoryRoutes } from './own-inventory-routes.ts';
import { problem } from './problem.ts';
import { refusal } from './refusal.ts';
import { requestIdOf } from './request-id.ts';
import { apiPaths, type Handler, type Method, resource } from './resource.ts';
import {
  deleteBootparameters,
  patchBootparameters,
  postBootparameters,
  putBootparameters,
} from './resources/bootparameters.ts';
import { getBootscript, SCRIPT_PATHS } from './resources/bootscript.ts';
import { getMetaData, getUserData, postPhoneHome } from './resources/cloud-init.ts';
import { getDocs } from './resources/docs.ts';
import { getDumpState } from './resources/dump-state.ts';
import { getEndpointHistory } from './resources/endpoint-history.ts';
import { getBootparameters } from './resources/get-bootparameters.ts';
import { getHosts, postHosts } from './resources/hosts.ts';
import { getMetrics } from './resources/metrics.ts';
import { getOpenApi } from './resources/openapi.ts';
import { getReadiness } from './resources/readiness.ts';
import { root } from './resources/root.ts';
import {
  getAllStatus,
  getEtcdStatus,
  getHealth,
  getInventoryStatus,
  getStatus,
  getStorageStatus,
  getVersion,
} from './resources/service-status.ts';
import { postStateChange } from './resources/state-changes.ts';

/**
 * The whole HTTP service, for any runtime: scripts, and behind them everything else. What everything else has around its
 * handlers takes longer than a script.
 */
export function createApp(deps: AppDeps): Hono {
  const scripts = new Hono({ getPath: pathOf });
  const others = createApi(deps);
  const bootscript = getBootscript(deps);
  for (const path of SCRIPT_PATHS) scripts.get(path, bootscript(path));
  scripts.notFound((c) => others.fetch(c.req.raw, c.env, executionOf(c)));
  scripts.onError(refuse('script', deps));
  return scripts;
}

function refuse(kind: ShedKind, deps: AppDeps): ErrorHandler {
  return (error, c) => {
    const { method, path } = c.req;
    const requestId: string = c.get('requestId') ?? requestIdOf(c.req.header('x-request-id'));
    return toResponse(refusal(error, { kind, method, path, requestId }, deps));
  };
}

/** The service but for scripts, whose other methods it refuses. */
export function createApi(deps: AppDeps): Hono {
  const app = new Hono({ getPath: pathOf });
  app.use(requestId());
  app.use(requireHost());
  // Whoever looks how the service is gets an answer whatever else there is to do.
  resource(app, '/health', { GET: getHealth });
  resource(app, '/ready', { GET: getReadiness(deps) });
  resource(app, '/metrics', { GET: getMetrics(deps) });
  for (const path of apiPaths('/service/status')) resource(app, path, { GET: getStatus });
  app.use(limitCrowd());
  app.use(endTurn(deps.runtime));

  const api = (path: string, handlers: Partial<Record<Method, Handler>>): void => {
    for (const full of apiPaths(path)) resource(app, full, handlers);
  };
  const bootscript = getBootscript(deps);
  for (const path of SCRIPT_PATHS) resource(app, path, { GET: bootscript(path) });
  // Scripts do not come so far: they are measured as they go out.
  if (deps.metrics !== undefined) app.use(measureRequests(deps.metrics));
  if (deps.verifier !== undefined) {
    const guard = requireToken({ verifier: deps.verifier, scopes: deps.scopes });
    for (const path of apiPaths('/bootparameters')) app.use(path, guard);
  }
  api('/bootparameters', {
    GET: getBootparameters(deps),
    POST: postBootparameters(deps),
    PUT: putBootparameters(deps),
    PATCH: patchBootparameters(deps),
    DELETE: deleteBootparameters(deps),
  });
  api('/hosts', { GET: getHosts(deps), POST: postHosts(deps) });
  api('/dumpstate', { GET: getDumpState(deps) });
  api('/endpoint-history', { GET: getEndpointHistory(deps) });
  api('/scn', { POST: postStateChange(deps) });
  api('/service/version', { GET: getVersion });
  api('/service/hsm', { GET: getInventoryStatus(deps) });
  api('/service/storage/status', { GET: getStorageStatus(deps) });
  api('/service/etcd', { GET: getEtcdStatus(deps) });
  api('/service/status/all', { GET: getAllStatus(deps) });
  ownInventoryRoutes(app, deps);
  resource(app, '/meta-data', { GET: getMetaData(deps) });
  resource(app, '/user-data', { GET: getUserData(deps) });
  resource(app, '/phone-home', { POST: postPhoneHome(deps) });
  resource(app, '/openapi.json', { GET: getOpenApi(deps) });
  resource(app, '/docs', { GET: getDocs(deps) });
  for (const path of ['/', ...apiPaths('')]) {
    resource(app, path, { GET: root, POST: root, PUT: root, PATCH: root, DELETE: root });
  }

  app.notFound(() => problem(404, 'there is nothing at this path'));
  app.onError(refuse('api', deps));
  return app;
}

/** The path without the slashes at its end. A request's URL is a whole one: it has a path, and no fragment in front of it. */
function pathOf({ url }: Request): string {
  const begin = url.indexOf('/', url.indexOf('//') + 2);
  const query = url.indexOf('?', begin);
  let end = query < 0 ? url.length : query;
  const fragment = url.indexOf('#', begin);
  if (fragment >= 0 && fragment < end) end = fragment;
  while (end > begin + 1 && url.charAt(end - 1) === '/') end--;
  return url.slice(begin, end);
}

/** What a Worker's request has beside it; `undefined` elsewhere, where Hono would throw. */
function executionOf(c: Context): ExecutionContext | undefined {
  try {
    return c.executionCtx;
  } catch {
    return undefined;
  }
}

/** Puts the request's id on its answer, whichever way that came about. */
function requestId(): MiddlewareHandler {
  return async function requestIdHeader(c, next) {
    c.set('requestId', requestIdOf(c.req.header('x-request-id')));
    await next();
    c.res.headers.set('X-Request-Id', c.get('requestId'));
  };
}

function requireHost(): MiddlewareHandler {
  return async function host(c, next) {
    hostOf(c.req.header('host'));
    await next();
  };
}

/** Lets the next large request be worked on once this one has been, whichever way that ended. */
function endTurn(runtime: AppDeps['runtime']): MiddlewareHandler {
  return async function endOfTurn(c, next) {
    await next();
    runtime.endTurn(c);
  };
}
