import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseInventoryFile } from '../../src/adapters/inventory/inventory-file.ts';
import { readSettings, SettingError } from '../../src/config.ts';
import { openNodeInventory } from '../../src/node/inventory.ts';
import type { Inventory } from '../../src/ports/inventory.ts';
import { silentLog } from '../support/silent-log.ts';
import { found } from './found.ts';
import { byAddress, byMac } from './keys.ts';

/** A file as sites have it, in the words of the services in the field. */
const FILE = {
  Components: [
    {
      ID: 'x1000c0s0b0n0',
      Type: 'Node',
      State: 'Ready',
      Flag: 'OK',
      Enabled: true,
      Role: 'Compute',
      NID: 1,
      FQDN: 'nid001.cluster.example',
      MAC: ['02:00:00:00:00:00', '02:00:00:00:00:00'],
      EndpointEnabled: true,
    },
    { ID: 'x1000c0s0b0n1', NID: 2, State: 'Ready', Role: 'Compute', FQDN: '', MAC: [], EndpointEnabled: false },
    { ID: 'x1000c0s1b0n0', NID: 3, MAC: null, FQDN: null },
  ],
  IPAddresses: {
    '172.16.1.1': { ID: '020000000000', ComponentID: 'x1000c0s0b0n0', IPAddresses: [{ IPAddress: '172.16.1.1' }] },
    '172.16.1.9': 'x1000c0s0b0n0',
    '172.16.1.100': { ID: 'decafc0f0000', ComponentID: 'x1000c0s0b0' },
    '172.16.1.101': { ID: '020000000a00', ComponentID: '' },
    '172.16.1.102': { ID: '020000000b00' },
    'no address': { ID: '020000000000', ComponentID: 'x1000c0s0b0n0' },
  },
};

/** One as somebody writes it by hand. */
const YAML = `
Components:
  - ID: x1000c0s0b0n0
    NID: 1
    MAC: [02:00:00:00:00:00, 02:00:00:00:00:01]
    Role: Compute
    Groups: [gpu]
    Locked: false
  - { ID: x1000c0s0b0n1, Enabled: false }
IPAddresses:
  172.16.1.1: x1000c0s0b0n0
  fd00::1:1: x1000c0s0b0n0
  172.16.1.9: { ComponentID: x1000c0s0b0n0 }
  172.16.1.10: nobody
`;

const open = (url: string): Inventory | undefined =>
  openNodeInventory(readSettings({ HSM_URL: url }).settings, silentLog)?.inventory;

async function fileForTest(content: string, name = 'state.json'): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bss-inventory-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe('An inventory file', () => {
  it('is read in the words of the services in the field', () => {
    expect(parseInventoryFile(JSON.stringify(FILE))).toEqual([
      {
        xname: 'x1000c0s0b0n0',
        nid: 1,
        macs: ['02:00:00:00:00:00'],
        addresses: ['172.16.1.1', '172.16.1.9'],
        role: 'Compute',
        groups: [],
        enabled: true,
        fqdn: 'nid001.cluster.example',
        details: { Type: 'Node', State: 'Ready', Flag: 'OK', Enabled: true, EndpointEnabled: true },
      },
      {
        xname: 'x1000c0s0b0n1',
        nid: 2,
        macs: [],
        addresses: [],
        role: 'Compute',
        groups: [],
        enabled: false,
        details: { State: 'Ready', EndpointEnabled: false },
      },
      { xname: 'x1000c0s1b0n0', nid: 3, macs: [], addresses: [], groups: [], enabled: true, details: {} },
    ]);
  });

  it('tells whose an address is', async () => {
    const inventory = open(`file:${await fileForTest(JSON.stringify(FILE))}`);
    expect(await found(inventory, byAddress('172.16.1.9'))).toMatchObject({ xname: 'x1000c0s0b0n0' });
    for (const nobodys of ['172.16.1.100', '172.16.1.101', '172.16.1.102'])
      expect(await found(inventory, byAddress(nobodys))).toBeUndefined();
  });

  it.each(['state.yaml', 'state.yml', 'STATE.YAML'])('is YAML when it is called %s', async (name) => {
    const inventory = open(`file:${await fileForTest(YAML, name)}`);
    expect((await inventory?.list())?.components).toEqual([
      {
        xname: 'x1000c0s0b0n0',
        nid: 1,
        macs: ['02:00:00:00:00:00', '02:00:00:00:00:01'],
        addresses: ['172.16.1.1', 'fd00::1:1', '172.16.1.9'],
        role: 'Compute',
        groups: ['gpu'],
        enabled: true,
        details: { Locked: false },
      },
      { xname: 'x1000c0s0b0n1', macs: [], addresses: [], groups: [], enabled: false, details: { Enabled: false } },
    ]);
  });

  it('may hold no components', () => {
    expect(parseInventoryFile('{"Components":[]}')).toEqual([]);
  });

  it.each([
    ['by path', (path: string) => `file:${path}`],
    ['by a path that begins where the service runs', (path: string) => `file:${relative(process.cwd(), path)}`],
    ['by URL', (path: string) => pathToFileURL(path).href],
  ])('is named %s in HSM_URL', async (_, urlOf) => {
    const inventory = open(urlOf(await fileForTest(JSON.stringify(FILE))));
    expect(await found(inventory, byMac('02:00:00:00:00:00'))).toMatchObject({ xname: 'x1000c0s0b0n0' });
  });
});

describe('What is wrong with an inventory file is said with its place:', () => {
  it.each([
    ['no components', {}, 'Components'],
    ['components that are no list', { Components: { ID: 'x1000c0s0b0n0' } }, 'Components'],
    ['a component without ID', { Components: [{ ID: 'x1000c0s0b0n0' }, { NID: 2 }] }, 'Components.1.ID'],
    ['a component that is a text', { Components: ['x1000c0s0b0n0'] }, 'Components.0'],
    ['an ID of a wrong type', { Components: [{ ID: 5 }] }, 'Components.0.ID'],
    ['a NID of a wrong type', { Components: [{ ID: 'x1000c0s0b0n0', NID: [1] }] }, 'Components.0.NID'],
    ['MACs that are no list', { Components: [{ ID: 'x1000c0s0b0n0', MAC: '02:00:00:00:00:00' }] }, 'Components.0.MAC'],
    ['a MAC of a wrong type', { Components: [{ ID: 'x1000c0s0b0n0', MAC: ['a', 5] }] }, 'Components.0.MAC.1'],
    ['a flag of a wrong type', { Components: [{ ID: 'x1000c0s0b0n0', Enabled: 'no' }] }, 'Components.0.Enabled'],
    ['an endpoint flag', { Components: [{ ID: 'x1000c0s0b0n0', EndpointEnabled: 0 }] }, 'Components.0.EndpointEnabled'],
    ['a lock of a wrong type', { Components: [{ ID: 'x1000c0s0b0n0', Locked: 'no' }] }, 'Components.0.Locked'],
    ['addresses that are a list', { Components: [], IPAddresses: ['172.16.1.1'] }, 'IPAddresses'],
    ['an address of nothing', { Components: [], IPAddresses: { 'fd00::1': 5 } }, 'IPAddresses.fd00::1'],
    ['an ID that is no xname', { Components: [{ ID: 'x1000c0s0b0n0' }, { ID: 'nid001' }] }, '"nid001"'],
    ['an ID that is no node', { Components: [{ ID: 'x1000c0s0b0' }] }, '"x1000c0s0b0"'],
    ['an empty ID', { Components: [{ ID: 'x1000c0s0b0n0' }, { ID: '' }] }, 'Components.1'],
  ])('%s', (_, content, place) => {
    expect(() => parseInventoryFile(JSON.stringify(content))).toThrow(place);
  });

  it.each([
    ['a comma too few', '{"Components":[\n{"ID":"x1000c0s0b0n0"}\n{"ID":"x1000c0s0b0n1"}]}', 'line 3'],
    ['a comma too many', '{"Components":[\n{"ID":"x1000c0s0b0n0"},\n]}', 'b0n0"},'],
    ['a part of a file', '{"Components":[', 'end of JSON'],
    ['an empty file', '', 'end of JSON'],
  ])('%s', (_, content, place) => {
    expect(() => parseInventoryFile(content)).toThrow(place);
  });
});

describe('What is wrong with an inventory file in YAML is said in one line with its place:', () => {
  it.each([
    ['a value too many', 'Components:\n  - ID: x1000c0s0b0n0: x', /^YAML: .* at line 2, column 22$/],
    ['a name twice', 'Components: []\nComponents: []\n', /^YAML: .* at line 2, column 1$/],
    ['a bracket too few', 'Components: [\n', /^YAML: .* at line 2, column 1$/],
    ['an empty file', '', /^YAML: .* empty at line 1, column 1$/],
    [
      'a MAC that reads as a number',
      'Components: [{ ID: x1000c0s0b0n0, MAC: [525400000001] }]',
      /^Components\.0\.MAC\.0:/,
    ],
  ])('%s', (_, content, reason) => {
    let message: unknown;
    try {
      parseInventoryFile(content, 'state.yaml');
    } catch (error) {
      message = error instanceof Error ? error.message : error;
    }
    expect(message).toMatch(reason);
  });
});

describe('The setting HSM_URL stops the start with a sentence that names it when its file', () => {
  const refusal = (url: string): string => {
    try {
      open(url);
    } catch (error) {
      if (error instanceof SettingError) return error.message;
      throw error;
    }
    return expect.fail('was opened');
  };

  it('is missing', () => {
    expect(refusal('file:/nowhere/state.json')).toMatch(/^HSM_URL .*\/nowhere\/state\.json/);
  });

  it('is a folder', () => {
    expect(refusal(`file:${tmpdir()}`)).toMatch(/^HSM_URL .*directory/);
  });

  it('is on another host', () => {
    expect(refusal('file://elsewhere/state.json')).toMatch(/^HSM_URL .*host/);
  });

  it('is no JSON', async () => {
    expect(refusal(`file:${await fileForTest('Components:\n- ID')}`)).toMatch(/^HSM_URL .*JSON/s);
  });

  it('is no YAML', async () => {
    expect(refusal(`file:${await fileForTest('Components: [', 'state.yaml')}`)).toMatch(/^HSM_URL .*YAML.* line 1/);
  });

  it('holds something else, and names the place in it', async () => {
    const path = await fileForTest('{"Components":[{"ID":"x1000c0s0b0n0","NID":true}]}');
    expect(refusal(`file:${path}`)).toMatch(/^HSM_URL .*Components\.0\.NID/);
  });
});
