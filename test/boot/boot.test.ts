// Real iPXE, real Linux: a node must come up whatever happens to it or to the service on the way.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type ImageServer, startImageServer } from './image-server.ts';
import { bootsLinux, powerOn, rounds } from './node.ts';
import { add, addRecord, bootsWith } from './record.ts';
import { node as nodeTarget, type RunningService, type Target, targets } from './targets.ts';
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
  describe('a lab without SMD, with real iPXE, service on node', () => labCases(tools));
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

function labCases(tools: Tools): void {
  const limit = 180_000;
  const ofFile = { xname: 'x1000c0s0b0n0', mac: '52:54:00:b5:50:11' };
  const byHand = { xname: 'x1000c0s0b0n1', mac: '52:54:00:b5:50:12' };
  const behindBmc = { xname: 'x1000c0s1b0n0', mac: '52:54:00:b5:50:13' };
  let service: RunningService;
  let images: ImageServer;

  beforeAll(async () => {
    images = await startImageServer(tools);
    return () => images.stop();
  });

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bss-edge-lab-'));
    const file = join(folder, 'lab.yaml');
    await writeFile(file, `Components: [{ID: ${ofFile.xname}, NID: 1, Role: Compute, MAC: ["${ofFile.mac}"]}]`);
    service = await nodeTarget.start({ HSM_URL: `file:${file}`, BSS_RETRY_DELAY: '2', BSS_HSM_RETRIEVAL_DELAY: '2' });
    return async () => {
      await service.stop();
      await rm(folder, { recursive: true });
    };
  }, limit);

  test('boots the node of its file and those added by hand, each as it is told', { timeout: limit }, async () => {
    await add(service, '/hsm/v2/State/Components', { Components: [{ ID: byHand.xname, NID: 2, Role: 'Compute' }] });
    const ethernet = { MACAddress: byHand.mac, ComponentID: byHand.xname };
    await add(service, '/hsm/v2/Inventory/EthernetInterfaces', ethernet);
    await add(service, '/hsm/v2/Inventory/RedfishEndpoints', {
      ID: 'x1000c0s1b0',
      SchemaVersion: 1,
      Systems: [
        {
          uri: `/redfish/v1/Systems/${behindBmc.xname}`,
          ethernet_interfaces: [{ mac: behindBmc.mac, ip: '10.0.2.13' }],
        },
      ],
    });
    await add(service, '/hsm/v2/groups', { label: 'gpu', members: { ids: [behindBmc.xname] } });
    for (const name of ['Default', 'Compute', 'gpu', ofFile.xname]) {
      await add(service, '/boot/v1/bootparameters', { hosts: [name], ...bootsWith(images, `lab=${name}`) });
    }

    for (const [{ mac, xname }, record] of [
      [ofFile, ofFile.xname],
      [byHand, 'Compute'],
      [behindBmc, 'gpu'],
    ] as const) {
      const words = await bootsLinux(await powerOn(tools, service, mac));
      expect(words).toEqual(expect.arrayContaining([`lab=${record}`, `xname=${xname}`]));
    }
    const history = await fetch(`${service.url}/boot/v1/endpoint-history?endpoint=bootscript`);
    expect(await history.json()).toMatchObject([ofFile, byHand, behindBmc].map(({ xname: name }) => ({ name })));
  });
}
