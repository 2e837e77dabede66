import type { Server } from 'node:http';
import type { CallWatch } from '../../ports/call-watch.ts';
import type { ScriptLog } from '../../ports/script-log.ts';

/** Traces of requests, for who wants to see where one of them was held up. All notes are of the request that they are made in. */
export type Tracing = {
  /** Begins a span with each request of a server but those of probes, as a part of the trace that its `traceparent` names, if any. */
  follow(server: Server): void;
  /** Says by which pattern a request of the API came. */
  route(route: string): void;
  /** Says which script went out. */
  readonly script: ScriptLog;
  /** A span for each call of the database that a request waits for. */
  readonly database: CallWatch;
  /** A span for each call of SMD that a request waits for. */
  readonly smd: CallWatch;
  /** Sends what has not been sent yet; gives up after some seconds. Never fails. */
  stop(): Promise<void>;
};

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether OpenTelemetry's variables ask for traces: by an endpoint, or by an exporter. */
export function wantsTraces(environment: Environment): boolean {
  const { OTEL_SDK_DISABLED, OTEL_TRACES_EXPORTER: exporter } = environment;
  if (OTEL_SDK_DISABLED?.toLowerCase() === 'true') return false;
  if (exporter) return exporter.split(',').some((name) => name.trim() === 'otlp');
  return Boolean(environment.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || environment.OTEL_EXPORTER_OTLP_ENDPOINT);
}
