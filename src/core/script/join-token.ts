/** Stands in parameters for a join token of SPIRE's; replaced by the service before the script goes out. */
export const JOIN_TOKEN_PLACEHOLDER = '${SPIRE_JOIN_TOKEN}';

/** Whether parameters want a join token. */
export function needsJoinToken(params: string): boolean {
  return params.includes(JOIN_TOKEN_PLACEHOLDER);
}

/** The parameters with the token wherever it is wanted. */
export function withJoinToken(params: string, token: string): string {
  // A function, for `$&` in a text would stand for what is replaced.
  return params.replaceAll(JOIN_TOKEN_PLACEHOLDER, () => token);
}
