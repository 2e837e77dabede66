import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type Attributes,
  DiagLogLevel,
  defaultTextMapGetter,
  diag,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { getNumberFromEnv, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { CallWatch } from '../../ports/call-watch.ts';
import type { Log } from '../../ports/log.ts';
import { inTime } from '../deadline.ts';
import { seldomWarning } from '../log/seldom-warning.ts';
import { isProbe } from '../probes.ts';
import { samplerOf } from './sampler.ts';
import type { Tracing } from './tracing.ts';

/** Milliseconds that the last spans may take on their way. */
const LAST = 3000;

/**
 * Traces over OTLP (HTTP, Protobuf), as OpenTelemetry's variables say. Import this only where they are wanted: it takes
 * time and memory. Nothing is patched: spans are made by who knows of what.
 */
export function otlpTracing(version: string, log: Log): Tracing {
  const warn = seldomWarning(log, 'traces cannot be sent');
  const note = (message: string): void => warn({ reason: message.slice(0, 500) });
  diag.setLogger({ error: note, warn: note, info() {}, debug() {}, verbose() {} }, DiagLogLevel.WARN);

  const protocol = process.env.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL || process.env.OTEL_EXPORTER_OTLP_PROTOCOL;
  if (protocol && protocol !== 'http/protobuf') note(`they are sent by http/protobuf, not by ${protocol}`);
  const own = resourceFromAttributes({ 'service.name': 'bss-edge', 'service.version': version });
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(own)
      .merge(detectResources({ detectors: [envDetector] })),
    sampler: samplerOf(process.env, note),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter(), ...batchesOf() })],
  });
  const tracer = provider.getTracer('bss-edge', version);
  const propagator = new W3CTraceContextPropagator();
  const requests = new AsyncLocalStorage<{ readonly span: Span; readonly method: string } | undefined>();

  function begin(request: IncomingMessage, response: ServerResponse): void {
    const method = request.method ?? '';
    const [path = ''] = (request.url ?? '').split('?');
    if (isProbe(path)) return void requests.enterWith(undefined);
    const attributes: Attributes = { 'http.request.method': method, 'url.path': path, 'url.scheme': 'http' };
    const parent = propagator.extract(ROOT_CONTEXT, request.headers, defaultTextMapGetter);
    const span = tracer.startSpan(method, { kind: SpanKind.SERVER, attributes }, parent);
    response.once('close', () => {
      span.setAttribute('http.response.status_code', response.statusCode);
      if (response.statusCode >= 500) fail(span, String(response.statusCode));
      if (!response.writableFinished) fail(span, 'aborted');
      span.end();
    });
    // For all that is done for this request from here on.
    requests.enterWith({ span, method });
  }

  /** Calls that nobody waits for, such as those of the background, are no part of any trace. */
  function callsOf(system: string, attributes: Attributes): CallWatch {
    return (call) => {
      const request = requests.getStore()?.span;
      if (!request?.isRecording()) return () => {};
      const span = tracer.startSpan(
        `${system} ${call}`,
        { kind: SpanKind.CLIENT, attributes: { ...attributes, 'bss.call': call } },
        trace.setSpan(ROOT_CONTEXT, request),
      );
      return (outcome) => {
        if (outcome !== 'ok') fail(span, outcome);
        span.end();
      };
    };
  }

  /** Names the span of the request after its route; answers it when there is one that is kept. */
  function name(route: string): Span | undefined {
    const request = requests.getStore();
    if (!request?.span.isRecording()) return undefined;
    request.span.setAttribute('http.route', route);
    return request.span.updateName(`${request.method} ${route}`);
  }

  return {
    follow: (server) => void server.prependListener('request', begin),
    route: (route) => void name(route),
    script({ node, xname, decision, retry }) {
      const span = name('/bootscript');
      span?.setAttributes({ 'bss.node': node, 'bss.decision': decision, 'bss.retry': retry });
      if (xname !== undefined) span?.setAttribute('bss.xname', xname);
    },
    database: callsOf('database', { 'db.system.name': 'postgresql' }),
    smd: callsOf('smd', { 'peer.service': 'smd' }),
    stop: () => inTime(provider.shutdown(), LAST).catch((error) => note(String(error))),
  };
}

function fail(span: Span, type: string): void {
  span.setAttribute('error.type', type);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

/** How spans are sent together. */
function batchesOf() {
  const numbers = {
    scheduledDelayMillis: getNumberFromEnv('OTEL_BSP_SCHEDULE_DELAY'),
    exportTimeoutMillis: getNumberFromEnv('OTEL_BSP_EXPORT_TIMEOUT'),
    maxQueueSize: getNumberFromEnv('OTEL_BSP_MAX_QUEUE_SIZE'),
    maxExportBatchSize: getNumberFromEnv('OTEL_BSP_MAX_EXPORT_BATCH_SIZE'),
  };
  return Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== undefined));
}
