import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { requestId } from 'hono/request-id';
import { ServiceError } from '../core/errors.ts';
import { deleteBootparameters, patchBootparameters, postBootparameters, putBootparameters } from './bootparameters.ts';
import { getBootscript } from './bootscript.ts';
import type { AppDeps } from './deps.ts';
import { getBootparameters } from './get-bootparameters.ts';
import { requireHost } from './host.ts';
import { problem, problemOf } from './problem.ts';
import { apiPaths, type Handler, type Method, resource } from './resource.ts';
import { getHealth, getStatus, getVersion, root } from './service-info.ts';

/** The whole HTTP service, for any runtime. */
export function createApp(deps: AppDeps): Hono {
  const app = new Hono({ getPath: pathOf });
  app.use(requestId());
  app.use(answerRequestId());
  app.use(requireHost());

  const api = (path: string, handlers: Partial<Record<Method, Handler>>): void => {
    for (const full of apiPaths(path)) resource(app, full, handlers);
  };
  for (const path of [...apiPaths('/bootscript'), '/bootscript', '/boot-service/bootscript']) {
    resource(app, path, { GET: getBootscript(path, deps) });
  }
  api('/bootparameters', {
    GET: getBootparameters(deps),
    POST: postBootparameters(deps),
    PUT: putBootparameters(deps),
    PATCH: patchBootparameters(deps),
    DELETE: deleteBootparameters(deps),
  });
  api('/service/status', { GET: getStatus });
  api('/service/version', { GET: getVersion });
  resource(app, '/health', { GET: getHealth });
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
