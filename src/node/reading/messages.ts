import type { SmdListName } from '../../adapters/inventory/smd/assemble.ts';
import type { SmdRequest } from '../../adapters/inventory/smd/requests.ts';
import type { Known, NodeChange } from '../../adapters/inventory/snapshot/change-teller.ts';

/** What the thread that reads inventories is told. */
export type ToThread =
  /** To read a list of SMD's. */
  | { readonly kind: 'list'; readonly name: SmdListName; readonly request: SmdRequest }
  /** All lists have been read. */
  | { readonly kind: 'tell'; readonly known: Known }
  | { readonly kind: 'file'; readonly path: string; readonly known: Known }
  | { readonly kind: 'next' };

/** What it answers to each of that. */
export type FromThread =
  /** Of a list, how SMD answered, and whether there is one now, be it an old one. */
  | { readonly kind: 'list'; readonly status: number; readonly isThere: boolean }
  | { readonly kind: 'done' }
  | { readonly kind: 'part'; readonly changes: readonly NodeChange[] }
  | { readonly kind: 'doubt' | 'failure'; readonly reason: string };
