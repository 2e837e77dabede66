import type { NodeKey } from '../core/component.ts';
import type { Tag } from '../core/identifiers/tag.ts';

/** A request for a script. */
export type ScriptRequest = {
  readonly key: NodeKey;
  /** The name asked by, when it may be a tag: standalone, that tag's record is given. */
  readonly tag: Tag | undefined;
  /** iPXE's `${buildarch}`, from the second request of a node that is not known. */
  readonly arch: string | undefined;
  /** How often the node has come back after a failed boot. */
  readonly retry: number;
  /** The URL of this endpoint as the node can reach it. */
  readonly endpoint: string;
  /** Seconds of Unix time. */
  readonly now: number;
  /** In [0, 1). */
  readonly random: number;
};
