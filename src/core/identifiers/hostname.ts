import type { Brand } from './brand.ts';

/** A host name, or its first label, in lower case. */
export type Hostname = Brand<string, 'Hostname'>;

/** Looser than the names of hosts are: what is a tag may be asked for like one. */
const PATTERN = /^[a-z0-9]([a-z0-9._-]*[a-z0-9_-])?\.?$/i;

/** Reads a host name in any case; a final dot is dropped. */
export function parseHostname(text: string): Hostname | undefined {
  return text.length <= 253 && PATTERN.test(text) ? (text.toLowerCase().replace(/\.$/, '') as Hostname) : undefined;
}
