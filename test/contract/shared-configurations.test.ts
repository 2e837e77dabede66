import { expect, it } from 'vitest';
import { sharedConfigurations } from '../../src/adapters/store/mirror/shared-configurations.ts';

const bootOf = (configurationId: string, referralToken: string) => ({
  configurationId,
  configuration: { kernel: `http://files/${configurationId}` },
  referralToken,
});

it('Records of one configuration share it, and keep what is their own', () => {
  const share = sharedConfigurations();
  const first = share(bootOf('a', 't1'));
  const second = share(bootOf('a', 't2'));
  const other = share(bootOf('b', 't1'));
  expect(second.configuration).toBe(first.configuration);
  expect(second.referralToken).toBe('t2');
  expect(other.configuration).toEqual({ kernel: 'http://files/b' });
});

it('Many configurations are all told apart', () => {
  const share = sharedConfigurations();
  const all = Array.from({ length: 5000 }, (_, at) => share(bootOf(`${at}`, 't')));
  all.forEach(({ configuration }, at) => {
    const again = share(bootOf(`${at}`, 'u'));
    expect(again.configuration).toBe(configuration);
    expect(again.configuration).toEqual({ kernel: `http://files/${at}` });
  });
});
