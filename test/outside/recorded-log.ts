import type { Log, LogFields } from '../../src/ports/log.ts';

/** One line of a log. */
export type Line = { readonly level: keyof Log; readonly fields: LogFields; readonly message: string };

/** A log that keeps its lines. */
export function recordedLog(): Log & { readonly lines: Line[] } {
  const lines: Line[] = [];
  const at =
    (level: keyof Log) =>
    (fields: LogFields, message: string): void => {
      lines.push({ level, fields, message });
    };
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
