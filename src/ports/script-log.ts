/** One script that went out. */
export type ScriptEvent = {
  /** The identifier that was asked by. */
  readonly node: string;
  readonly xname: string | undefined;
  readonly decision: string;
  readonly retry: number;
  /** The error that iPXE reported of its last try, in hex. */
  readonly ipxeError: string | undefined;
  readonly milliseconds: number;
};

/** Takes note of every script. Must return at once: it is in the script's way. */
export type ScriptLog = (event: ScriptEvent) => void;
