import type { SmdListName } from '../../adapters/inventory/smd/assemble.ts';
import type { Known, NodeChange } from '../../adapters/inventory/snapshot/change-teller.ts';

/** What the thread that reads inventories is told. */
export type ToThread =
  /** A list of SMD's, as the first `length` bytes of `bytes`; a length of `undefined` says that SMD does not give it. */
  | {
      readonly kind: 'list';
      readonly name: SmdListName;
      readonly bytes: SharedArrayBuffer;
      readonly length: number | undefined;
    }
  /** All lists have been told. */
  | { readonly kind: 'tell'; readonly known: Known }
  | { readonly kind: 'file'; readonly path: string; readonly known: Known }
  | { readonly kind: 'next' };

/** What it answers to each of that. */
export type FromThread =
  /** Of a list, whether there is one now, be it an old one. */
  | { readonly kind: 'taken'; readonly isThere: boolean }
  | { readonly kind: 'done' }
  | { readonly kind: 'part'; readonly changes: readonly NodeChange[] }
  | { readonly kind: 'doubt' | 'failure'; readonly reason: string };
