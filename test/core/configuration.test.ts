import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BootConfiguration,
  canonicalConfiguration,
  commonConfiguration,
  patchConfiguration,
  presentObject,
} from '../../src/core/configuration.ts';

const full: BootConfiguration = {
  kernel: 'http://files/vmlinuz',
  initrd: 'http://files/initrd',
  params: 'quiet',
  metaData: { region: 'east', nested: { kept: 1, dropped: 2 } },
  userData: { packages: ['vim'] },
};
const nothing = { kernel: undefined, initrd: undefined, params: undefined, metaData: undefined, userData: undefined };

const text = fc.option(fc.constantFrom('a', 'b', 'null'), { nil: undefined });
const object = fc.option(fc.constantFrom({ a: 1 }, { b: 1 }, { a: null }), { nil: undefined });
const configurations: fc.Arbitrary<BootConfiguration> = fc.record({
  kernel: text,
  initrd: text,
  params: text,
  metaData: object,
  userData: object,
});

describe('a patch of a configuration', () => {
  it('changes only what it says', () => {
    expect(patchConfiguration(full, { kernel: 'http://files/other' })).toEqual({
      ...full,
      kernel: 'http://files/other',
    });
    expect(patchConfiguration(full, { params: 'debug', userData: undefined })).toEqual({ ...full, params: 'debug' });
  });

  it('that says nothing changes nothing', () => {
    fc.assert(
      fc.property(configurations, (old) => {
        expect(patchConfiguration(old, {})).toEqual({ ...nothing, ...old });
      }),
    );
  });

  it('clears with null, each part', () => {
    const nulls = { kernel: null, initrd: null, params: null, metaData: null, userData: null };
    expect(patchConfiguration(full, { initrd: null })).toEqual({ ...full, initrd: undefined });
    expect(patchConfiguration(full, { metaData: null })).toEqual({ ...full, metaData: undefined });
    expect(patchConfiguration(full, nulls)).toEqual(nothing);
  });

  it('merges into meta-data and user-data as a JSON merge patch', () => {
    const metaData = { nested: { dropped: null, added: [3] } };
    expect(patchConfiguration(full, { metaData, userData: { runcmd: ['ls'] } })).toEqual({
      ...full,
      metaData: { region: 'east', nested: { kept: 1, added: [3] } },
      userData: { packages: ['vim'], runcmd: ['ls'] },
    });
    expect(patchConfiguration({}, { metaData: { a: 'b' } }).metaData).toEqual({ a: 'b' });
  });

  it('leaves an object that it empties absent', () => {
    expect(patchConfiguration(full, { userData: { packages: null } }).userData).toBeUndefined();
    expect(patchConfiguration({}, { userData: { packages: null } }).userData).toBeUndefined();
  });
});

describe('what configurations have in common', () => {
  it('is nothing of none, and all of one', () => {
    expect(commonConfiguration([])).toEqual({});
    expect(commonConfiguration([full])).toEqual(full);
  });

  it('is the parts in which all agree, objects compared without regard to the order of their keys', () => {
    const other = { ...full, initrd: undefined, params: 'debug', userData: { packages: ['vim'], runcmd: [] } };
    const metaData = { nested: { dropped: 2, kept: 1 }, region: 'east' };
    expect(commonConfiguration([full, { ...other, metaData }])).toEqual({
      ...nothing,
      kernel: full.kernel,
      metaData: full.metaData,
    });
  });

  it('holds no part that one of them lacks or has otherwise', () => {
    fc.assert(
      fc.property(fc.array(configurations, { minLength: 1 }), (all) => {
        const common = commonConfiguration(all);
        for (const one of all) expect(one).toMatchObject(JSON.parse(JSON.stringify(common)));
        expect(commonConfiguration([...all, common])).toEqual(common);
      }),
    );
  });
});

describe('the canonical text of a configuration', () => {
  it('does not depend on the order of keys, nor on whether an absent part is mentioned', () => {
    expect(canonicalConfiguration({ metaData: { b: 1, a: 2 }, kernel: 'k' })).toBe(
      canonicalConfiguration({ ...nothing, kernel: 'k', metaData: { a: 2, b: 1 } }),
    );
  });

  it('is the same for equal configurations only', () => {
    fc.assert(
      fc.property(configurations, configurations, (a, b) => {
        const equal = JSON.stringify({ ...nothing, ...a }) === JSON.stringify({ ...nothing, ...b });
        expect(canonicalConfiguration(a) === canonicalConfiguration(b)).toBe(equal);
      }),
    );
  });

  it('tells a kernel from an initrd, and meta-data from user-data', () => {
    expect(canonicalConfiguration({ kernel: 'a' })).not.toBe(canonicalConfiguration({ initrd: 'a' }));
    expect(canonicalConfiguration({ metaData: { a: 1 } })).not.toBe(canonicalConfiguration({ userData: { a: 1 } }));
  });
});

it('an object that holds nothing is absent', () => {
  expect(presentObject({})).toBeUndefined();
  expect(presentObject(undefined)).toBeUndefined();
  expect(presentObject({ a: null })).toEqual({ a: null });
});
