/** A token that holds: who bears it, and what it says it is for. */
export type Bearer = {
  readonly subject: string;
  /** The words of its `scope` (or `scp`) claim. */
  readonly scopes: readonly string[];
};

/**
 * Checks bearer tokens. Throws a `ServiceError` of code `unauthorized` for one that does not hold, and of code
 * `unavailable` when that cannot be told because the keys cannot be had.
 */
export interface TokenVerifier {
  verify(token: string): Promise<Bearer>;
}
