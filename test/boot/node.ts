// What the cases do with a node: switch it on, count its rounds, see it boot.
import { onTestFinished } from 'vitest';
import { type Machine, startMachine } from './machine.ts';
import type { RunningService } from './targets.ts';
import type { Tools } from './tools.ts';

/** Switches a node on whose DHCP answer names the service's bootscript; it goes off when the running test ends. */
export async function powerOn(tools: Tools, service: RunningService, mac: string): Promise<Machine> {
  const bootfile = `http://10.0.2.2:${service.port}/boot/v1/bootscript?mac=${mac}`;
  const machine = await startMachine({ tools, mac, bootfile });
  onTestFinished(() => machine.stop());
  return machine;
}

/** Matches a console on which iPXE has loaded at least `count` scripts; it prints their URL without the query. */
export function rounds(count: number): RegExp {
  // Nothing between two hits may hold a third, or the search would try every subset of them.
  return new RegExp(String.raw`(?:/bootscript\.+ ok(?:(?!/bootscript\.+ ok)[^])*){${count}}`);
}

/** Waits until Linux runs, and the node has powered itself off; answers the words of its kernel command line. */
export async function bootsLinux(machine: Machine): Promise<string[]> {
  const [, line = ''] = await machine.waitFor(/BOOTED-CMDLINE (.*?)\r?\n/, 90_000);
  await machine.exited;
  return line.split(' ');
}
