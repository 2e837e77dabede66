import type { Component } from '../core/component.ts';
import type { Xname } from '../core/identifiers/xname.ts';

/** A node as it is kept, and when its source was asked for it, in milliseconds of Unix time. */
export type KeptComponent = { readonly xname: Xname; readonly component: Component; readonly asOf: number };

/** What became of a node, `undefined` when it is gone, and when its source was asked for that, in milliseconds of Unix time. */
export type CopyChange = { readonly xname: Xname; readonly component: Component | undefined; readonly asOf: number };

/**
 * A copy of the inventory beside the records, so that a service that starts while the inventory's source is away knows
 * its nodes. A copy is of one source, named by its URL; `open` begins it anew when it was of another one. Every method
 * throws a `ServiceError` of code `unavailable` when it cannot be reached.
 */
export interface InventoryCopy {
  /** Has the copy be one of this source; what is kept of another one is let go. */
  open(source: string): Promise<void>;
  /** All that is kept of the source, some at a time. */
  read(source: string): AsyncIterable<readonly KeptComponent[]>;
  /** Keeps what became of some nodes, but of none of which what is kept was asked for later. */
  write(source: string, changes: readonly CopyChange[]): Promise<void>;
  /** Says that all that is kept is so as of then. */
  confirm(source: string, asOf: number): Promise<void>;
}
