import type { Server } from 'node:http';
import { queuedHistory } from './adapters/history/queued-history.ts';
import { pinoLog } from './adapters/log/pino-log.ts';
import { scriptTally } from './adapters/log/script-tally.ts';
import { thinnedLog } from './adapters/log/thinned-log.ts';
import { SchemaError } from './adapters/store/migrate.ts';
import { depsFromSettings } from './compose/app-from-settings.ts';
import { readSettings, SettingError } from './config.ts';
import { packagedDocument } from './node/document.ts';
import { openNodeInventory } from './node/inventory.ts';
import { keepTick } from './node/keep-tick.ts';
import { openObservation, toBoth } from './node/observation.ts';
import { createNodeServer, nodeRuntime } from './node/server.ts';
import { openStore } from './node/store.ts';
import { createVerdictMemory } from './service/verdict-memory.ts';
import { VERSION } from './version.ts';

/**
 * So many connections may wait to be taken: nodes that are powered on together come together, and one for whom there is no
 * room tries again after a second, then after ever more.
 */
const BACKLOG = 4096;
/** Milliseconds that requests under way have when the service is stopped. */
const GRACE = 10_000;

/** Runs the service as the environment says, until SIGTERM or SIGINT. It listens at once, whatever else is away. */
async function main(): Promise<void> {
  keepTick();
  const { settings, ignored } = readSettings(process.env);
  const log = thinnedLog(pinoLog(settings.BSS_DEBUG ? 'debug' : settings.BSS_LOG_LEVEL));
  if (settings.BSS_INSECURE) {
    log.warn({}, 'BSS_INSECURE: the certificates of other servers are not checked');
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  }
  const observation = await openObservation(process.env, VERSION, log);
  const inventory = openNodeInventory(settings, log, observation.smd);
  const opened = openStore(settings, log, observation.database);
  const { store, accesses, copy, own, ready, close } = opened;
  const history = queuedHistory(accesses, true);
  const tally = scriptTally(log);
  const parts = {
    store,
    inventory: inventory?.inventory,
    own,
    history,
    log,
    scriptLog: toBoth(tally.note, observation.script),
    metrics: observation.metrics,
    runtime: nodeRuntime,
    document: packagedDocument,
    sharing: true,
  };
  const deps = depsFromSettings(settings, parts);
  const verdicts = createVerdictMemory(
    { store, inventory: deps.inventory, own: deps.own, settings: deps.script },
    observation.metrics.remembered,
  );
  const server = createNodeServer({ ...deps, verdicts });
  observation.follow(server, opened, inventory, history);

  if (ignored.length > 0) log.warn({ settings: ignored.join(' ') }, 'these settings are ignored');
  if (settings.BSS_JWKS_URL === undefined) log.warn({}, 'the API is open: no token is asked for');
  const { host, port } = settings.BSS_HTTP_LISTEN;
  server.on('error', (error) => fail(`BSS_HTTP_LISTEN cannot be listened on: ${error.message}`));
  server.listen({ port, host: host === '' ? undefined : host, backlog: BACKLOG }, () => {
    log.info({ version: VERSION, host, port }, 'listening');
  });
  ready.then(
    () => log.info({}, 'the store is up'),
    (error) => fail(error instanceof SchemaError ? error.message : `the store cannot be opened: ${error}`),
  );

  inventory?.start(copy);
  const everySecond = setInterval(() => {
    tally.summarise();
    void verdicts.workAhead();
    // What cannot be written goes on waiting; the outage itself is told by those who meet it.
    history.flushSome().catch((error) => log.debug({ reason: String(error) }, 'accesses wait for the database'));
  }, 1000);
  const stop = (signal: string): void => {
    log.info({ signal }, 'stopping');
    clearInterval(everySecond);
    closeServer(server)
      .then(() => history.flush().catch((error) => log.error({}, 'the last accesses are lost', error)))
      .then(() => inventory?.stop())
      .then(close)
      .then(observation.stop)
      .then(
        () => process.exit(0),
        (error) => fail(`the store was not closed: ${error}`),
      );
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop(signal));
}

/** Takes no new connections and waits for requests under way. */
function closeServer(server: Server): Promise<void> {
  const cut = setTimeout(() => server.closeAllConnections(), GRACE);
  return new Promise((resolve) => {
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
  });
}

function fail(reason: string): never {
  process.stderr.write(`bss-edge: ${reason}\n`);
  process.exit(1);
}

main().catch((error) => {
  if (!(error instanceof SettingError)) throw error;
  fail(error.message);
});
