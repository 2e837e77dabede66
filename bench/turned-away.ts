import { readFileSync } from 'node:fs';

/** How many connections of this machine found the queue of a listening socket full so far, as Linux tells it; else 0. */
export function turnedAway(): number {
  let text = '';
  try {
    text = readFileSync('/proc/net/netstat', 'utf8');
  } catch {
    // Not on this system.
  }
  const [names = [], values = []] = text
    .split('\n')
    .filter((line) => line.startsWith('TcpExt:'))
    .map((line) => line.split(' '));
  return Number(values[names.indexOf('ListenOverflows')] ?? 0);
}
