import { Counter, collectDefaultMetrics, type Registry } from 'prom-client';

/** Milliseconds between two looks at how late the event loop is. Each wakes the process: so it takes a thousandth of a core. */
const PRECISION = 50;

/** They list every connection at each scrape: with 10,000 of them that stops all else for 0.1 s. `bss_connections` tells enough. */
const COSTLY = [
  'process_open_fds',
  'nodejs_active_handles',
  'nodejs_active_handles_total',
  'nodejs_active_requests',
  'nodejs_active_requests_total',
  'nodejs_active_resources',
  'nodejs_active_resources_total',
];

/** What every program on Node tells of its memory, its processor time and its event loop, and how busy that is. */
export function nodeMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: PRECISION });
  for (const name of COSTLY) registry.removeSingleMetric(name);
  new Counter({
    name: 'bss_event_loop_active_seconds_total',
    help: 'Seconds for which the event loop was not waiting: its rate is how busy it is, from 0 to 1.',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(performance.eventLoopUtilization().active / 1000);
    },
  });
}
