import { expect, it } from 'vitest';
import { readSettings } from '../../src/config.ts';

it('reads booleans as the services in the field do', () => {
  const read = (BSS_DEBUG: string) => readSettings({ BSS_DEBUG }).settings.BSS_DEBUG;
  for (const yes of ['1', 't', 'true', 'True', 'TRUE', 'on', 'yes', 'YES'])
    expect([yes, read(yes)]).toEqual([yes, true]);
  for (const no of ['0', 'f', 'false', 'False', 'off', 'no', 'No']) expect([no, read(no)]).toEqual([no, false]);
  expect(read('')).toBeUndefined();
  for (const neither of ['perhaps', 'y', 'onoff', '2', 'true ', 'no\n']) {
    expect(() => read(neither)).toThrow('BSS_DEBUG must be true or false');
  }
});

it('names the settings of services in the field that mean nothing here, and those of its own that are mistyped', () => {
  const ignored = [
    'BSS_AUTH_REQUIRED',
    'BSS_CACHE_EVICTION_TIMEOUT',
    'BSS_ENDPOINT_HOST',
    'BSS_SCRIPT_FROM',
    'BSS_SERVICE_NAME',
    'BSS_SQL_RETRY_COUNT',
    'DATASTORE_BASE',
    'ETCD_HOST',
    'NFD_URL',
    'S3_BUCKET',
    'SQL_RETRY_WAIT',
  ];
  const others = ['BSS_RETRY_DELAY', 'HSM_URL', 'PATH', 'HOME'];
  const environment = Object.fromEntries(
    [...ignored, ...others].map((name) => [name, name === 'HSM_URL' ? 'mem:' : '5']),
  );
  expect(readSettings(environment).ignored).toEqual(ignored);
  expect(readSettings({ ...environment, ETCD_HOST: '' }).ignored).not.toContain('ETCD_HOST');
});
