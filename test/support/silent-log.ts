import type { Log } from '../../src/ports/log.ts';

const silent = (): void => {};

/** A log that nobody reads. */
export const silentLog: Log = { debug: silent, info: silent, warn: silent, error: silent };
