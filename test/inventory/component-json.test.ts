import { describe, expect, it } from 'vitest';
import { cannedComponents } from '../../src/adapters/inventory/canned.ts';
import { componentJson, readComponent } from '../../src/adapters/inventory/component-json.ts';
import { toComponent } from '../../src/adapters/inventory/smd/to-component.ts';
import type { Component } from '../../src/core/component.ts';
import { xnameOf } from '../support/identifiers.ts';

const FULL = toComponent({
  component: {
    ID: 'x1000c0s0b0n0',
    NID: 1,
    Type: 'Node',
    State: 'Ready',
    Flag: 'OK',
    Enabled: true,
    SoftwareStatus: 'AdminStatus_OK',
    Role: 'Application',
    SubRole: 'UAN',
    Subtype: 'Slot',
    NetType: 'Sling',
    Arch: 'X86',
    Class: 'River',
    Locked: false,
  },
  macs: ['02:00:00:00:00:01', '02-00-00-00-00-02'],
  addresses: ['172.16.1.1', 'FD00::1', '::ffff:10.0.0.1', 'fe80::1%eth0'],
  groups: ['compute', 'canary'],
  endpointEnabled: true,
  fqdn: 'NID001.Cluster.Example.',
});
const BARE: Component = {
  xname: xnameOf('x1000c0s0b0n1'),
  macs: [],
  addresses: [],
  groups: [],
  enabled: false,
  details: {},
};

/** What comes back of a component from where JSON is kept as a text. */
function kept(component: Component): Component | undefined {
  return readComponent(JSON.parse(JSON.stringify(componentJson(component))));
}

describe('A component kept as JSON', () => {
  it('comes back as it was, also when little is known of it', () => {
    expect.assert(FULL !== undefined);
    expect(kept(FULL)).toEqual(FULL);
    expect(kept(BARE)).toStrictEqual(BARE);
    for (const component of cannedComponents()) expect(kept(component)).toEqual(component);
  });

  it('holds nothing that was not said', () => {
    expect(componentJson(BARE)).toStrictEqual({ ...BARE });
  });

  it.each<[string, object]>([
    ['an xname that is none', { xname: 'x1000c0s0b0' }],
    ['a MAC that is none', { macs: ['02:00:00:00:00:01', '02:00:00:00:00'] }],
    ['no list of MACs', { macs: undefined }],
    ['an address that is none', { addresses: ['172.16.1.256'] }],
    ['a NID that is none', { nid: 1.5 }],
    ['a NID as a text', { nid: '1' }],
    ['a group that is an xname', { groups: ['x1000c0s0b0n0'] }],
    ['a host name that is none', { fqdn: 'no name' }],
    ['no word on whether it is enabled', { enabled: undefined }],
    ['a role that is no text', { role: 5 }],
    ['a detail of a wrong type', { details: { Locked: 'no' } }],
    ['a detail that is not known', { details: { Colour: 'red' } }],
    ['a member that is not known', { colour: 'red' }],
    ['null for what was not said', { role: null }],
  ])('is none with %s', (_, change) => {
    const json = JSON.parse(JSON.stringify({ ...componentJson(BARE), ...change }));
    expect(readComponent(json)).toBeUndefined();
  });

  it.each([undefined, null, 5, 'text', [], [{}], {}])('is none when it is %j', (value) => {
    expect(readComponent(value)).toBeUndefined();
  });
});
