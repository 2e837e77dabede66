import type { Component } from '../core/component.ts';

/** Makes URLs of objects that iPXE can fetch. */
export interface ObjectSigner {
  /** The http(s) URL, good for 24 hours, of `s3://bucket/key` or `s3:///bucket/key`; `undefined` for any other text. */
  sign(uri: string): Promise<string | undefined>;
}

/** Gives join tokens for SPIRE. */
export interface JoinTokens {
  /**
   * A token for a node. Throws `not_found` when the token service refuses the node one, and `unavailable` when it cannot
   * be asked or answers nonsense.
   */
  tokenFor(node: Pick<Component, 'xname' | 'role' | 'subRole'>): Promise<string>;
}

/** Tells somebody that a node asked for a script. */
export interface ScriptNotifier {
  /** `caller` is `address:port`. Never fails and never takes longer than a few seconds; nobody waits for it. */
  notify(caller: string): Promise<void>;
}
