import { ServiceError } from '../core/errors.ts';
import type { ShedKind } from '../ports/metrics.ts';
import type { Answer } from './answer.ts';
import type { AppDeps } from './deps.ts';
import { problemAnswerOf } from './problem.ts';

/** A request that ended in an error. */
export type Refused = {
  readonly kind: ShedKind;
  readonly method: string;
  readonly path: string;
  readonly requestId: string;
};

/** The answer to what a handler threw, after it has been logged. */
export function refusal(error: unknown, refused: Refused, { log, metrics }: Pick<AppDeps, 'log' | 'metrics'>): Answer {
  if (error instanceof ServiceError && error.retryAfter !== undefined) metrics?.shed(refused.kind);
  logRefusal(error, refused, log);
  return problemAnswerOf(error, { 'X-Request-Id': refused.requestId });
}

/** Outages without a stack, for there may be thousands; what is refused for the log's sake; faults with all there is. */
function logRefusal(error: unknown, { method, path, requestId }: Refused, log: AppDeps['log']): void {
  const fields = { method, path, requestId };
  if (!(error instanceof ServiceError)) log.error(fields, 'a fault of the program', error);
  else if (error.code !== 'unavailable') log.info({ ...fields, reason: error.message }, 'refused');
  else log.error({ ...fields, reason: error.cause instanceof Error ? error.cause.message : undefined }, error.message);
}
