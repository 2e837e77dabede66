import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { send } from '../support/http-client.ts';
import { type NodeProcess, spawnNode, until } from '../support/node-process.ts';
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '../support/otlp-receiver.ts';
import { freshDatabase } from '../support/postgres.ts';
import { type SmdSimulator, startSmd } from '../support/smd-simulator.ts';

const PARAMETERS = '/boot/v1/bootparameters';
const SCRIPT = '/boot/v1/bootscript';
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';

let receiver: OtlpReceiver;
let smd: SmdSimulator;
beforeAll(async () => {
  receiver = await startOtlpReceiver();
  smd = await startSmd({ nodes: [{ xname: 'x0c0s0b0n0', macs: ['02:00:00:00:00:01'] }] });
});
beforeEach(() => {
  receiver.spans.length = 0;
});
afterAll(async () => {
  await smd.stop();
  await receiver.stop();
});

async function serve<Answer>(
  settings: Record<string, string>,
  use: (service: NodeProcess) => Promise<Answer>,
): Promise<Answer> {
  const database = { DATABASE_URL: await freshDatabase(inject('postgresUrl')), HSM_URL: smd.url };
  const service = await spawnNode({ ...database, OTEL_BSP_SCHEDULE_DELAY: '100', ...settings });
  try {
    await until(
      () => send(service.origin, 'GET', '/ready'),
      ({ status }) => status === 200,
    );
    return await use(service);
  } finally {
    service.signal('SIGTERM');
    expect(await service.exitCode()).toBe(0);
  }
}

const named = (name: string): ReceivedSpan[] => receiver.spans.filter((span) => span.name === name);
const traced = (flags: string) => ({ traceparent: `00-${TRACE}-${PARENT}-${flags}` });
const record = { macs: ['02:00:00:00:00:01'], kernel: 'http://files/k' };

async function askedInATrace({ origin }: NodeProcess): Promise<void> {
  expect((await send(origin, 'PUT', PARAMETERS, record, traced('01'))).status).toBeLessThan(300);
  await send(origin, 'GET', `${SCRIPT}?mac=02:00:00:00:00:01`);
  await send(origin, 'GET', `${SCRIPT}?mac=02:00:00:00:00:77`, undefined, traced('01'));
}

it('sends spans of requests, and of the calls of database and SMD beneath them', async () => {
  await serve({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }, askedInATrace);
  const [put] = named(`PUT ${PARAMETERS}`);
  expect(put).toMatchObject({
    ...{ traceId: TRACE, parentSpanId: PARENT, status: 0 },
    attributes: { 'http.route': PARAMETERS, 'http.response.status_code': expect.any(Number), 'url.path': PARAMETERS },
    resource: { 'service.name': 'bss-edge', 'telemetry.sdk.language': 'nodejs' },
  });
  const [write] = named('database write');
  expect(write).toMatchObject({ traceId: TRACE, parentSpanId: put?.spanId, attributes: { 'bss.call': 'write' } });
  const scripts = named('GET /bootscript');
  const [alone, inTrace] = [scripts.find(({ traceId }) => traceId !== TRACE), scripts.find((s) => s.traceId === TRACE)];
  expect(alone).toMatchObject({ parentSpanId: '', attributes: { 'bss.decision': 'node', 'bss.xname': 'x0c0s0b0n0' } });
  expect(inTrace).toMatchObject({ parentSpanId: PARENT, attributes: { 'bss.decision': 'unknown' } });
  // Who is not in memory is looked for in SMD, beneath the request.
  const looks = receiver.spans.filter(
    ({ name, parentSpanId }) => /^smd /.test(name) && parentSpanId === inTrace?.spanId,
  );
  expect(looks.length).toBeGreaterThan(0);
  // Neither what is done in the background nor a probe begins a trace.
  expect(receiver.spans.filter(({ name, parentSpanId }) => parentSpanId === '' && !/bootscript/.test(name))).toEqual(
    [],
  );
});

it('goes by the other variables', async () => {
  const settings = {
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${receiver.url}/v1/traces`,
    OTEL_SERVICE_NAME: 'boot',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=lab',
    OTEL_TRACES_SAMPLER: 'parentbased_always_off',
  };
  await serve(settings, askedInATrace);
  expect(new Set(receiver.spans.map(({ traceId }) => traceId))).toEqual(new Set([TRACE]));
  const resource = { 'service.name': 'boot', 'deployment.environment.name': 'lab' };
  expect(receiver.spans[0]?.resource).toMatchObject(resource);
});

it('calls a request that failed an error, with what failed beneath it', async () => {
  await serve({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }, async ({ origin }) => {
    smd.mode = 'refuse';
    const asked = await send(origin, 'GET', `${SCRIPT}?mac=02:00:00:00:00:77`).finally(() => {
      smd.mode = 'healthy';
    });
    expect(asked.status).toBe(503);
  });
  const [failed] = receiver.spans.filter(({ attributes }) => attributes['http.response.status_code'] === 503);
  const script = { 'url.path': SCRIPT, 'error.type': '503' };
  expect(failed).toMatchObject({ name: 'GET', status: 2, attributes: script });
  const calls = receiver.spans.filter(({ parentSpanId }) => parentSpanId === failed?.spanId);
  expect(calls.map(({ status, attributes }) => [status, attributes['error.type']])).toContainEqual([2, 'unavailable']);
});

it.each([
  ['without any of them', {}],
  ['when they disable it', { OTEL_SDK_DISABLED: 'true', OTEL_EXPORTER_OTLP_ENDPOINT: 'set' }],
  ['when they name no exporter', { OTEL_TRACES_EXPORTER: 'none', OTEL_EXPORTER_OTLP_ENDPOINT: 'set' }],
])('sends nothing %s', async (_, variables: Record<string, string>) => {
  const settings = Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, value === 'set' ? receiver.url : value]),
  );
  const output = await serve(settings, async (service) => {
    await askedInATrace(service);
    return service.output();
  });
  expect(receiver.spans).toEqual([]);
  expect(output).not.toContain('requests are traced');
});

it('goes on, and says it seldom, when nobody takes the spans', async () => {
  const nobody = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_EXPORTER_OTLP_TIMEOUT: '500' };
  const output = await serve(nobody, async (service) => {
    for (let time = 0; time < 5; time++) await askedInATrace(service);
    return until(
      async () => service.output(),
      (text) => text.includes('traces cannot be sent'),
    );
  });
  expect(output.match(/traces cannot be sent/g)).toHaveLength(1);
});
