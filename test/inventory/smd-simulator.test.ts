import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { smdForTest } from './smd.ts';

/** What SMD was asked, and the file that its answer was recorded in. */
const RECORDED = [
  ['/State/Components?type=Node', 'components'],
  ['/State/Components?nid=1001', 'components-nid'],
  ['/State/Components?group=gpu&type=Node', 'components-group-gpu'],
  ['/State/Components/x1000c0s0b0n0', 'component-one'],
  ['/Inventory/EthernetInterfaces', 'ethernet-interfaces-all'],
  ['/Inventory/EthernetInterfaces?type=Node', 'ethernet-interfaces'],
  ['/Inventory/EthernetInterfaces?IPAddress=10.254.1.10', 'ethernet-interfaces-ip'],
  ['/Inventory/EthernetInterfaces?MACAddress=02:00:00:00:03:01', 'ethernet-interfaces-mac'],
  ['/Inventory/EthernetInterfaces?MACAddress=02%3A00%3A00%3A00%3A03%3A01', 'ethernet-interfaces-mac'],
  ['/Inventory/EthernetInterfaces?MACAddress=020000000301', 'ethernet-interfaces-mac-unknown'],
  ['/Inventory/EthernetInterfaces?MACAddress=02-00-00-00-03-01', 'ethernet-interfaces-mac-unknown'],
  ['/Inventory/EthernetInterfaces?MACAddress=02:00:00:00:03:01,02:00:00:00:03:00', 'ethernet-interfaces-mac-unknown'],
  ['/Inventory/ComponentEndpoints?type=Node', 'component-endpoints'],
  ['/groups', 'groups'],
  ['/memberships', 'memberships'],
  ['/memberships?id=x1000c0s3b0n1', 'memberships-id'],
  ['/service/ready', 'service-ready'],
  ['/service/values/class', 'service-values-class'],
] as const;

describe('The SMD of the tests', () => {
  it.each(RECORDED)('answers %s as the real one did', async (target, file) => {
    const smd = await smdForTest();
    const response = await fetch(`${smd.url}/hsm/v2${target}`);
    expect(response.status).toBe(200);
    const recorded = readFileSync(new URL(`../fixtures/smd/${file}.json`, import.meta.url), 'utf8');
    expect(await response.json()).toEqual(JSON.parse(recorded));
  });

  it.each([
    ['/Inventory/EthernetInterfaces?MACAddress=02:00:00:00:03:01&MACAddress=02:00:00:00:03:00', 2],
    ['/State/Components?type=Node&role=!Compute', 2],
    ['/State/Components?role=!Compute&role=!Application', 1],
    ['/State/Components?id=x1000c0s0b0n0&id=x1000c0s0b0n1&id=x9999c0s0b0n0', 2],
    ['/State/Components?group=nobody', 0],
    ['/Inventory/ComponentEndpoints?type=Node&id=x9999c0s0b0n0', 0],
    ['/memberships?id=x9999c0s0b0n0', 0],
  ])('filters %s', async (target, count) => {
    const smd = await smdForTest();
    const answer: unknown = await (await fetch(`${smd.url}/hsm/v2${target}`)).json();
    const list = Array.isArray(answer) ? answer : Object.values(Object(answer)).flat();
    expect(list).toHaveLength(count);
  });

  it.each([
    ['/State/Components/x9999c0s0b0n0', 404],
    ['/State/Components?group=!gpu', 400],
    ['/nowhere', 404],
  ])('refuses %s', async (target, status) => {
    const smd = await smdForTest();
    expect((await fetch(`${smd.url}/hsm/v2${target}`)).status).toBe(status);
  });

  it.each([
    ['/State/Components?type=Node', 200],
    ['/Inventory/EthernetInterfaces?type=Node', 200],
    ['/service/ready', 200],
    ['/Inventory/ComponentEndpoints?type=Node', 401],
    ['/groups', 401],
    ['/memberships', 401],
  ])('asks for a token where the real one does: %s', async (target, status) => {
    const smd = await smdForTest();
    smd.requireToken('a.b.c');
    expect((await fetch(`${smd.url}/hsm/v2${target}`)).status).toBe(status);
    const headers = { Authorization: 'Bearer a.b.c' };
    expect((await fetch(`${smd.url}/hsm/v2${target}`, { headers })).status).toBe(200);
    smd.requireToken(undefined);
    expect((await fetch(`${smd.url}/hsm/v2${target}`)).status).toBe(200);
  });
});
