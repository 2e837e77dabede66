import { expect, it } from 'vitest';
import { inventoryByUrl } from '../../src/compose/inventory-by-url.ts';
import { readSettings, SettingError } from '../../src/config.ts';
import { silentLog } from '../support/silent-log.ts';
import { byHostname, byMac, byNid, byXname } from './keys.ts';

const open = (url?: string) =>
  inventoryByUrl(readSettings(url === undefined ? {} : { HSM_URL: url }).settings, true, silentLog);

it.each([
  byMac('02:00:00:00:00:02'),
  byXname('x0c0s2b0n0'),
  byNid(3),
  byHostname('nid0003.local'),
  byHostname('nid0003'),
])('HSM_URL=mem: knows five nodes, each by everything: %o', async (key) => {
  const node = { xname: 'x0c0s2b0n0', nid: 3, macs: ['02:00:00:00:00:02'], role: 'Compute', fqdn: 'nid0003.local' };
  expect(await open('mem:')?.find(key)).toEqual({ ...node, groups: [], enabled: true });
});

it('HSM_URL=mem: knows four that are enabled, one that is not, and no more', async () => {
  const found = await open('mem:')?.findAll([1, 2, 3, 4, 5, 6].map(byNid));
  expect(found?.map((component) => component?.enabled)).toEqual([true, true, true, true, false, undefined]);
});

it('Without HSM_URL there is no inventory', () => {
  expect(open()).toBeUndefined();
});

it('A runtime without files refuses a file, and says so', () => {
  expect(() => open('file:/state.json')).toThrow(SettingError);
  expect(() => open('file:/state.json')).toThrow(/^HSM_URL /);
});
