// A PC with an empty disk that boots from the network by real iPXE, in QEMU.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startChild } from './child.ts';
import type { Tools } from './tools.ts';

/** What the machine is and where its DHCP answer points it. `bootfile` must hold no comma and at most 127 bytes. */
export type MachineOptions = { tools: Tools; mac: string; bootfile: string; memoryMb?: number };

/** A machine that is on. */
export type Machine = {
  /** All that it wrote to its serial console so far: firmware, iPXE and Linux. */
  console(): Promise<string>;
  /** Waits until the console shows the pattern. Rejects, with the console's end, at the time-out or when the machine goes off. */
  waitFor(pattern: RegExp, timeoutMs: number): Promise<RegExpMatchArray>;
  /** QEMU's exit code, once the machine powered itself off, rebooted or was stopped. */
  exited: Promise<number | null>;
  /** Pulls the plug and removes the log. */
  stop(): Promise<void>;
};

/** Switches a machine on. It reaches this host's loopback interface as 10.0.2.2, and nothing needs privileges. */
export async function startMachine({ tools, mac, bootfile, memoryMb = 256 }: MachineOptions): Promise<Machine> {
  const folder = await mkdtemp(join(tmpdir(), 'bss-edge-machine-'));
  const log = join(folder, 'console.log');
  const qemu = startChild(tools.qemu, [
    ...['-accel', 'tcg', '-m', String(memoryMb)],
    // Nothing but the network. When iPXE gives up, the firmware reboots, which ends QEMU: a lost node is seen at once.
    ...['-boot', 'order=n,strict=on,reboot-timeout=0', '-no-reboot'],
    // Without graphics the firmware and iPXE write to the serial line, which is the log.
    ...['-machine', 'pc,graphics=off', '-vga', 'none', '-display', 'none', '-monitor', 'none'],
    ...['-serial', `file:${log}`],
    ...['-netdev', `user,id=boot,bootfile=${bootfile}`],
    ...['-device', `e1000,netdev=boot,mac=${mac},romfile=${tools.rom}`],
  ]);
  let off = false;
  const exited = qemu.exited.finally(() => {
    off = true;
  });

  const text = () => readFile(log, 'latin1').catch(() => '');

  return {
    console: text,
    exited,
    async waitFor(pattern, timeoutMs) {
      const deadline = Date.now() + timeoutMs;
      for (;;) {
        // Asked before reading: a machine that goes off in between has written all it will.
        const last = off || Date.now() > deadline;
        const shown = await text();
        const match = shown.match(pattern);
        if (match) return match;
        if (last) {
          const why = off ? `the machine went off (${qemu.output().trim() || 'no message'})` : `${timeoutMs} ms passed`;
          throw new Error(`${why} and its console never showed ${pattern}; it ends in:\n${shown.slice(-2000)}`);
        }
        await pause(200);
      }
    },
    async stop() {
      await qemu.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
