import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Processor time in milliseconds that children of this process with this name have taken so far, as Linux tells it. */
export function childTime(name: string): number {
  const tick = 1000 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  let ticks = 0;
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const { command, parent, user, system } = readStat(pid);
    if (command === name && parent === process.pid) ticks += user + system;
  }
  return ticks * tick;
}

function readStat(pid: string): { command: string; parent: number; user: number; system: number } {
  let stat = '';
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    // It has ended.
  }
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [parent = 0, user = 0, system = 0] = [fields[1], fields[11], fields[12]].map(Number);
  return { command: /\((.*)\)/.exec(stat)?.[1] ?? '', parent, user, system };
}
