// Builds the smallest root file system that can tell how it was booted.
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';

const init = `#!/bin/busybox sh
/bin/busybox mount -t proc proc /proc
/bin/busybox echo "BOOTED-CMDLINE $(/bin/busybox cat /proc/cmdline)"
/bin/busybox poweroff -f
`;

const directory = 0o040755;
const program = 0o100755;

/**
 * A gzipped initramfs whose init prints `BOOTED-CMDLINE <kernel command line>` and powers off.
 * `busybox` is the path of a static one. /dev/console comes with the kernel's own built-in initramfs.
 */
export async function buildInitramfs(busybox: string): Promise<Uint8Array> {
  const archive = Buffer.concat([
    entry('bin', directory),
    entry('bin/busybox', program, await readFile(busybox)),
    entry('proc', directory),
    entry('init', program, Buffer.from(init)),
    entry('TRAILER!!!', 0),
  ]);
  return gzipSync(archive, { level: 1 });
}

/** One member of a "newc" archive, as the kernel's Documentation/driver-api/early-userspace/buffer-format.rst has it. */
function entry(name: string, mode: number, content = Buffer.alloc(0)): Buffer {
  const nul = Buffer.from(`${name}\0`);
  const [links, nothing] = [1, 0];
  const fields = [
    nothing, // inode: the kernel only looks at it for hard links
    mode,
    nothing, // uid
    nothing, // gid
    links,
    nothing, // mtime
    content.length,
    ...[nothing, nothing, nothing, nothing], // device numbers
    nul.length,
    nothing, // checksum, unused in newc
  ];
  const header = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`;
  return Buffer.concat([padded(Buffer.concat([Buffer.from(header), nul])), padded(content)]);
}

/** Names and contents both end on a multiple of four bytes. */
function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}
