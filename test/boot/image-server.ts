// Serves the kernel and the initramfs to booting machines, and can be told to fail first.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { buildInitramfs } from './initramfs.ts';
import { listen } from './listen.ts';
import type { Tools } from './tools.ts';

/** A running image server. `kernelUrl` and `initrdUrl` are what a machine in QEMU asks for. */
export type ImageServer = {
  kernelUrl: string;
  initrdUrl: string;
  /** How often each was asked for, refused requests included. */
  asked: { kernel: number; initrd: number };
  /** The next `times` requests for the kernel get 404; `Infinity` until told otherwise, 0 ends it. */
  refuseKernel(times: number): void;
  stop(): Promise<void>;
};

/** Starts one on a port of the loopback interface, a free one unless it is named; QEMU's guests reach it as 10.0.2.2. */
export async function startImageServer(tools: Tools, at?: number): Promise<ImageServer> {
  const kernel = await readFile(tools.kernel);
  const initrd = await buildInitramfs(tools.busybox);
  const asked = { kernel: 0, initrd: 0 };
  let refusals = 0;

  const server = createServer((request, response) => {
    if (request.url === '/vmlinuz') {
      asked.kernel += 1;
      if (refusals > 0) {
        refusals -= 1;
        response.writeHead(404, { 'content-length': 0 }).end();
        return;
      }
      response.end(kernel);
    } else if (request.url === '/initrd') {
      asked.initrd += 1;
      response.end(initrd);
    } else {
      response.writeHead(404, { 'content-length': 0 }).end();
    }
  });
  server.keepAliveTimeout = 15_000; // iPXE keeps an idle connection for 10 s and must be the one to close it
  const port = await listen(server, at);

  return {
    kernelUrl: `http://10.0.2.2:${port}/vmlinuz`,
    initrdUrl: `http://10.0.2.2:${port}/initrd`,
    asked,
    refuseKernel(times) {
      refusals = times;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
