import { type ErrorCode, ServiceError } from '../core/errors.ts';
import { type Answer, toResponse } from './answer.ts';

const TITLES = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  413: 'Content Too Large',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const;

export type ProblemStatus = keyof typeof TITLES;

/** The body of a problem answer (RFC 9457): exactly these four members. */
export function problemBody(status: ProblemStatus, detail: string): string {
  return JSON.stringify({ type: 'about:blank', title: TITLES[status], status, detail });
}

/** A problem answer. */
export function problem(
  status: ProblemStatus,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return toResponse(problemAnswer(status, detail, headers));
}

/** The answer to anything that a handler threw. */
export function problemOf(error: unknown): Response {
  return toResponse(problemAnswerOf(error, {}));
}

/** The same, for any server to send. */
export function problemAnswer(
  status: ProblemStatus,
  detail: string,
  headers: Readonly<Record<string, string>>,
): Answer {
  return {
    status,
    headers: { 'Content-Type': 'application/problem+json', ...headers },
    body: problemBody(status, detail),
  };
}

/** The same, for any server to send. */
export function problemAnswerOf(error: unknown, headers: Readonly<Record<string, string>>): Answer {
  if (!(error instanceof ServiceError)) return problemAnswer(500, 'the request failed; the log says more', headers);
  const status = statusOf(error.code);
  return problemAnswer(status, error.message, { ...headers, ...headersOf(status, error.retryAfter) });
}

/** What a status must come with. */
function headersOf(status: ProblemStatus, seconds = retryAfter()): Record<string, string> {
  switch (status) {
    case 401:
      return { 'WWW-Authenticate': 'Bearer realm="bss-edge"' };
    case 503:
      return { 'Retry-After': String(seconds) };
    default:
      return {};
  }
}

/** A conflict of records is 400 in the field, not 409; what exists in the inventory is 409, as at SMD. */
function statusOf(code: ErrorCode): ProblemStatus {
  switch (code) {
    case 'invalid':
    case 'conflict':
      return 400;
    case 'unauthorized':
      return 401;
    case 'forbidden':
      return 403;
    case 'not_found':
      return 404;
    case 'exists':
      return 409;
    case 'too_large':
      return 413;
    case 'unavailable':
      return 503;
  }
}

/** Seconds until a client should ask again: 5 to 15, so that those who were refused together spread out. iPXE obeys it. */
export function retryAfter(): number {
  return 5 + Math.floor(Math.random() * 11);
}
