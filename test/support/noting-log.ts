import type { Log, LogFields } from '../../src/ports/log.ts';

/** A log that keeps its lines, as texts. */
export type NotingLog = Log & { readonly lines: string[] };

export function notingLog(): NotingLog {
  const lines: string[] = [];
  const note =
    (level: string) =>
    (fields: LogFields, message: string): void => {
      lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
    };
  return { lines, debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') };
}
