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

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'ServiceError';
    this.code = code;
  }
}

/** Whether an error says that something could not be asked. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof ServiceError && error.code === 'unavailable';
}
