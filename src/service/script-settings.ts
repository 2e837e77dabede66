import type { ScriptForm } from '../core/script/ipxe.ts';

/** How a site wants its scripts; from the settings. */
export type ScriptSettings = {
  readonly form: ScriptForm;
  readonly bootif: boolean;
  /** The base URL of cloud-init's data source, without a slash at the end. */
  readonly advertise: string | undefined;
  /** Seconds. */
  readonly retryDelay: number;
  /** Seconds. */
  readonly waitDelay: number;
  /** In lower case. */
  readonly blockedRoles: readonly string[];
};
