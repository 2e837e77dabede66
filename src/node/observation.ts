import type { Server } from 'node:http';
import type { QueuedHistory } from '../adapters/history/queued-history.ts';
import { noInventoryLookUps } from '../adapters/look-ups.ts';
import { createPrometheus } from '../adapters/metrics/prometheus.ts';
import { type Tracing, wantsTraces } from '../adapters/tracing/tracing.ts';
import { watchBy } from '../adapters/watched-call.ts';
import type { CallWatch } from '../ports/call-watch.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { ScriptLog } from '../ports/script-log.ts';
import type { OpenInventory } from './inventory.ts';
import { servedRequests } from './served-requests.ts';
import type { OpenStore } from './store.ts';

/** All by which the service is seen from outside: metrics, and traces where they are wanted. */
export type Observation = {
  readonly metrics: Metrics;
  readonly script: ScriptLog;
  readonly database: CallWatch;
  readonly smd: CallWatch;
  /** Begins to look at what a server answers, and to read at each scrape what the parts tell of themselves. */
  follow(server: Server, store: OpenStore, inventory: OpenInventory | undefined, history: QueuedHistory): void;
  /** Sends what has not been sent yet. */
  stop(): Promise<void>;
};

/** Begins to observe, with traces when the environment asks for them: only then what makes them is loaded. */
export async function openObservation(
  environment: Readonly<Record<string, string | undefined>>,
  version: string,
  log: Log,
): Promise<Observation> {
  const prometheus = createPrometheus();
  const tracing = wantsTraces(environment) ? await openTracing(version, log) : undefined;
  return {
    metrics: tracing === undefined ? prometheus : withRoutes(prometheus, tracing),
    script: tracing === undefined ? prometheus.script : toBoth(prometheus.script, tracing.script),
    database: tracing === undefined ? prometheus.database : watchBy(prometheus.database, tracing.database),
    smd: tracing === undefined ? prometheus.smd : watchBy(prometheus.smd, tracing.smd),
    follow(server, { store, lookUps, pools }, inventory, history) {
      const { connections, inFlight, responses } = servedRequests(server);
      tracing?.follow(server);
      prometheus.readFrom({
        readiness: { store: store.readiness, inventory: inventory?.inventory.readiness ?? store.readiness },
        nodes: inventory?.nodes,
        storeLookUps: lookUps,
        inventoryLookUps: () => inventory?.lookUps ?? noInventoryLookUps(),
        pools,
        historyWaiting: history.waiting,
        connections,
        requestsInFlight: inFlight,
        responses,
        version,
      });
    },
    stop: async () => tracing?.stop(),
  };
}

/** Tells each script to both. */
export function toBoth(one: ScriptLog, other: ScriptLog): ScriptLog {
  return (event) => {
    one(event);
    other(event);
  };
}

async function openTracing(version: string, log: Log): Promise<Tracing> {
  const { otlpTracing } = await import('../adapters/tracing/otlp-tracing.ts');
  log.info({}, 'requests are traced');
  return otlpTracing(version, log);
}

/** Metrics that have the trace of a request know its route too. */
function withRoutes(metrics: Metrics, tracing: Tracing): Metrics {
  return {
    ...metrics,
    request(route, ...rest) {
      tracing.route(route);
      metrics.request(route, ...rest);
    },
  };
}
