import { expect, it } from 'vitest';
import { describeService } from './describe-service.ts';
import { BMC, COMPONENTS, exists, GONE, GROUPS, HSM, missing, NODE, OTHER, refused } from './own-paths.ts';

describeService('groups of the own inventory', {}, ({ send }) => {
  it('are added, read, patched and removed as at SMD [own-inventory.groups]', async () => {
    const added = await send('POST', GROUPS, { label: 'GPU', description: 'd', tags: null, members: { ids: [NODE] } });
    expect([added.status, added.json(), added.headers.location]).toEqual([
      201,
      [{ URI: `${GROUPS}/gpu` }],
      `${GROUPS}/gpu`,
    ]);
    expect((await send('POST', GROUPS, { label: 'gpu' })).json()).toEqual(
      exists('group gpu exists already: PATCH changes it'),
    );
    expect((await send('POST', GROUPS, { label: 'all', tags: ['Rack1'], members: {} })).status).toBe(201);
    expect((await send('GET', GROUPS)).json()).toEqual([
      { label: 'all', description: '', tags: ['rack1'], members: { ids: [] } },
      { label: 'gpu', description: 'd', members: { ids: [NODE] } },
    ]);
    expect((await send('GET', `${GROUPS}?group=gpu`)).json()).toMatchObject([{ label: 'gpu' }]);
    expect((await send('GET', `${GROUPS}?tag=rack1`)).json()).toMatchObject([{ label: 'all' }]);
    expect((await send('GET', `${GROUPS}/labels`)).json()).toEqual(['all', 'gpu']);
    const patched = await send('PATCH', `${GROUPS}/Gpu`, { label: 'gpu', description: 'new', members: {} });
    expect([patched.status, patched.text]).toEqual([204, '']);
    expect((await send('PATCH', `${GROUPS}/gpu`, { members: { ids: [] } })).status).toBe(400);
    expect((await send('GET', `${GROUPS}/gpu`)).json()).toEqual({
      label: 'gpu',
      description: 'new',
      members: { ids: [NODE] },
    });
    expect((await send('DELETE', `${GROUPS}/gpu`)).json()).toEqual(GONE);
    expect((await send('DELETE', `${GROUPS}/gpu`)).json()).toEqual(missing('there is no group gpu'));
    expect((await send('PATCH', `${GROUPS}/gpu`, { description: '' })).status).toBe(404);
  });

  it('gain and lose members [own-inventory.members]', async () => {
    await send('POST', GROUPS, { label: 'gpu' });
    const members = `${GROUPS}/gpu/members`;
    const added = await send('POST', members, { id: NODE.toUpperCase() });
    expect([added.status, added.json()]).toEqual([201, [{ URI: `${members}/${NODE}` }]]);
    expect((await send('POST', members, { id: NODE })).json()).toEqual(exists(`${NODE} is in the group gpu already`));
    const put = await send('PUT', members, { group: 'gpu', ids: [OTHER, BMC] });
    expect([put.status, put.json()]).toEqual([201, [{ URI: `${members}/${OTHER}` }, { URI: `${members}/${BMC}` }]]);
    expect((await send('GET', members)).json()).toEqual({ ids: [OTHER, BMC] });
    expect((await send('DELETE', `${members}/${BMC}`)).json()).toEqual(GONE);
    expect((await send('DELETE', `${members}/${BMC}`)).status).toBe(404);
    expect((await send('PUT', members, { ids: [] })).json()).toEqual([]);
    expect((await send('PUT', members, { ids: ['node1'] })).json()).toEqual(
      refused('ids[0]: must be the xname of a component'),
    );
    expect((await send('POST', `${GROUPS}/none/members`, { id: NODE })).status).toBe(404);
  });

  it('exclude each other by a name that they share [own-inventory.exclusive-groups]', async () => {
    await send('POST', GROUPS, { label: 'red', exclusiveGroup: 'Colour', members: { ids: [NODE] } });
    await send('POST', GROUPS, { label: 'blue', exclusiveGroup: 'colour' });
    const both = exists(`${NODE} is in the group red, which excludes blue`);
    expect((await send('POST', `${GROUPS}/blue/members`, { id: NODE })).json()).toEqual(both);
    expect((await send('PUT', `${GROUPS}/blue/members`, { ids: [OTHER, NODE] })).json()).toEqual(both);
    expect((await send('POST', `${GROUPS}/blue/members`, { id: OTHER })).status).toBe(201);
  });

  it('let no two requests that meet put one node into groups that exclude each other [own-inventory.exclusive-groups-meet]', async () => {
    const labels = ['a', 'b', 'c', 'd'];
    for (const label of labels) await send('POST', GROUPS, { label, exclusiveGroup: 'one' });
    const added = await Promise.all(labels.map((label) => send('POST', `${GROUPS}/${label}/members`, { id: NODE })));
    expect(added.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
  });

  it('are told of each component [own-inventory.memberships]', async () => {
    await send('POST', COMPONENTS, { Components: [{ ID: NODE }, { ID: OTHER }] });
    for (const label of ['gpu', 'all']) await send('POST', GROUPS, { label, members: { ids: [NODE] } });
    const one = { id: NODE, groupLabels: ['all', 'gpu'], partitionName: '' };
    const other = { id: OTHER, groupLabels: [], partitionName: '' };
    expect((await send('GET', `${HSM}/memberships`)).json()).toEqual([one, other]);
    expect((await send('GET', `${HSM}/memberships?id=${NODE}`)).json()).toEqual([one]);
    expect((await send('GET', `${HSM}/memberships?group=all`)).json()).toEqual([one]);
    expect((await send('GET', `${HSM}/memberships?group=NULL`)).json()).toEqual([other]);
    expect((await send('GET', `${HSM}/memberships?id=x9c0s0b0n0`)).json()).toEqual([]);
    expect((await send('GET', `${HSM}/memberships/${OTHER}`)).json()).toEqual(other);
    expect((await send('GET', `${HSM}/memberships/x9c0s0b0n0`)).status).toBe(404);
  });

  it('are refused with the field and the reason [own-inventory.groups-refused]', async () => {
    const label = 'must be letters, digits and - : . _, at most 128';
    for (const [body, detail] of [
      [{}, 'label: is missing'],
      [{ label: 1 }, 'label: must be a text'],
      [{ label: 'a b' }, `label: ${label}`],
      [{ label: 'a', tags: ['ok', 'ä'] }, `tags[1]: ${label}`],
      [{ label: 'a', exclusiveGroup: '/' }, `exclusiveGroup: ${label}`],
      [{ label: 'a', members: [] }, 'members: must be an object'],
      [{ label: 'a', members: { ids: [NODE, 'x'] } }, 'members.ids[1]: must be the xname of a component'],
    ] as const) {
      expect((await send('POST', GROUPS, body)).json()).toEqual(refused(detail));
    }
    expect((await send('GET', `${GROUPS}/a%20b`)).json()).toEqual(refused('label: must be the label of a group'));
  });
});
