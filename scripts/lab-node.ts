/**
 * `npm run lab:node`: a PC without a disk, in QEMU, that boots by real iPXE from the service on this machine, and a
 * server for the kernel and initrd that it may be given. Its MAC is the first argument; more of them are booted one after
 * the other. Ctrl-C switches it off.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { startImageServer } from '../test/boot/image-server.ts';
import { startMachine } from '../test/boot/machine.ts';
import { explainMissing, findTools } from '../test/boot/tools.ts';

const IMAGES = 27780;

const { tools, missing } = findTools();
if (missing !== undefined) {
  console.error(explainMissing(missing));
  process.exit(1);
}
const [first = '52:54:00:00:00:01', ...others] = process.argv.slice(2);
const images = await startImageServer(tools, IMAGES);

let isOver = false;
process.once('SIGINT', () => {
  isOver = true;
});
for (const mac of [first, ...others]) {
  const bootfile = `http://10.0.2.2:${process.env.PORT ?? 27778}/boot/v1/bootscript?mac=${mac}`;
  const node = await startMachine({ tools, mac, bootfile });
  console.log(`node ${mac} is on; its kernel is to be had at ${images.kernelUrl}, its initrd at ${images.initrdUrl}`);
  let isOff = false;
  node.exited.then(() => {
    isOff = true;
  });

  // Asked before reading: a machine that goes off in between has written all it will.
  for (let shown = 0, last = false; !last; await sleep(200)) {
    last = isOff || isOver;
    const text = await node.console();
    process.stdout.write(text.slice(shown));
    shown = text.length;
  }
  await node.stop();
  if (isOver) break;
}
await images.stop();
