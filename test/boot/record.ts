// Boot records and inventory for the cases.
import { setTimeout as pause } from 'node:timers/promises';
import type { ImageServer } from './image-server.ts';
import type { RunningService } from './targets.ts';

/** Lets the node boot the test images with `bss_test=1`; throws the service's answer when it is not 201. */
export async function addRecord(service: RunningService, images: ImageServer, mac: string): Promise<void> {
  await add(service, '/boot/v1/bootparameters', { macs: [mac], ...bootsWith(images, 'bss_test=1') });
}

/** What a record says that boots the test images with a kernel parameter. */
export function bootsWith(images: ImageServer, parameter: string) {
  return {
    kernel: images.kernelUrl,
    initrd: images.initrdUrl,
    // panic=-1 reboots a panicked kernel, which ends QEMU: the case fails at once instead of at its time-out.
    params: `console=ttyS0 panic=-1 ${parameter}`,
  };
}

/** POSTs something that is to be there from then on; throws the service's answer when that is neither 201 nor 204. */
export async function add(service: RunningService, path: string, body: object): Promise<void> {
  const response = await postWhenReady(`${service.url}${path}`, JSON.stringify(body));
  const answer = await response.text();
  if (response.status !== 201 && response.status !== 204) throw new Error(`POST ${path}: ${response.status} ${answer}`);
}

/** A service that has just started answers before its database does, with 503: asks again for up to a minute. */
async function postWhenReady(url: string, body: string): Promise<Response> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    if (response.status !== 503 || Date.now() > deadline) return response;
    await response.body?.cancel();
    await pause(500);
  }
}
