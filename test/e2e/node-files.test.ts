import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send } from '../support/http-client.ts';
import { type NodeProcess, spawnNode, until } from '../support/node-process.ts';
import { startSmd } from '../support/smd-simulator.ts';

const PARAMETERS = '/boot/v1/bootparameters';
const NODE = 'x1000c0s0b0n0';

const JSON_FILE = JSON.stringify({
  Components: [
    { ID: NODE, NID: 1, FQDN: 'nid0001.lab', State: 'Ready', Role: 'Compute', MAC: ['02:00:00:00:00:01'] },
    { ID: 'x1000c0s1b0n0', NID: 2, MAC: ['02:00:00:00:00:02'], EndpointEnabled: false },
  ],
  IPAddresses: { '127.0.0.1': { ComponentID: NODE } },
});

const YAML_FILE = `
Components:
  - ID: ${NODE}
    NID: 1
    FQDN: nid0001.lab
    State: Ready
    Role: Compute
    MAC:
      - 02:00:00:00:00:01
  - ID: x1000c0s1b0n0
    NID: 2
    MAC: ['02:00:00:00:00:02']
    EndpointEnabled: false
IPAddresses:
  127.0.0.1: ${NODE}
`;

describe('the Node entry with files', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bss-files-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Starts it with a data folder of its own; it is up when this is done. */
  async function started(name: string, settings: Record<string, string>): Promise<NodeProcess> {
    const service = await spawnNode({ BSS_DATA_DIR: join(folder, `data-${name}`), ...settings });
    await until(
      () => send(service.origin, 'GET', PARAMETERS),
      ({ status }) => status === 200,
    );
    return service;
  }

  async function write(name: string, content: string): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  }

  it.each([
    ['inventory.json', JSON_FILE],
    ['inventory.yaml', YAML_FILE],
  ])(
    'knows the nodes and addresses of %s [inventory.file-json] [inventory.file-yaml] [inventory.file-addresses] [service.hsm-with-a-file]',
    async (name, content) => {
      const service = await started(name, {
        HSM_URL: `file:${await write(name, content)}`,
        BSS_SCRIPT_FORM: 'classic',
      });
      const get = async (path: string) => (await send(service.origin, 'GET', path)).text;
      await send(service.origin, 'PUT', PARAMETERS, {
        hosts: ['Default'],
        kernel: 'http://files/k',
        'cloud-init': { 'user-data': { packages: ['x'] } },
      });
      for (const query of ['mac=02:00:00:00:00:01', `name=${NODE}`, 'name=nid0001', 'name=nid0001.lab', 'nid=1']) {
        expect(await get(`/boot/v1/bootscript?${query}`)).toContain(`kernel http://files/k xname=${NODE} nid=1 `);
      }
      for (const query of ['nid=2', 'nid=3']) {
        expect(await get(`/boot/v1/bootscript?${query}`)).not.toContain('http://files/k');
      }
      expect(await get('/meta-data?key=local-hostname')).toBe(`"${NODE}"`);
      expect(await get('/user-data')).toContain(`local-hostname: ${NODE}\n`);
      expect(await get('/boot/v1/service/hsm')).toBe('{"bss-status-hsm":"connected"}');
      service.signal('SIGTERM');
      expect(await service.exitCode()).toBe(0);
    },
  );

  it.each([
    ['no JSON', 'broken.json', '{"Components":['],
    ['no YAML', 'broken.yaml', 'Components: [}'],
    ['no list', 'list.json', '{"Components":{}}'],
    ['nothing', 'empty.json', ''],
    ['nothing', 'empty.yaml', ''],
    ['a name that is none', 'name.json', '{"Components":[{"ID":"x1000c0s0b0"}]}'],
  ])('does not start with a file that holds %s [service.broken-inventory-file]', async (_, name, content) => {
    const settings = { HSM_URL: `file:${await write(name, content)}`, BSS_DATA_DIR: join(folder, 'data-broken') };
    const service = await spawnNode(settings);
    expect(await service.exitCode()).toBe(1);
    expect(service.output()).toMatch(/^bss-edge: HSM_URL names an inventory file that cannot be used: \S/);
  });

  it('sends SMD the token of a file, and another once that holds another [inventory.token-of-file]', async () => {
    const smd = await startSmd({ nodes: [{ xname: NODE, nid: 1, groups: ['rack1'] }] });
    const path = await write('token', 'first\n');
    const service = await started('token', { HSM_URL: smd.url, BSS_SMD_TOKEN_FILE: path });
    const script = async () => (await send(service.origin, 'GET', '/boot/v1/bootscript?nid=1')).text;
    await send(service.origin, 'PUT', PARAMETERS, { hosts: ['rack1'], kernel: 'http://files/group' });
    smd.requireToken('first');
    expect(await script()).toContain('http://files/group');
    smd.requireToken('second');
    await writeFile(path, 'second\n');
    expect(await script()).toContain('http://files/group');
    service.signal('SIGTERM');
    expect(await service.exitCode()).toBe(0);
    await smd.stop();
  });

  it('says at the start that the API is open, unless there are keys [access.open-is-said-at-the-start]', async () => {
    for (const [settings, isSaid] of [
      [{}, true],
      [{ BSS_JWKS_URL: 'http://127.0.0.1:1/jwks' }, false],
    ] as const) {
      const service = await spawnNode({ BSS_DATA_DIR: join(folder, 'data-open'), ...settings });
      await until(
        async () => service.output(),
        (output) => output.includes('the store is up'),
      );
      expect(/"level":"warn".*the API is open/.test(service.output())).toBe(isSaid);
      service.signal('SIGTERM');
      expect(await service.exitCode()).toBe(0);
    }
  });

  it('warns in the log of parameters of more than 2,000 bytes that go out, without saying them [limits.long-parameters-are-logged]', async () => {
    const service = await started('long', { BSS_SCRIPT_FORM: 'classic' });
    const bootWith = async (mac: string, length: number): Promise<void> => {
      await send(service.origin, 'PUT', PARAMETERS, {
        macs: [mac],
        kernel: 'http://files/k',
        params: 'x'.repeat(length),
      });
      await send(service.origin, 'GET', `/boot/v1/bootscript?mac=${mac}`);
    };
    // With what is added they have 2,000 bytes, and 2,001.
    const added = ` bss_referral_token=${'t'.repeat(36)} BOOTIF=01-02-00-00-00-00-01`.length;
    await bootWith('02:00:00:00:00:01', 2000 - added);
    await bootWith('02:00:00:00:00:02', 2001 - added);
    service.signal('SIGTERM');
    await service.exitCode();
    const warnings = service
      .output()
      .split('\n')
      .filter((line) => line.includes('"level":"warn"') && line.includes('bytes'));
    expect(warnings).toEqual([expect.stringMatching(/"node":"02:00:00:00:00:02".*have 2001 bytes/)]);
    expect(service.output()).not.toContain('xxxx');
  });
});
