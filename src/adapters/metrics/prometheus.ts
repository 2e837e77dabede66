import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { CallWatch } from '../../ports/call-watch.ts';
import type { Metrics, ShedKind } from '../../ports/metrics.ts';
import type { ScriptLog } from '../../ports/script-log.ts';
import { nodeMetrics } from './node-metrics.ts';
import { createQuickHistogram } from './quick-histogram.ts';
import { type Sources, sourceMetrics } from './source-metrics.ts';

/** Upper bounds, in seconds: scripts come from memory, what is called may take as long as it is waited for. */
const QUICK = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const SLOW = [0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What is measured for Prometheus. */
export type Prometheus = Metrics & {
  /** Takes note of a script that went out. */
  readonly script: ScriptLog;
  /** Watches what is asked of the database. */
  readonly database: CallWatch;
  /** Watches what is asked of SMD. */
  readonly smd: CallWatch;
  /** Begins to read these at each scrape. */
  readFrom(sources: Sources): void;
};

/** Nothing measured yet. Names begin with `bss_`, but for those that every program on Node has. */
export function createPrometheus(): Prometheus {
  const registry = new Registry();
  const registers = [registry];
  const scripts = new Map<string, { sent: number }>();
  const scriptSeconds = createQuickHistogram(
    'bss_script_duration_seconds',
    'How long scripts took that went out.',
    QUICK,
  );
  new Counter({
    name: 'bss_scripts_total',
    help: 'Scripts that went out, by why they are as they are.',
    labelNames: ['decision'],
    registers,
    collect() {
      this.reset();
      for (const [decision, { sent }] of scripts) this.inc({ decision }, sent);
    },
  });
  const requestSeconds = new Histogram({
    name: 'bss_api_request_duration_seconds',
    help: 'How long requests of the API took, by the pattern of their path.',
    labelNames: ['route', 'method', 'status'],
    buckets: SLOW,
    registers,
  });
  const sheds = new Counter({
    name: 'bss_shed_requests_total',
    help: 'Requests that were turned away because there were too many.',
    labelNames: ['kind'],
    registers,
  });
  const shedBy = { script: sheds.labels('script'), api: sheds.labels('api') } satisfies Record<ShedKind, unknown>;
  for (const child of Object.values(shedBy)) child.inc(0);
  let remembered = 0;
  new Counter({
    name: 'bss_scripts_remembered_total',
    help: 'Scripts for which nothing was looked up: what the node boots had been worked out, and nothing was new.',
    registers,
    collect() {
      this.reset();
      this.inc(remembered);
    },
  });
  const requests = new Map<string, Histogram.Internal<string>>();
  nodeMetrics(registry);

  return {
    script({ decision, milliseconds }) {
      const count = scripts.get(decision);
      if (count === undefined) scripts.set(decision, { sent: 1 });
      else count.sent += 1;
      scriptSeconds.observe(milliseconds / 1000);
    },
    request(route, method, status, milliseconds) {
      const key = `${status} ${method} ${route}`;
      const histogram = requests.get(key) ?? requestSeconds.labels(route, method, `${Math.floor(status / 100)}xx`);
      requests.set(key, histogram);
      histogram.observe(milliseconds / 1000);
    },
    remembered() {
      remembered += 1;
    },
    shed: (kind) => shedBy[kind].inc(),
    database: callMetrics(registry, 'bss_database_call_duration_seconds', 'How long the database took to answer.'),
    smd: callMetrics(registry, 'bss_smd_call_duration_seconds', 'How long SMD took to answer, by list.'),
    readFrom: (sources) => sourceMetrics(registry, sources),
    async read() {
      return { text: `${await registry.metrics()}\n${scriptSeconds.text()}`, type: registry.contentType };
    },
  };
}

/** A watch that measures how long calls take, by their name and what became of them. */
function callMetrics(registry: Registry, name: string, help: string): CallWatch {
  const seconds = new Histogram({
    name,
    help,
    labelNames: ['call', 'outcome'],
    buckets: SLOW,
    registers: [registry],
  });
  const underWay = new Gauge({
    name: name.replace('call_duration_seconds', 'calls_in_flight'),
    help: 'Calls that have not been answered yet.',
    registers: [registry],
  });
  underWay.set(0);
  return (call) => {
    const begun = performance.now();
    underWay.inc();
    return (outcome) => {
      underWay.dec();
      seconds.observe({ call, outcome }, (performance.now() - begun) / 1000);
    };
  };
}
