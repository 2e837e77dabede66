import { expect, it } from 'vitest';
import { describeService } from './describe-service.ts';
import {
  BEHIND,
  BMC,
  COMPONENTS,
  ENDPOINTS,
  exists,
  GONE,
  GROUPS,
  HSM,
  INTERFACES,
  NODE,
  OTHER,
  refused,
} from './own-paths.ts';

describeService('interfaces of the own inventory', {}, ({ send }) => {
  const ID = '0200000000aa';
  const post = (body: object) => send('POST', INTERFACES, body);

  it('are added with a MAC in any form, and answered as SMD does [own-inventory.interfaces]', async () => {
    for (const MACAddress of ['02:00:00:00:00:AA', '0200000000aa', '02-00-00-00-00-aa']) {
      const added = await post({
        ID: 'whatever',
        MACAddress,
        ComponentID: NODE.toUpperCase(),
        Type: 'Switch',
        Description: 'boot',
        IPAddresses: [{ IPAddress: '10.0.0.1', Network: 'hmn' }],
      });
      expect([added.status, added.json()]).toEqual([201, { URI: `${INTERFACES}/${ID}` }]);
      expect(added.headers.location).toBe(`${INTERFACES}/${ID}`);
      expect((await send('GET', INTERFACES)).json()).toEqual([
        {
          ID,
          MACAddress: '02:00:00:00:00:aa',
          ComponentID: NODE,
          Type: 'Node',
          Description: 'boot',
          LastUpdate: expect.stringMatching(/^20\d\d-\d\d-\d\dT[\d:.]+Z$/),
          IPAddresses: [{ IPAddress: '10.0.0.1', Network: 'hmn' }],
        },
      ]);
      expect((await post({ MACAddress })).json()).toEqual(exists(`interface ${ID} exists already: PATCH changes it`));
      expect((await send('DELETE', `${INTERFACES}/${ID.toUpperCase()}`)).json()).toEqual(GONE);
    }
    expect((await post({ MACAddress: '02:00:00:00:00:aa', IPAddresses: null })).status).toBe(201);
    expect((await send('GET', `${INTERFACES}/02:00:00:00:00:aa`)).json()).toMatchObject({
      ComponentID: '',
      Type: '',
      IPAddresses: [],
    });
  });

  it('are found by MAC, address and owner, each exactly [own-inventory.interface-filters]', async () => {
    await post({ MACAddress: '02:00:00:00:00:01', ComponentID: NODE, IPAddresses: [{ IPAddress: '10.0.0.1' }] });
    await post({ MACAddress: '02:00:00:00:00:02', ComponentID: OTHER, IPAddresses: [{ IPAddress: 'FD00:0::1' }] });
    await post({ MACAddress: '02:00:00:00:00:b0', ComponentID: BMC });
    const found = async (query: string) =>
      ((await send('GET', `${INTERFACES}?${query}`)).json() as { ID: string }[]).map(({ ID }) => ID.slice(-2));
    for (const [query, expected] of [
      ['', ['01', '02', 'b0']],
      ['type=Node', ['01', '02']],
      ['Type=NodeBMC', ['b0']],
      ['MACAddress=02%3A00%3A00%3A00%3A00%3A01', ['01']],
      ['MACAddress=02:00:00:00:00:01&MACAddress=02:00:00:00:00:B0', ['01', 'b0']],
      ['MACAddress=02:00:00:00:00:01,02:00:00:00:00:02', []],
      ['MACAddress=none', []],
      ['IPAddress=10.0.0.1', ['01']],
      ['IPAddress=fd00::1', ['02']],
      ['IPAddress=10.0.0.1&MACAddress=02:00:00:00:00:02', []],
      ['IPAddress=none', []],
      ...['%00', '02:00:00:00:00:01%00', '%F0%9F', '%ED%A0%80'].flatMap((text) => [
        [`ID=${text}`, []] as const,
        [`MACAddress=${text}`, []] as const,
        [`IPAddress=${text}`, []] as const,
        [`type=${text}`, []] as const,
      ]),
      ['IPAddress=fe80::1%25eth0', []],
      ['IPAddress=fe80::1%25eth0&IPAddress=10.0.0.1', ['01']],
      ['ID=%00&ID=020000000001', ['01']],
      [`ComponentID=${OTHER}`, ['02']],
      [`ComponentID=${OTHER}&ComponentID=${BMC}`, ['02', 'b0']],
      [`ComponentID=${BMC}&type=Node`, []],
    ] as const) {
      expect([query, await found(query)]).toEqual([query, expected]);
    }
    expect((await send('GET', `${INTERFACES}?ComponentID=node1`)).status).toBe(400);
  });

  it('are patched, as ochami does with the whole of one [own-inventory.interface-changes]', async () => {
    await post({ MACAddress: '02:00:00:00:00:aa', ComponentID: NODE, Description: 'old' });
    const patched = await send('PATCH', `${INTERFACES}/${ID}`, {
      ID,
      MACAddress: '02:00:00:00:00:99',
      ComponentID: OTHER,
      Type: 'Node',
      Description: '',
      IPAddresses: [{ IPAddress: '10.0.0.1', Network: '' }],
    });
    expect(patched.json()).toMatchObject({
      MACAddress: '02:00:00:00:00:aa',
      ComponentID: OTHER,
      Description: '',
      IPAddresses: [{ IPAddress: '10.0.0.1' }],
    });
    expect((await send('GET', `${INTERFACES}/${ID}`)).json()).toEqual(patched.json());
    expect((await send('PATCH', `${INTERFACES}/${ID}`, { MACAddress: 'x' })).json()).toEqual(
      refused('Description, ComponentID, IPAddresses: nothing to change'),
    );
    expect((await send('PATCH', `${INTERFACES}/0200000000ab`, { Description: 'x' })).status).toBe(404);
  });

  it('are given addresses and lose them [own-inventory.interface-addresses]', async () => {
    await post({ MACAddress: '02:00:00:00:00:aa' });
    const addresses = `${INTERFACES}/${ID}/IPAddresses`;
    const added = await send('POST', addresses, { IPAddress: '10.0.0.1', Network: 'boot' });
    expect([added.status, added.json()]).toEqual([201, { URI: `${addresses}/10.0.0.1` }]);
    expect((await send('POST', addresses, { IPAddress: '::ffff:10.0.0.1' })).status).toBe(409);
    expect((await send('GET', addresses)).json()).toEqual([{ IPAddress: '10.0.0.1', Network: 'boot' }]);
    expect((await send('DELETE', `${addresses}/10.0.0.1`)).json()).toEqual(GONE);
    expect((await send('DELETE', `${addresses}/10.0.0.1`)).status).toBe(404);
    expect((await send('DELETE', INTERFACES)).json()).toEqual(GONE);
    expect((await send('GET', addresses)).status).toBe(404);
  });

  it('are refused with the field and the reason [own-inventory.interfaces-refused]', async () => {
    const mac = 'must be a MAC address: twelve hex digits, in pairs joined by colons, dashes or nothing';
    const good = { MACAddress: '02:00:00:00:00:aa' };
    for (const [body, detail] of [
      [{}, 'MACAddress: is missing'],
      [{ MACAddress: '' }, `MACAddress: ${mac}`],
      [{ MACAddress: '02:00:00:00:00:0g' }, `MACAddress: ${mac}`],
      [{ MACAddress: 'ff:ff:ff:ff:ff:ff' }, `MACAddress: ${mac}`],
      [{ ...good, ComponentID: 'node1' }, 'ComponentID: must be the xname of a component'],
      [{ ...good, IPAddresses: [{}] }, 'IPAddresses[0].IPAddress: is missing'],
      [{ ...good, IPAddresses: [{ IPAddress: '10.0.0.256' }] }, 'IPAddresses[0].IPAddress: must be an IP address'],
      [{ ...good, IPAddresses: [{ IPAddress: 'fe80::1%eth0' }] }, 'IPAddresses[0].IPAddress: must be an IP address'],
      [{ ...good, Description: 'a\0' }, 'body.Description: a NUL at offset 1'],
      [{ ...good, Description: '\ud800' }, 'body.Description: a lone surrogate'],
    ] as const) {
      expect((await post(body)).json()).toEqual(refused(detail));
    }
    expect((await send('GET', `${INTERFACES}/nonsense`)).json()).toEqual(
      refused('id: must be the MAC address of an interface'),
    );
  });

  it('as all else of it, may be asked for by what no database takes', async () => {
    await post({ MACAddress: '02:00:00:00:00:aa' });
    for (const text of ['%00', '%ED%A0%80', 'a%00', 'fe80::1%25eth0']) {
      for (const path of [
        ...[`${INTERFACES}/${text}`, `${INTERFACES}/${text}/IPAddresses`],
        ...[
          `${COMPONENTS}/${text}`,
          `${COMPONENTS}/ByNID/${text}`,
          `${COMPONENTS}?id=${text}`,
          `${COMPONENTS}?nid=${text}`,
        ],
        ...[`${COMPONENTS}?group=${text}`, `${ENDPOINTS}/${text}`, `${ENDPOINTS}?id=${text}`, `${BEHIND}/${text}`],
        ...[`${BEHIND}?id=${text}`, `${GROUPS}/${text}`, `${GROUPS}/${text}/members`, `${GROUPS}?group=${text}`],
        ...[`${HSM}/memberships/${text}`, `${HSM}/memberships?id=${text}`],
      ]) {
        expect([path, (await send('GET', path)).status]).toEqual([path, 400]);
      }
      for (const path of [
        ...[`${COMPONENTS}?role=${text}`, `${COMPONENTS}?state=!${text}`, `${COMPONENTS}?partition=${text}`],
        ...[`${ENDPOINTS}?fqdn=${text}`, `${ENDPOINTS}?uuid=${text}`, `${BEHIND}?redfish_ep=${text}`],
        ...[`${GROUPS}?tag=${text}`, `${INTERFACES}?type=${text}`],
      ]) {
        expect([path, (await send('GET', path)).status]).toEqual([path, 200]);
      }
      expect((await send('DELETE', `${INTERFACES}/${ID}/IPAddresses/${text}`)).status).toBe(400);
    }
  });
});
