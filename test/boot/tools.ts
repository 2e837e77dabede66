// Finds the programs and files that a real iPXE boot needs. install.sh beside this file provides them.
import { accessSync, constants, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Absolute paths of everything a boot test starts or reads. */
export type Tools = { qemu: string; rom: string; kernel: string; busybox: string };

/** Either all tools, or the names of those that are missing, each with the package that brings it. */
export type Found = { tools: Tools; missing?: never } | { tools?: never; missing: string[] };

/** Looks in the places where Debian and Ubuntu put things, and in install.sh's cache for the kernel. */
export function findTools(): Found {
  const qemu = firstOf(searchPath('qemu-system-x86_64'), constants.X_OK);
  const rom = firstOf(['/usr/lib/ipxe/qemu/pxe-e1000.rom']);
  const busybox = firstOf(['/bin/busybox', '/usr/bin/busybox'].filter(isStatic));
  const kernel = firstOf(kernels());
  if (qemu && rom && busybox && kernel) return { tools: { qemu, rom, busybox, kernel } };
  const missing = [
    qemu ? [] : 'qemu-system-x86_64 (apt package qemu-system-x86)',
    rom ? [] : 'the iPXE ROM pxe-e1000.rom (apt package ipxe-qemu)',
    busybox ? [] : 'a static busybox (apt package busybox-static)',
    kernel ? [] : 'a Linux kernel (test/boot/install.sh unpacks apt package linux-image-cloud-amd64)',
  ].flat();
  return { missing };
}

/** One sentence for a person whose boot tests were skipped or failed for want of tools. */
export function explainMissing(missing: string[]): string {
  return `boot tests need ${missing.join(', ')}: run test/boot/install.sh`;
}

function searchPath(program: string): string[] {
  const { PATH = '' } = process.env;
  return PATH.split(delimiter).map((folder) => join(folder, program));
}

function kernels(): string[] {
  const { XDG_CACHE_HOME } = process.env;
  const cached = join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'bss-edge-boot', 'vmlinuz');
  return [cached, ...installedKernels()];
}

function installedKernels(): string[] {
  try {
    const names = readdirSync('/boot').filter((name) => name.startsWith('vmlinuz-'));
    return names.map((name) => join('/boot', name));
  } catch {
    return [];
  }
}

function firstOf(paths: string[], mode = constants.R_OK): string | undefined {
  return paths.find((path) => {
    try {
      accessSync(path, mode);
      return true;
    } catch {
      return false;
    }
  });
}

/** The initramfs holds no libraries: a busybox that names a dynamic loader would panic the kernel. */
function isStatic(path: string): boolean {
  try {
    return !readFileSync(path).subarray(0, 4096).includes('/ld-linux');
  } catch {
    return false;
  }
}
