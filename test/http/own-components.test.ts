import { expect, it } from 'vitest';
import { describeService } from './describe-service.ts';
import { BMC, COMPONENTS, GONE, GROUPS, INTERFACES, missing, NODE, OTHER, refused } from './own-paths.ts';

describeService('components of the own inventory', {}, ({ send, rows }) => {
  const post = (...Components: object[]) => send('POST', COMPONENTS, { Components });
  const ids = async (query: string): Promise<unknown> => {
    const answer = await send('GET', `${COMPONENTS}?${query}`);
    expect([query, answer.status]).toEqual([query, 200]);
    const { Components } = answer.json() as { Components: { ID: string }[] };
    return Components.map(({ ID }) => ID);
  };

  it('are added in bulk, and answered as SMD does [own-inventory.components]', async () => {
    expect((await send('GET', COMPONENTS)).json()).toEqual({ Components: [] });
    const added = await post({ ID: 'X1000c0s00b0n0', State: 'on', NID: '7', Odd: { a: [1] } }, { ID: BMC, Role: '' });
    expect([added.status, added.text]).toEqual([204, '']);
    expect((await send('GET', COMPONENTS)).json()).toEqual({
      Components: [
        { ID: BMC, Type: 'NodeBMC', State: 'Unknown', Flag: 'OK', Enabled: true },
        {
          ID: NODE,
          Type: 'Node',
          State: 'On',
          Flag: 'OK',
          Enabled: true,
          Role: 'Compute',
          NID: 7,
          Odd: { a: [1] },
        },
      ],
    });
    expect((await send('GET', `${COMPONENTS}/${NODE.toUpperCase()}`)).json()).toMatchObject({ ID: NODE, NID: 7 });
    expect((await send('GET', `${COMPONENTS}/ByNID/7`)).json()).toMatchObject({ ID: NODE });
    for (const path of ['ByNID/8', 'ByNID/0', OTHER]) {
      expect((await send('GET', `${COMPONENTS}/${path}`)).status).toBe(404);
    }
    expect((await send('HEAD', COMPONENTS)).status).toBe(200);
  });

  it('that are there already stay as they are, unless Force is said [own-inventory.components-stay]', async () => {
    await post({ ID: NODE, State: 'On', Role: 'Service', NID: 1 });
    expect((await post({ ID: NODE, State: 'Off', NID: 2 })).status).toBe(204);
    expect((await send('GET', `${COMPONENTS}/${NODE}`)).json()).toMatchObject({ State: 'On', NID: 1 });
    for (const force of [{ Force: true }, { force: true }]) {
      const Components = [{ ID: NODE, State: 'Off', Role: 'Compute', NID: 2 }];
      await send('POST', COMPONENTS, { Components, ...force });
      expect((await send('GET', `${COMPONENTS}/${NODE}`)).json()).toMatchObject({
        State: 'Off',
        Role: 'Service',
        NID: 1,
      });
      await send('PUT', `${COMPONENTS}/${NODE}`, { Component: { ID: NODE, State: 'On' }, Force: true });
    }
  });

  it('are put and patched one by one, and their NIDs together [own-inventory.component-changes]', async () => {
    const put = await send('PUT', `${COMPONENTS}/${NODE}`, { Component: { State: 'On', NID: 1 } });
    expect([put.status, put.text]).toEqual([204, '']);
    const patches: [string, object, object][] = [
      ['StateData', { State: 'Ready', Flag: 'Warning' }, { State: 'Ready', Flag: 'Warning' }],
      ['StateData', { State: 'Off' }, { State: 'Off', Flag: 'OK' }],
      ['FlagOnly', { Flag: 'alert' }, { Flag: 'Alert' }],
      ['Enabled', { Enabled: false }, { Enabled: false }],
      ['SoftwareStatus', { SoftwareStatus: 'AdminStatus' }, { SoftwareStatus: 'AdminStatus' }],
      ['Role', { Role: 'Service', SubRole: 'Worker' }, { Role: 'Service', SubRole: 'Worker' }],
      ['Role', { Role: 'Compute' }, { Role: 'Compute', SubRole: '' }],
      ['NID', { ID: NODE, NID: 9, State: 'Empty' }, { NID: 9, State: 'Off' }],
    ];
    for (const [part, body, after] of patches) {
      expect([part, (await send('PATCH', `${COMPONENTS}/${NODE}/${part}`, body)).status]).toEqual([part, 204]);
      expect((await send('GET', `${COMPONENTS}/${NODE}`)).json()).toMatchObject(after);
    }
    const nids = (NID: number, ...more: object[]) =>
      send('PATCH', `${COMPONENTS}/BulkNID`, { Components: [{ ID: NODE, NID }, ...more] });
    expect((await nids(12)).status).toBe(204);
    expect((await nids(13, { ID: OTHER, NID: 14 })).json()).toEqual(missing(`there is no component ${OTHER}`));
    expect((await send('GET', `${COMPONENTS}/${NODE}`)).json()).toMatchObject({ NID: 12 });
    expect((await send('PATCH', `${COMPONENTS}/${OTHER}/NID`, { NID: 1 })).status).toBe(404);
    expect((await send('PATCH', `${COMPONENTS}/${NODE}/Nonsense`, { NID: 1 })).status).toBe(404);
    expect((await send('PATCH', `${COMPONENTS}/${NODE}/Role`, { NID: 1 })).json()).toEqual(refused('Role: is missing'));
  });

  it('are found by every filter, and by what they are not [own-inventory.component-filters]', async () => {
    await post(
      { ID: NODE, State: 'On', NID: 1, Role: 'Compute', Arch: 'ARM', Class: 'River' },
      { ID: OTHER, State: 'Off', NID: 2, Role: 'Service', SubRole: 'Worker', Enabled: false },
      { ID: BMC, State: 'On' },
    );
    await send('POST', GROUPS, { label: 'gpu', members: { ids: [NODE, BMC] } });
    const both = [NODE, OTHER];
    for (const [query, expected] of [
      ['type=Node', both],
      ['type=node&type=NodeBMC', [BMC, ...both]],
      ['type=!Node', [BMC]],
      [`id=${NODE}`, [NODE]],
      [`id=${NODE}&id=${OTHER.toUpperCase()}`, both],
      [`id=!${NODE}&type=Node`, [OTHER]],
      [`id=${NODE}&nid=2`, []],
      ['nid=1', [NODE]],
      ['nid=1&nid=2', both],
      ['nid=!1&type=Node', [OTHER]],
      ['state=on', [BMC, NODE]],
      ['state=!On&state=!Empty', [OTHER]],
      ['role=Compute', [NODE]],
      ['role=!Compute&type=Node', [OTHER]],
      ['subrole=worker', [OTHER]],
      ['enabled=false', [OTHER]],
      ['arch=ARM&class=river', [NODE]],
      ['group=gpu', [BMC, NODE]],
      ['group=GPU&type=Node', [NODE]],
      ['group=none', []],
      ['group=NULL', [OTHER]],
      ['group=NULL&group=gpu', [BMC, ...both]],
      ['partition=p1', []],
      ['partition=NULL&type=Node', both],
      ['Type=Node&unheard=of&role=', both],
    ] as const) {
      expect([query, await ids(query)]).toEqual([query, expected]);
    }
    for (const [query, detail] of [
      ['group=!gpu', 'group: cannot be negated'],
      ['partition=!p', 'partition: cannot be negated'],
      ['id=node1', 'id: must be an xname'],
      ['nid=0x1', 'nid: must be a decimal number from 0 to 2147483647'],
    ] as const) {
      expect((await send('GET', `${COMPONENTS}?${query}`)).json()).toEqual(refused(detail));
    }
  });

  it('are removed alone, or all of them [own-inventory.components-go]', async () => {
    await post({ ID: NODE }, { ID: OTHER }, { ID: BMC });
    await send('POST', INTERFACES, { MACAddress: '02:00:00:00:00:01', ComponentID: NODE });
    expect((await send('DELETE', `${COMPONENTS}/${NODE}`)).json()).toEqual(GONE);
    expect((await send('DELETE', `${COMPONENTS}/${NODE}`)).json()).toEqual(missing(`there is no component ${NODE}`));
    expect((await send('DELETE', COMPONENTS)).json()).toEqual({ code: 0, message: 'deleted 2 entries' });
    expect((await send('DELETE', COMPONENTS)).json()).toEqual(missing('there is nothing to delete'));
    expect(await rows('own_inventory')).toBe(1);
  });

  it('are refused with the field and the reason [own-inventory.components-refused]', async () => {
    for (const [body, detail] of [
      [undefined, 'body: must be an object'],
      [[], 'body: must be an object'],
      [{}, 'Components: is missing'],
      [{ Components: {} }, 'Components: must be a list'],
      [{ Components: [] }, 'Components: must hold a component'],
      [{ Components: [[]] }, 'Components[0]: must be an object'],
      [{ Components: [{}] }, 'Components[0].ID: is missing'],
      [{ Components: [{ ID: NODE }, { ID: 'node1' }] }, 'Components[1].ID: must be the xname of a component'],
      [{ Components: [{ ID: NODE, NID: -1 }] }, 'Components[0].NID: must be an integer from 0 to 2147483647'],
      [{ Components: [{ ID: NODE, NID: '9999999999' }] }, 'Components[0].NID: must be an integer from 0 to 2147483647'],
      [{ Components: [{ ID: NODE, Enabled: 'yes' }] }, 'Components[0].Enabled: must be true or false'],
      [
        { Components: [{ ID: NODE, State: 'Broken' }] },
        'Components[0].State: must be one of Unknown, Empty, Populated, Off, On, Standby, Halt, Ready',
      ],
      [{ Components: [{ ID: NODE }], Force: 1 }, 'Force: must be true or false'],
    ] as const) {
      expect((await send('POST', COMPONENTS, body)).json()).toEqual(refused(detail));
    }
    expect((await send('PUT', `${COMPONENTS}/${NODE}`, { Component: { ID: OTHER } })).json()).toEqual(
      refused('Component.ID: is not the one of the path'),
    );
    expect((await send('DELETE', `${COMPONENTS}/node1`)).json()).toEqual(
      refused('xname: must be the xname of a component'),
    );
    expect(await rows('own_inventory')).toBe(0);
  });

  it('are added ten thousand at once [own-inventory.components-many]', async () => {
    const many = Array.from({ length: 10_000 }, (_, at) => ({
      ID: `x${at}c0s0b0n0`,
      Type: 'Node',
      State: 'On',
      Enabled: true,
      Role: 'Compute',
      NID: at + 1,
    }));
    expect((await post(...many)).status).toBe(204);
    expect((await send('GET', `${COMPONENTS}/ByNID/10000`)).json()).toMatchObject({ ID: 'x9999c0s0b0n0' });
    expect((await send('DELETE', COMPONENTS)).json()).toEqual({ code: 0, message: 'deleted 10000 entries' });
  });
});
