import type { Brand } from './brand.ts';

/** A host name, or its first label, in lower case. */
export type Hostname = Brand<string, 'Hostname'>;

const PATTERN = /^[a-z0-9][a-z0-9._-]{0,252}$/;

/** Reads a host name in any case; a final dot is dropped. */
export function parseHostname(text: string): Hostname | undefined {
  const lower = text.toLowerCase();
  return PATTERN.test(lower) ? (lower.replace(/\.$/, '') as Hostname) : undefined;
}
