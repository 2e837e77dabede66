import { expect, it } from 'vitest';
import { createPrometheus } from '../../src/adapters/metrics/prometheus.ts';
import type { Readiness } from '../../src/ports/readiness.ts';
import { readExposition, sampleValue } from '../support/exposition.ts';

const read = async (metrics: ReturnType<typeof createPrometheus>) => readExposition((await metrics.read()).text);
const script = (decision: string, milliseconds: number) => ({
  ...{ node: 'x', xname: undefined, retry: 0, ipxeError: undefined },
  ...{ decision, milliseconds },
});

it('counts scripts by decision, and measures them in seconds', async () => {
  const metrics = createPrometheus();
  metrics.script(script('node', 0.4));
  metrics.script(script('node', 30));
  metrics.script(script('unknown', 1));
  const samples = await read(metrics);
  expect(sampleValue(samples, 'bss_scripts_total', { decision: 'node' })).toBe(2);
  expect(sampleValue(samples, 'bss_scripts_total', { decision: 'unknown' })).toBe(1);
  expect(sampleValue(samples, 'bss_script_duration_seconds_count')).toBe(3);
  expect(sampleValue(samples, 'bss_script_duration_seconds_sum')).toBeCloseTo(0.0314);
  expect(sampleValue(samples, 'bss_script_duration_seconds_bucket', { le: '0.0005' })).toBe(1);
});

it('tells of what was shed, also while that is nothing', async () => {
  const metrics = createPrometheus();
  metrics.shed('script');
  const samples = await read(metrics);
  expect(sampleValue(samples, 'bss_shed_requests_total', { kind: 'script' })).toBe(1);
  expect(sampleValue(samples, 'bss_shed_requests_total', { kind: 'api' })).toBe(0);
});

it('measures calls by name and outcome, and counts those under way', async () => {
  const metrics = createPrometheus();
  const ended = metrics.database('look');
  metrics.database('look');
  metrics.smd('components')('unavailable');
  ended('ok');
  const samples = await read(metrics);
  expect(sampleValue(samples, 'bss_database_calls_in_flight')).toBe(1);
  const [ok, away] = [
    { call: 'look', outcome: 'ok' },
    { call: 'components', outcome: 'unavailable' },
  ];
  expect(sampleValue(samples, 'bss_database_call_duration_seconds_count', ok)).toBe(1);
  expect(sampleValue(samples, 'bss_smd_call_duration_seconds_count', away)).toBe(1);
});

it('has no age of a part that cannot serve', async () => {
  const metrics = createPrometheus();
  let store: Readiness = { isReady: true, age: 7 };
  metrics.readFrom({
    readiness: { store: async () => store, inventory: async () => ({ isReady: true, age: 0 }) },
    nodes: undefined,
    storeLookUps: () => ({ memory: 3 }),
    inventoryLookUps: () => ({}),
    pools: {},
    historyWaiting: () => 0,
    connections: async () => 0,
    requestsInFlight: () => 0,
    responses: () => [['script', '503', 2]],
    version: '1',
  });
  const before = await read(metrics);
  expect(sampleValue(before, 'bss_age_seconds', { part: 'store' })).toBe(7);
  expect(sampleValue(before, 'bss_store_lookups_total', { way: 'memory' })).toBe(3);
  expect(sampleValue(before, 'bss_http_responses_total', { kind: 'script', status: '503' })).toBe(2);
  store = { isReady: false, reason: 'it is away' };
  const after = await read(metrics);
  expect(sampleValue(after, 'bss_ready', { part: 'store' })).toBe(0);
  expect(sampleValue(after, 'bss_age_seconds', { part: 'store' })).toBeUndefined();
  // What is read at each scrape is not added up.
  expect(sampleValue(after, 'bss_store_lookups_total', { way: 'memory' })).toBe(3);
});
