import { convertV4MiniflareOptions, Miniflare, NoOpLog } from 'miniflare';
import { migrateDatabase } from '../../src/adapters/store/migrate.ts';
import { startNeonEndpoint } from './neon-endpoint.ts';
import { freePort, startPostgres } from './postgres.ts';
import { startWireCounter } from './wire-counter.ts';
import { type WorkerRoad, workerBundle, workerConfig } from './worker-bundle.ts';

/** The Worker as it is deployed, in workerd, with a PostgreSQL where it expects Neon or Hyperdrive. Listens on 127.0.0.1. */
export interface WorkerService {
  readonly url: string;
  readonly port: number;
  /** The PostgreSQL behind it, for node-postgres; the Worker knows it under another name. */
  readonly databaseUrl: string;
  /** What the Worker has written to its console so far, a line each. */
  readonly logs: readonly string[];
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** How often the Worker has gone to the database so far: for a query, or for a batch. */
  databaseRequests(): number;
  /** SIGKILL of workerd. What it kept in memory and in the Cache API is lost. */
  kill(): Promise<void>;
  /** Starts it again on the same port with the same database. */
  restart(): Promise<void>;
  /** Has another isolate take over, as after a deployment: what was in memory is lost, the Cache API's content is not. */
  replaceIsolate(): Promise<void>;
  /** Ends all that it started. */
  stop(): Promise<void>;
}

/** Where the Worker's surroundings differ from a server, a port and a console of its own. */
export interface WorkerServiceOptions {
  /** A database of somebody else's server, which `stop` leaves alone. It is migrated. */
  databaseUrl?: string;
  /** For which road the Worker was made; that of `BSS_STORE`, unless it is said. */
  road?: WorkerRoad;
  /** Another Worker than the service's own: a path from the root of the project. */
  main?: string;
  port?: number;
  /** Called with each line that the Worker writes to its console. */
  onLog?: (line: string) => void;
}

const NEON_URL = 'postgresql://user:pass@ep-test.neon.example/bss';

// Stands between the Worker and the network. A Worker and not a function of ours, so that what the Worker sees of other
// servers (refused connections, redirects, compression) is workerd's doing.
const OUTBOUND = `export default {
  fetch: (request, env) => new URL(request.url).hostname === 'api.neon.example' ? env.NEON.fetch(request) : fetch(request),
}`;

/** Bundles the Worker, prepares its database and runs it with `env` as bindings, beside the vars of wrangler.toml. */
export async function startWorkerService(
  env: Record<string, string>,
  options: WorkerServiceOptions = {},
): Promise<WorkerService> {
  const road = options.road ?? (env.BSS_STORE === 'hyperdrive' ? 'hyperdrive' : 'neon');
  const config = workerConfig(road);
  const { code } = await workerBundle(road, options.main);
  const postgres = options.databaseUrl === undefined ? await startPostgres() : undefined;
  const databaseUrl = options.databaseUrl ?? (await postgres?.createDatabase()) ?? '';
  await migrateDatabase(databaseUrl);
  const endpoint = await startNeonEndpoint(databaseUrl);
  const counter = await startWireCounter(databaseUrl);
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const logs: string[] = [];

  const settings = convertV4MiniflareOptions({
    host: '127.0.0.1',
    port,
    log: new NoOpLog(),
    cf: false,
    telemetry: { enabled: false },
    handleStructuredLogs({ message }) {
      logs.push(message);
      options.onLog?.(message);
    },
    workers: [
      {
        name: 'service',
        modules: [{ type: 'ESModule', path: 'worker.js', contents: code }],
        ...(config.compatibility_date === undefined ? {} : { compatibilityDate: config.compatibility_date }),
        compatibilityFlags: config.compatibility_flags,
        bindings: { ...config.vars, ...env, DATABASE_URL: NEON_URL },
        // A test may have something else under that name.
        ...('HYPERDRIVE' in env ? {} : { hyperdrives: { HYPERDRIVE: counter.url } }),
        outboundService: 'outbound',
        // Miniflare's own assets would send every request through two more Workers.
        serviceBindings: { [config.assets?.binding ?? '']: { disk: { path: config.assets?.directory ?? '' } } },
      },
      {
        name: 'outbound',
        modules: [{ type: 'ESModule', path: 'outbound.js', contents: OUTBOUND }],
        serviceBindings: { NEON: { external: { address: new URL(endpoint.url).host, http: {} } } },
      },
    ],
  });

  async function run(): Promise<Miniflare> {
    const started = new Miniflare(settings);
    await started.ready;
    return started;
  }
  let workerd = await run();

  return {
    url,
    port,
    databaseUrl,
    logs,
    fetch: (path, init) => fetch(new URL(path, url), init),
    databaseRequests: () => endpoint.requests() + counter.transactions(),
    kill: () => workerd.dispose(),
    async restart() {
      await workerd.dispose();
      workerd = await run();
    },
    async replaceIsolate() {
      await workerd.setOptions(settings);
      await workerd.ready;
    },
    async stop() {
      await workerd.dispose();
      await endpoint.close();
      await counter.close();
      await postgres?.stop();
    },
  };
}
