/** What can go wrong, as a closed set; `http/problem.ts` gives each its status. */
export type ErrorCode =
  | 'invalid'
  | 'unauthorized'
  | 'forbidden'
  | 'conflict'
  | 'exists'
  | 'not_found'
  | 'too_large'
  | 'unavailable';

/**
 * The one error that the service throws on purpose. `message` is meant for the caller: it names the field and the
 * reason and holds no secret. `cause` is for the log.
 */
export class ServiceError extends Error {
  readonly code: ErrorCode;
  /** Seconds until it is worth while to ask again, of a request that was turned away because others are before it. */
  readonly retryAfter: number | undefined;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown; retryAfter?: number }) {
    super(message, options);
    this.name = 'ServiceError';
    this.code = code;
    this.retryAfter = options?.retryAfter;
  }
}

/**
 * What a request is told that would have to wait too long: to come again when those before it will have been answered, which
 * takes so many seconds. Up to as long again is added, so that those who were turned away together do not come together.
 */
export function turnedAway(seconds: number): ServiceError {
  const retryAfter = Math.min(60, Math.max(1, Math.ceil(seconds * (1 + Math.random()))));
  return new ServiceError('unavailable', 'too many requests at once', { retryAfter });
}

/** Whether an error says that something could not be asked. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof ServiceError && error.code === 'unavailable';
}
