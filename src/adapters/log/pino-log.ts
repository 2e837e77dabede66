import { pino } from 'pino';
import type { Log } from '../../ports/log.ts';

/** Structured lines on standard output. */
export function pinoLog(level: 'debug' | 'info' | 'warn' | 'error'): Log {
  const logger = pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  });
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message, cause) => logger.error({ ...fields, err: describe(cause) }, message),
  };
}

/** An error and what caused it, without the other members that libraries put on theirs: those may hold stored data. */
function describe(error: unknown): object | string | undefined {
  if (error === undefined) return undefined;
  if (!(error instanceof Error)) return String(error);
  const { name, message, stack, cause } = error;
  const code = 'code' in error ? String(error.code) : undefined;
  return { name, message, code, stack, ...(cause !== undefined && { cause: describe(cause) }) };
}
