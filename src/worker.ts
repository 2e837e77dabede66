import type { Hono } from 'hono';
import { consoleLog } from './adapters/log/console-log.ts';
import { neonHttpDriver } from './adapters/store/drivers/neon-http.ts';
import { createStore } from './adapters/store/record-store.ts';
import { appFromSettings } from './compose/app-from-settings.ts';
import { inventoryByUrl } from './compose/inventory-by-url.ts';
import { readSettings, SettingError } from './config.ts';
import { ServiceError } from './core/errors.ts';
import type { Runtime } from './http/client.ts';
import { problemOf } from './http/problem.ts';

type Bindings = Readonly<Record<string, unknown>>;

const runtime: Runtime = {
  peerAddress: (c) => c.req.header('cf-connecting-ip'),
  body: (c) => c.req.raw.body,
};

/** Made at the first request of an isolate; it holds no connection, so requests may share it. */
let app: Hono | undefined;

function makeApp(env: Bindings): Hono {
  const { settings } = readSettings(env);
  if (settings.BSS_STORE !== 'neon') throw new SettingError('BSS_STORE must be neon on Workers');
  if (settings.DATABASE_URL === undefined) throw new SettingError('DATABASE_URL must be set on Workers');
  const log = consoleLog(settings.BSS_DEBUG ? 'debug' : settings.BSS_LOG_LEVEL);
  return appFromSettings(settings, {
    store: createStore(neonHttpDriver(settings.DATABASE_URL)),
    inventory: inventoryByUrl(settings, false, log),
    log,
    scriptLog: (event) => log.debug({ ...event }, 'script'),
    runtime,
  });
}

/** The Workers entry. While a setting is wrong, clients are told to wait, and the log names it. */
export default {
  fetch(request: Request, env: Bindings): Response | Promise<Response> {
    try {
      app ??= makeApp(env);
    } catch (error) {
      if (!(error instanceof SettingError)) throw error;
      console.error(error.message);
      return problemOf(new ServiceError('unavailable', 'the service is not set up yet: its log says why'));
    }
    return app.fetch(request, env);
  },
};
