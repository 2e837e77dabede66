import { readFileSync } from 'node:fs';

/**
 * A script as it is to be, byte for byte. Compared with `toBe` and never written by a test run: a snapshot that is
 * updated by the way would prove nothing.
 */
export function golden(name: string): string {
  return readFileSync(new URL(`../golden/${name}.ipxe`, import.meta.url), 'utf8');
}
