import { expect, it } from 'vitest';
import magellan from '../fixtures/own-inventory/magellan-send.json' with { type: 'json' };
import ochami from '../fixtures/own-inventory/ochami-discover-static.json' with { type: 'json' };
import { describeService, problemWith } from './describe-service.ts';
import { BEHIND, BMC, COMPONENTS, ENDPOINTS, exists, GONE, GROUPS, INTERFACES, NODE, OTHER } from './own-paths.ts';

describeService('Redfish endpoints of the own inventory', {}, ({ send, rows }) => {
  const list = async (path: string): Promise<unknown> => (await send('GET', path)).json();

  it('of `ochami discover static` are added beside its components, and keep what these say [own-inventory.ochami-discover-static]', async () => {
    expect((await send('POST', COMPONENTS, ochami.components)).status).toBe(204);
    for (const endpoint of ochami.endpoints) {
      const added = await send('POST', ENDPOINTS, endpoint);
      expect([added.status, added.json()]).toEqual([201, [{ URI: `${ENDPOINTS}/${endpoint.ID}` }]]);
    }
    for (const group of ochami.groups) expect((await send('POST', GROUPS, group)).status).toBe(201);
    expect(await list(`${COMPONENTS}?type=Node`)).toMatchObject({
      Components: [
        { ID: NODE, NID: 1, State: 'On', Enabled: true, Role: 'Compute' },
        { ID: OTHER, NID: 2, State: 'On', Enabled: true, Role: 'Compute' },
        { ID: 'x1000c0s1b0n0', NID: 3 },
      ],
    });
    expect(await list(`${COMPONENTS}?type=NodeBMC`)).toMatchObject({
      Components: [{ ID: BMC, Enabled: true }, { ID: 'x1000c0s1b0' }],
    });
    expect(await list(INTERFACES)).toMatchObject([
      { ComponentID: NODE, MACAddress: '02:00:00:00:00:01', IPAddresses: [{ IPAddress: '10.0.0.1' }] },
      { ComponentID: OTHER, MACAddress: '02:00:00:00:00:02' },
      { ComponentID: 'x1000c0s1b0n0', MACAddress: '02:00:00:00:00:03' },
      { ComponentID: BMC, MACAddress: '02:00:00:00:00:b0', Type: 'NodeBMC' },
      { ComponentID: OTHER, MACAddress: '02:00:00:00:01:02', Description: 'Interface 1 for nid002' },
    ]);
    expect(await list(`${BEHIND}?type=Node`)).toMatchObject({
      ComponentEndpoints: [
        {
          ID: NODE,
          Enabled: true,
          OdataID: `/redfish/v1/Systems/${NODE}`,
          RedfishEndpointID: BMC,
          RedfishEndpointFQDN: 'bmc0.lab.example',
          RedfishSystemInfo: { Name: 'nid001', EthernetNICInfo: [{ MACAddress: '02:00:00:00:00:01' }] },
        },
        { ID: OTHER, UUID: '33333333-3333-4333-8333-333333333333' },
        { ID: 'x1000c0s1b0n0', RedfishEndpointFQDN: 'x1000c0s1b0' },
      ],
    });
    expect(await list(`${ENDPOINTS}/${BMC}`)).toMatchObject({
      ID: BMC,
      UID: ochami.endpoints[0]?.UID,
      Type: 'NodeBMC',
    });
    expect(await list(`${ENDPOINTS}/${BMC}`)).not.toHaveProperty('Systems');
    for (const endpoint of ochami.endpoints) {
      expect((await send('POST', ENDPOINTS, endpoint)).status).toBe(409);
      expect((await send('PUT', `${ENDPOINTS}/${endpoint.ID}`, endpoint)).status).toBe(200);
    }
    // With --overwrite it puts the components, too, and then their NIDs.
    for (const Component of ochami.components.Components) {
      expect((await send('PUT', `${COMPONENTS}/${Component.ID}`, { Component, Force: true })).status).toBe(204);
    }
    expect((await send('PATCH', `${COMPONENTS}/BulkNID`, ochami.components)).status).toBe(204);
    expect(await list(`${COMPONENTS}?id=${OTHER}`)).toMatchObject({ Components: [{ NID: 2, Role: 'Compute' }] });
    expect(await rows('own_inventory')).toBe(5 + 5 + 2 + 3 + 2);
  });

  it('of `magellan send` bring nodes of their own, by their place [own-inventory.magellan-send]', async () => {
    const added = await send('POST', ENDPOINTS, magellan, { 'Content-Type': 'application/json' });
    expect(added.status).toBe(201);
    expect(await list(`${COMPONENTS}?type=Node`)).toEqual({
      Components: [{ ID: 'x2000c0s0b0n0', Type: 'Node', State: 'On', Flag: 'OK', Enabled: true }],
    });
    expect(await list(INTERFACES)).toMatchObject([
      { MACAddress: '02:00:00:00:02:01', ComponentID: 'x2000c0s0b0n0', Description: 'Embedded NIC 1', IPAddresses: [] },
      { MACAddress: '02:00:00:00:02:b0', ComponentID: 'x2000c0s0b0', IPAddresses: [{ IPAddress: '172.16.0.20' }] },
    ]);
    expect(await list(`${ENDPOINTS}/x2000c0s0b0`)).toMatchObject({
      Type: 'NodeBMC',
      User: 'admin',
      MACAddr: '02:00:00:00:02:b0',
      Enabled: true,
    });
    const moved = { ...magellan, ID: 'x2000c0s1b0' };
    expect((await send('POST', ENDPOINTS, moved)).json()).toEqual(
      exists('the interface 0200000002b0 belongs to x2000c0s0b0: PUT moves it to x2000c0s1b0'),
    );
    expect(await rows('own_inventory')).toBe(1 + 2 + 1 + 2);
    expect((await send('PUT', `${ENDPOINTS}/x2000c0s1b0`, moved)).status).toBe(200);
    expect(await list(`${INTERFACES}?type=Node`)).toMatchObject([{ ComponentID: 'x2000c0s1b0n0' }]);
  });

  it('are added as a list, patched alone, and keep no password [own-inventory.no-passwords]', async () => {
    const RedfishEndpoints = [
      { ID: BMC, FQDN: 'a.lab', Password: 'secret' },
      { ID: 'x1000c0s1b0', Hostname: 'b', Domain: 'lab' },
    ];
    const added = await send('POST', ENDPOINTS, { RedfishEndpoints });
    expect([added.json(), added.headers.location]).toEqual([
      [{ URI: `${ENDPOINTS}/${BMC}` }, { URI: `${ENDPOINTS}/x1000c0s1b0` }],
      ENDPOINTS,
    ]);
    expect(await list(`${ENDPOINTS}?fqdn=a.lab`)).toMatchObject({ RedfishEndpoints: [{ ID: BMC, Password: '' }] });
    const patched = await send('PATCH', `${ENDPOINTS}/${BMC}`, { FQDN: 'c.lab', Password: 'secret' });
    expect(patched.json()).toMatchObject({ ID: BMC, FQDN: 'c.lab', Password: '' });
    expect((await send('PATCH', `${ENDPOINTS}/x9c0s0b0`, {})).status).toBe(404);
    expect((await send('GET', ENDPOINTS)).text).not.toContain('secret');
  });

  it('that are removed leave their nodes empty, and their interfaces [own-inventory.endpoints-go]', async () => {
    for (const endpoint of ochami.endpoints) await send('POST', ENDPOINTS, endpoint);
    expect((await send('DELETE', `${ENDPOINTS}/${BMC}`)).json()).toEqual(GONE);
    expect((await send('DELETE', `${ENDPOINTS}/${BMC}`)).status).toBe(404);
    expect(await list(`${COMPONENTS}?state=Empty`)).toMatchObject({ Components: [{ ID: NODE }, { ID: OTHER }] });
    expect(await list(`${BEHIND}?redfish_ep=${BMC}`)).toEqual({ ComponentEndpoints: [] });
    expect(await list(INTERFACES)).toHaveLength(5);
    expect((await send('DELETE', ENDPOINTS)).json()).toEqual(GONE);
    expect((await send('DELETE', ENDPOINTS)).status).toBe(404);
    expect(await list(`${COMPONENTS}?state=Empty&type=Node`)).toMatchObject({ Components: [{}, {}, {}] });
  });

  it('have component endpoints that can be removed by themselves [own-inventory.component-endpoints]', async () => {
    for (const endpoint of ochami.endpoints) await send('POST', ENDPOINTS, endpoint);
    expect(await list(`${BEHIND}/${NODE}`)).toMatchObject({ ID: NODE });
    expect((await send('DELETE', `${BEHIND}/${NODE}`)).json()).toEqual(GONE);
    expect((await send('GET', `${BEHIND}/${NODE}`)).status).toBe(404);
    expect((await send('DELETE', BEHIND)).json()).toEqual({ code: 0, message: 'deleted 2 entries' });
    expect((await send('POST', BEHIND, {})).headers.allow).toBe('GET,DELETE');
  });

  it('are refused with the field and the reason, and then nothing is added [own-inventory.endpoints-whole-or-not]', async () => {
    const nic = (said: object) => ({ ID: BMC, Systems: [{ ethernet_interfaces: [{}, said] }] });
    for (const [body, detail] of [
      [{}, 'ID: is missing'],
      [{ ID: 'bmc' }, 'ID: must be the xname of a component'],
      [{ ID: BMC, MACAddr: 'x' }, expect.stringMatching(/^MACAddr: must be a MAC address/)],
      [{ ID: BMC, IPAddress: '10.0.0' }, 'IPAddress: must be an IP address'],
      [{ ID: BMC, Systems: {} }, 'Systems: must be a list'],
      [nic({ mac: '02:00' }), 'Systems[0].ethernet_interfaces[1].mac: must be a MAC address, or empty'],
      [nic({ ip: '10.0.0.0/24' }), 'Systems[0].ethernet_interfaces[1].ip: must be an IP address'],
      [{ ID: 'x1000c0b0', Systems: [{}] }, 'ID: x1000c0b0 is not the BMC of a node, and has no Systems'],
      [{ RedfishEndpoints: [] }, 'RedfishEndpoints: must hold an endpoint'],
      [{ RedfishEndpoints: [{ ID: BMC }, { ID: 'x' }] }, 'RedfishEndpoints[1].ID: must be the xname of a component'],
    ] as const) {
      expect((await send('POST', ENDPOINTS, body)).json()).toEqual(problemWith(400, 'Bad Request', detail));
    }
    expect(await rows('own_inventory')).toBe(0);
  });
});
