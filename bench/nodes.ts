/** A node as it is asked for and as the inventory file describes it. */
export type BenchNode = { readonly mac: string; readonly xname: string; readonly nid: number };

/** Sites have a few images for thousands of nodes. */
const CONFIGURATIONS = 4;

/** As many nodes; every identifier has the same length in all of them, so that all scripts have it too. At most 10,000. */
export function makeNodes(count: number): BenchNode[] {
  return Array.from({ length: count }, (_, at) => ({
    mac: `02:00:00:00:${hex(at >> 8)}:${hex(at & 255)}`,
    xname: `x${1000 + (at >> 8)}c${(at >> 5) & 7}s${(at >> 2) & 7}b${(at >> 1) & 1}n${at & 1}`,
    nid: 10_000 + at,
  }));
}

/** The request for a node's script, with the colons encoded as iPXE does it. */
export function scriptPath({ mac }: BenchNode): string {
  return `/boot/v1/bootscript?mac=${encodeURIComponent(mac)}`;
}

/** Whether a script boots something: one for a node that the service does not know only waits. */
export function isBootScript(script: string): boolean {
  return script.includes('\nkernel --name kernel ');
}

/** Gives the nodes their boot parameters over the API of the service at `url`, by MAC, a request per configuration. */
export async function postNodes(url: string, nodes: readonly BenchNode[]): Promise<void> {
  for (let at = 0; at < CONFIGURATIONS; at++) {
    const macs = nodes.filter((_, node) => node % CONFIGURATIONS === at).map(({ mac }) => mac);
    const body = JSON.stringify({ macs, ...configuration(at) });
    const answer = await fetch(`${url}/boot/v1/bootparameters`, { method: 'POST', body });
    if (answer.status !== 201) throw new Error(`POST of ${macs.length} nodes: ${answer.status} ${await answer.text()}`);
  }
}

/** The nodes as a file for `HSM_URL=file:`. */
export function inventoryFile(nodes: readonly BenchNode[]): string {
  return JSON.stringify({
    Components: nodes.map(({ mac, xname, nid }) => ({
      ID: xname,
      NID: nid,
      MAC: [mac],
      Role: 'Compute',
      EndpointEnabled: true,
    })),
  });
}

function configuration(at: number): { kernel: string; initrd: string; params: string } {
  const image = `http://10.1.0.1:9000/boot-images/compute-${at}`;
  return {
    kernel: `${image}/vmlinuz-5.14.0-611.el9.x86_64`,
    initrd: `${image}/initramfs-5.14.0-611.el9.x86_64.img`,
    params: `root=live:${image}/rootfs.squashfs console=tty0 console=ttyS0,115200n8 ip=dhcp nomodeset overlayroot=tmpfs overlayroot_cfgdisk=disabled selinux=0 rd.neednet=1`,
  };
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
