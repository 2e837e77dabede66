import { expect, it } from 'vitest';
import { queuedEdgeCache } from '../../src/adapters/inventory/edge-cache.ts';
import { edgeInventory } from '../../src/compose/edge-inventory.ts';
import { readSettings, SettingError } from '../../src/config.ts';
import { silentLog } from '../support/silent-log.ts';
import { forgetfulCache } from './edge.ts';
import { found, foundAll } from './found.ts';
import { byAddress, byHostname, byMac, byNid, byXname } from './keys.ts';

const noCache = queuedEdgeCache(forgetfulCache);
const open = (url?: string) =>
  edgeInventory(readSettings(url === undefined ? {} : { HSM_URL: url }).settings, noCache, silentLog);

it.each([
  byMac('02:00:00:00:00:02'),
  byXname('x0c0s2b0n0'),
  byNid(3),
  byHostname('nid0003.local'),
  byHostname('nid0003'),
  byAddress('192.0.2.3'),
])('HSM_URL=mem: knows five nodes, each by everything: %o', async (key) => {
  const node = { xname: 'x0c0s2b0n0', nid: 3, macs: ['02:00:00:00:00:02'], role: 'Compute', fqdn: 'nid0003.local' };
  const said = { Type: 'Node', State: 'Ready', Flag: 'OK', NetType: 'Sling', Arch: 'X86', Class: 'River' };
  expect(await found(open('mem:'), key)).toEqual({
    ...node,
    addresses: ['192.0.2.3'],
    groups: [],
    enabled: true,
    details: { ...said, Enabled: true, EndpointEnabled: true },
  });
});

it('HSM_URL=mem: knows four that are enabled, one that is not, and no more', async () => {
  const all = await foundAll(open('mem:'), [1, 2, 3, 4, 5, 6].map(byNid));
  expect(all.map((component) => component?.enabled)).toEqual([true, true, true, true, false, undefined]);
});

it('Without HSM_URL there is no inventory', () => {
  expect(open()).toBeUndefined();
});

it('A runtime without files refuses a file, and says so', () => {
  expect(() => open('file:/state.json')).toThrow(SettingError);
  expect(() => open('file:/state.json')).toThrow(/^HSM_URL /);
});

it('A runtime without files refuses a token file, and says so', () => {
  const { settings } = readSettings({ HSM_URL: 'http://127.0.0.1:1', BSS_SMD_TOKEN_FILE: '/run/token' });
  expect(() => edgeInventory(settings, noCache, silentLog)).toThrow(SettingError);
  expect(() => edgeInventory(settings, noCache, silentLog)).toThrow(/^BSS_SMD_TOKEN_FILE /);
});
