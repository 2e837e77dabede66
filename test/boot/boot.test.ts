// Real iPXE, real Linux: a node must come up whatever happens to it or to the service on the way.
import { beforeAll, describe, expect, test } from 'vitest';
import { type ImageServer, startImageServer } from './image-server.ts';
import { bootsLinux, powerOn, rounds } from './node.ts';
import { addRecord } from './record.ts';
import { type RunningService, type Target, targets } from './targets.ts';
import { explainMissing, findTools, type Tools } from './tools.ts';

const found = findTools();
if (found.missing) {
  const { CI } = process.env;
  if (CI) throw new Error(explainMissing(found.missing));
  console.warn(`SKIPPED: ${explainMissing(found.missing)}`);
  test.skip('real iPXE boots');
} else {
  const { tools } = found;
  describe.each(targets)('a node with real iPXE, service on $name', (target) => cases(target, tools));
}

function cases(target: Target, tools: Tools): void {
  const settings = { BSS_RETRY_DELAY: '2', BSS_HSM_RETRIEVAL_DELAY: '2' };
  const limit = 180_000;
  let service: RunningService;
  let images: ImageServer;

  beforeAll(async () => {
    images = await startImageServer(tools);
    return () => images.stop();
  });

  beforeAll(async () => {
    service = await target.start(settings);
    return () => service.stop();
  }, limit);

  test('waits while it is unknown, then boots without being power-cycled', { timeout: limit }, async () => {
    const mac = '52:54:00:b5:50:0a';
    const node = await powerOn(tools, service, mac);
    // Plain nested chains hang this iPXE at the 13th: more rounds than that prove that the loop does not nest.
    await node.waitFor(rounds(14), 150_000);
    await addRecord(service, images, mac);
    const words = await bootsLinux(node);
    expect(words).toContain('bss_test=1');
    expect(words).toContain('initrd=initrd');
    expect(words).toContain('BOOTIF=01-52-54-00-b5-50-0a');
  });

  test('boots once its kernel is there, after two times 404', { timeout: limit }, async () => {
    const mac = '52:54:00:b5:50:0b';
    const before = images.asked.kernel;
    images.refuseKernel(2);
    await addRecord(service, images, mac);
    expect(await bootsLinux(await powerOn(tools, service, mac))).toContain('bss_test=1');
    expect(images.asked.kernel - before).toBe(3);
  });

  test('boots although the service was killed and restarted while it retried', { timeout: limit }, async () => {
    const mac = '52:54:00:b5:50:0c';
    images.refuseKernel(Number.POSITIVE_INFINITY);
    await addRecord(service, images, mac);
    const node = await powerOn(tools, service, mac);
    await node.waitFor(rounds(2), 60_000);
    await service.kill();
    // The script's own download must be seen to fail, else the restart was quicker than the node.
    await node.waitFor(/\/bootscript\.+ (?!ok)\w/, 60_000);
    await service.restart();
    images.refuseKernel(0);
    expect(await bootsLinux(node)).toContain('bss_test=1');
  });
}
