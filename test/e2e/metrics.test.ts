import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { readExposition, type Sample, sampleValue } from '../support/exposition.ts';
import { send } from '../support/http-client.ts';
import { type NodeProcess, spawnNode, until } from '../support/node-process.ts';
import { freshDatabase } from '../support/postgres.ts';
import { type SmdSimulator, startSmd } from '../support/smd-simulator.ts';

const PARAMETERS = '/boot/v1/bootparameters';
const SCRIPT = '/boot/v1/bootscript';

let smd: SmdSimulator;
let service: NodeProcess;
beforeAll(async () => {
  smd = await startSmd({ nodes: [{ xname: 'x0c0s0b0n0', macs: ['02:00:00:00:00:01'] }] });
  service = await spawnNode({ DATABASE_URL: await freshDatabase(inject('postgresUrl')), HSM_URL: smd.url });
  await until(
    () => send(service.origin, 'GET', '/ready'),
    ({ status }) => status === 200,
  );
});
afterAll(async () => {
  service.signal('SIGTERM');
  await service.exitCode();
  await smd.stop();
});

async function scrape(): Promise<Sample[]> {
  const { status, headers, text } = await send(service.origin, 'GET', '/metrics');
  expect([status, headers['content-type']]).toEqual([200, expect.stringContaining('text/plain; version=0.0.4')]);
  return readExposition(text);
}

it('tells Prometheus of all that it does [service.metrics]', async () => {
  const record = { macs: ['02:00:00:00:00:01'], kernel: 'http://files/k' };
  expect((await send(service.origin, 'PUT', PARAMETERS, record)).status).toBeLessThan(300);
  await send(service.origin, 'GET', `${SCRIPT}?mac=02:00:00:00:00:01`);
  await send(service.origin, 'GET', `${SCRIPT}?mac=02:00:00:00:00:99`);
  await send(service.origin, 'GET', PARAMETERS);
  const samples = await scrape();
  const about = (name: string, labels?: Record<string, string>) => sampleValue(samples, name, labels);
  expect(about('bss_scripts_total', { decision: 'node' })).toBe(1);
  expect(about('bss_scripts_total', { decision: 'unknown' })).toBe(1);
  expect(about('bss_script_duration_seconds_count')).toBe(2);
  const request = { route: PARAMETERS, method: 'PUT', status: '2xx' };
  expect(about('bss_api_request_duration_seconds_count', request)).toBe(1);
  expect(about('bss_http_responses_total', { kind: 'script', status: '2xx' })).toBe(2);
  expect(about('bss_ready', { part: 'store' })).toBe(1);
  expect(about('bss_age_seconds', { part: 'inventory' })).toBeGreaterThanOrEqual(0);
  expect(about('bss_inventory_nodes')).toBe(1);
  expect(about('bss_inventory_lookups_total', { way: 'memory' })).toBeGreaterThanOrEqual(1);
  expect(about('bss_inventory_lookups_total', { way: 'source' })).toBe(1);
  expect(about('bss_database_call_duration_seconds_count', { call: 'write', outcome: 'ok' })).toBe(1);
  expect(about('bss_database_connections', { pool: 'requests', state: 'idle' })).toBeGreaterThanOrEqual(1);
  const list = { call: 'all_components', outcome: 'ok' };
  expect(about('bss_smd_call_duration_seconds_count', list)).toBeGreaterThanOrEqual(1);
  expect(about('bss_connections')).toBeGreaterThanOrEqual(1);
  // The scrape itself.
  expect(about('bss_requests_in_flight')).toBe(1);
  expect(about('bss_event_loop_active_seconds_total')).toBeGreaterThan(0);
  expect(about('process_resident_memory_bytes')).toBeGreaterThan(1e6);
});

it('tells how many scripts needed no look, since they were worked out before they were asked for', async () => {
  const count = async (name: string, labels?: Record<string, string>) => sampleValue(await scrape(), name, labels) ?? 0;
  const looks = () => count('bss_store_lookups_total', { way: 'memory' });
  const record = { macs: ['02:00:00:00:00:01'], kernel: 'http://files/other' };
  expect((await send(service.origin, 'PUT', PARAMETERS, record)).status).toBeLessThan(300);
  const before = await looks();
  await until(looks, (now) => now > before);
  const remembered = await count('bss_scripts_remembered_total');
  const { text } = await send(service.origin, 'GET', `${SCRIPT}?mac=02:00:00:00:00:01`);
  expect(text).toContain('http://files/other');
  expect(await count('bss_scripts_remembered_total')).toBe(remembered + 1);
});

it('makes a label of nothing that a client wrote [service.metrics-bounded]', async () => {
  for (const path of [
    '/made-up',
    '/boot/v1/made-up',
    '/hsm/v2/State/Components/made-up',
    `${PARAMETERS}?mac=made-up`,
  ]) {
    await send(service.origin, 'GET', path);
    await send(service.origin, 'PURGE', path);
  }
  await send(service.origin, 'GET', `/made-up${SCRIPT}`);
  await send(service.origin, 'GET', `${SCRIPT}?mac=made-up`);
  const labels = (await scrape()).flatMap((sample) => Object.values(sample.labels));
  expect(labels).toContain(PARAMETERS);
  expect(labels.filter((label) => /made-up|PURGE/.test(label))).toEqual([]);
});

it('tells of an SMD that is away by what became of the calls, and by the age', async () => {
  smd.mode = 'refuse';
  const samples = await until(
    scrape,
    (now) => (sampleValue(now, 'bss_age_seconds', { part: 'inventory' }) ?? 0) > 9,
    30,
  );
  const away = { call: 'all_components', outcome: 'unavailable' };
  expect(sampleValue(samples, 'bss_smd_call_duration_seconds_count', away)).toBeGreaterThanOrEqual(1);
  expect(sampleValue(samples, 'bss_ready', { part: 'inventory' })).toBe(1);
});
