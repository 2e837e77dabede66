import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { requestId } from 'hono/request-id';
import { ServiceError } from '../core/errors.ts';
import { requireToken } from './authorize.ts';
import type { AppDeps } from './deps.ts';
import { requireHost } from './host.ts';
import { measureRequests } from './measure-requests.ts';
import { ownInventoryRoutes } from './own-inventory-routes.ts';
import { problem, problemOf } from './problem.ts';
import { apiPaths, type Handler, type Method, resource } from './resource.ts';
import {
  deleteBootparameters,
  patchBootparameters,
  postBootparameters,
  putBootparameters,
} from './resources/bootparameters.ts';
import { getBootscript } from './resources/bootscript.ts';
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

/** The whole HTTP service, for any runtime. */
export function createApp(deps: AppDeps): Hono {
  const app = new Hono({ getPath: pathOf });
  app.use(requestId());
  app.use(answerRequestId());
  app.use(requireHost());
  app.use(endTurn(deps.runtime));

  const api = (path: string, handlers: Partial<Record<Method, Handler>>): void => {
    for (const full of apiPaths(path)) resource(app, full, handlers);
  };
  for (const path of [...apiPaths('/bootscript'), '/bootscript', '/boot-service/bootscript']) {
    resource(app, path, { GET: getBootscript(path, deps) });
  }
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
  api('/service/status', { GET: getStatus });
  api('/service/version', { GET: getVersion });
  api('/service/hsm', { GET: getInventoryStatus(deps) });
  api('/service/storage/status', { GET: getStorageStatus(deps) });
  api('/service/etcd', { GET: getEtcdStatus(deps) });
  api('/service/status/all', { GET: getAllStatus(deps) });
  ownInventoryRoutes(app, deps);
  resource(app, '/meta-data', { GET: getMetaData(deps) });
  resource(app, '/user-data', { GET: getUserData(deps) });
  resource(app, '/phone-home', { POST: postPhoneHome(deps) });
  resource(app, '/health', { GET: getHealth });
  resource(app, '/ready', { GET: getReadiness(deps) });
  resource(app, '/metrics', { GET: getMetrics(deps) });
  resource(app, '/openapi.json', { GET: getOpenApi });
  resource(app, '/docs', { GET: getDocs });
  for (const path of ['/', ...apiPaths('')]) {
    resource(app, path, { GET: root, POST: root, PUT: root, PATCH: root, DELETE: root });
  }

  app.notFound(() => problem(404, 'there is nothing at this path'));
  app.onError((error, c) => {
    logRefusal(c, deps.log, error);
    return problemOf(error);
  });
  return app;
}

/** The path without the slashes at its end. */
function pathOf(request: Request): string {
  const path = new URL(request.url).pathname;
  let end = path.length;
  while (end > 1 && path.charAt(end - 1) === '/') end--;
  return path.slice(0, end);
}

/** Lets the next large request be worked on once this one has been, whichever way that ended. */
function endTurn(runtime: AppDeps['runtime']): MiddlewareHandler {
  return async function endOfTurn(c, next) {
    await next();
    runtime.endTurn(c);
  };
}

/** Puts the request's id on its answer, whichever way that came about. */
function answerRequestId(): MiddlewareHandler {
  return async function requestIdHeader(c, next) {
    await next();
    c.res.headers.set('X-Request-Id', c.get('requestId'));
  };
}

/** Outages without a stack, for there may be thousands; what is refused for the log's sake; faults with all there is. */
function logRefusal(c: Context, log: AppDeps['log'], error: unknown): void {
  const fields = { method: c.req.method, path: c.req.path, requestId: c.get('requestId') };
  if (!(error instanceof ServiceError)) log.error(fields, 'a fault of the program', error);
  else if (error.code !== 'unavailable') log.info({ ...fields, reason: error.message }, 'refused');
  else log.error({ ...fields, reason: error.cause instanceof Error ? error.cause.message : undefined }, error.message);
}
