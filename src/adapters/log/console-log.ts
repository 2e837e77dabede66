import type { Log, LogFields } from '../../ports/log.ts';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/** Structured lines on the console, for a runtime that collects it. */
export function consoleLog(level: (typeof LEVELS)[number]): Log {
  const line = (at: (typeof LEVELS)[number], fields: LogFields, message: string, cause?: unknown): void => {
    if (LEVELS.indexOf(at) < LEVELS.indexOf(level)) return;
    console[at](
      JSON.stringify({ level: at, ...fields, msg: message, ...(cause !== undefined && { err: reasons(cause) }) }),
    );
  };
  return {
    debug: (fields, message) => line('debug', fields, message),
    info: (fields, message) => line('info', fields, message),
    warn: (fields, message) => line('warn', fields, message),
    error: (fields, message, cause) => line('error', fields, message, cause),
  };
}

/** The messages of an error and of what caused it. */
function reasons(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${reasons(error.cause)}`;
}
