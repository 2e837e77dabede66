import type { Hostname } from '../identifiers/hostname.ts';
import type { Mac } from '../identifiers/mac.ts';
import type { Nid } from '../identifiers/nid.ts';
import type { Tag } from '../identifiers/tag.ts';
import type { Xname } from '../identifiers/xname.ts';

/** What a node is asked to come back with: the MAC if it is known, else a name, else the NID. */
export type ChainIdentifier = { readonly mac: Mac } | { readonly name: Xname | Tag | Hostname } | { readonly nid: Nid };

/** Where a node comes back to: the endpoint's URL as the node can reach it, without a query. */
export type ChainTarget = { readonly endpoint: string; readonly identifier: ChainIdentifier };

/** The URL that a node asks again after its boot failed. */
export function retryUrl(target: ChainTarget, retry: number): string {
  return `${withIdentifier(target)}&retry=${retry}`;
}

/**
 * The URL that a node asks again while the inventory does not know it. iPXE fills in its architecture;
 * `now` (seconds of Unix time) keeps caches on the way from answering.
 */
export function waitUrl(target: ChainTarget, now: number): string {
  return `${withIdentifier(target)}&arch=\${buildarch}&ts=${now}`;
}

function withIdentifier({ endpoint, identifier }: ChainTarget): string {
  if ('mac' in identifier) return `${endpoint}?mac=${identifier.mac}`;
  if ('name' in identifier) return `${endpoint}?name=${identifier.name}`;
  return `${endpoint}?nid=${identifier.nid}`;
}
