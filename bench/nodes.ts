import { manyNodes } from '../test/support/many-nodes.ts';
import type { Ask } from './load.ts';

/** A node as it is asked for and as the inventory file describes it. */
export type BenchNode = { readonly mac: string; readonly xname: string; readonly nid: number };

/** Sites have a few images for thousands of nodes. */
export const CONFIGURATIONS = 4;

/** So many nodes are written well within the time that a request has for it. */
const WRITTEN_AT_ONCE = 5000;

/** As many nodes, the first of `manyNodes`: up to 100,000, every identifier has the same length in all of them, so that all scripts have it too. */
export function makeNodes(count: number): BenchNode[] {
  return manyNodes(count).map(({ xname, macs: [mac] = [], nid }) => {
    if (mac === undefined || typeof nid !== 'number') throw new Error(`${xname} has no MAC or NID`);
    return { mac, xname, nid };
  });
}

/** The request for a node's script, with the colons encoded as iPXE does it. */
export function scriptPath({ mac }: BenchNode): string {
  return `/boot/v1/bootscript?mac=${encodeURIComponent(mac)}`;
}

/** The same, whose answer must be the node's own script, one that boots. Without an inventory nothing but its MAC is known of it. */
export function askFor(node: BenchNode): Ask {
  const mark = ` ${bootif(node)} `;
  return { path: scriptPath(node), isAnswer: (body) => isBootScript(body) && body.includes(mark) };
}

/** The kernel parameter that names the interface which a node booted from. */
export function bootif({ mac }: BenchNode): string {
  return `BOOTIF=01-${mac.replaceAll(':', '-')}`;
}

/** Whether a script boots something: one for a node that the service does not know only waits. */
export function isBootScript(script: string): boolean {
  return script.includes('\nkernel --name kernel ');
}

/** Gives the nodes their boot parameters over the API of the service at `url`, by MAC. */
export async function postNodes(url: string, nodes: readonly BenchNode[]): Promise<void> {
  for (let at = 0; at < CONFIGURATIONS; at++) {
    const macs = nodes.filter((_, node) => node % CONFIGURATIONS === at).map(({ mac }) => mac);
    for (let from = 0; from < macs.length; from += WRITTEN_AT_ONCE) {
      await post(url, { macs: macs.slice(from, from + WRITTEN_AT_ONCE), ...configuration(at) });
    }
  }
}

/** Gives all nodes that have nothing better one configuration. */
export async function postDefault(url: string): Promise<void> {
  await post(url, { hosts: ['Default'], ...configuration(0) });
}

async function post(url: string, record: object): Promise<void> {
  const answer = await fetch(`${url}/boot/v1/bootparameters`, { method: 'POST', body: JSON.stringify(record) });
  if (answer.status !== 201) throw new Error(`POST of boot parameters: ${answer.status} ${await answer.text()}`);
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

/** What nodes boot: four of these are shared out to those that `postNodes` writes, by their places. */
export type Configuration = { readonly kernel: string; readonly initrd: string; readonly params: string };

export function configuration(at: number): Configuration {
  const image = `http://10.1.0.1:9000/boot-images/compute-${at}`;
  return {
    kernel: `${image}/vmlinuz-5.14.0-611.el9.x86_64`,
    initrd: `${image}/initramfs-5.14.0-611.el9.x86_64.img`,
    params: `root=live:${image}/rootfs.squashfs console=tty0 console=ttyS0,115200n8 ip=dhcp nomodeset overlayroot=tmpfs overlayroot_cfgdisk=disabled selinux=0 rd.neednet=1`,
  };
}
