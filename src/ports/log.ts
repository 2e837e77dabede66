/** A structured line: identifiers, decisions and durations; never kernel parameters, tokens or whole bodies. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Log {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  /** `cause` is written with what caused it in turn. */
  error(fields: LogFields, message: string, cause?: unknown): void;
}
