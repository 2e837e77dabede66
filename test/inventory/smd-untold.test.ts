import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { adminToken } from '../../src/adapters/inventory/smd/token-sources.ts';
import { smdTokens } from '../../src/adapters/inventory/smd/tokens.ts';
import type { Inventory } from '../../src/ports/inventory.ts';
import { xnameOf } from '../support/identifiers.ts';
import { silentLog } from '../support/silent-log.ts';
import type { SmdSimulator } from '../support/smd-simulator.ts';
import { startTokenServer, type TokenServer } from '../support/token-server.ts';
import { found } from './found.ts';
import { byHostname, byMac, byXname } from './keys.ts';
import { smdForTest } from './smd.ts';
import { read } from './snapshot-for-test.ts';

const ONE = {
  ...{ xname: 'x1000c0s0b0n0', nid: 1, macs: ['02:00:00:00:00:01'], role: 'Compute', groups: ['compute', 'gpu'] },
  ...{ endpoint: { enabled: true, fqdn: 'nid001.cluster.example', macs: ['02:00:00:00:00:0e'] } },
};
const OFF = { xname: 'x1000c0s2b0n0', nid: 3, groups: ['compute'], endpoint: { enabled: false } };
const TWO = { xname: 'x1000c0s1b0n0', nid: 2, macs: ['02:00:00:00:00:02'] };
const XNAMES = [ONE, OFF, TWO].map(({ xname }) => xnameOf(xname));

let server: TokenServer;
let smd: SmdSimulator;
let inventory: Inventory;
beforeEach(async () => {
  server = await startTokenServer();
  onTestFinished(server.stop);
  smd = await smdForTest([ONE, OFF, TWO]);
  smd.requireToken('token-1');
  const source = adminToken(server.url, { fetch: (...args) => fetch(...args), timeoutMs: 1000 });
  ({ inventory } = await read(smd, { maxAge: 60_000, tokens: smdTokens(source, true, silentLog) }));
  server.requests.length = 0;
});

describe.each([
  ['all', () => inventory.refresh()],
  ['each', () => inventory.refresh(XNAMES)],
])('When SMD takes no token any more, a refresh of %s', (which, refresh) => {
  beforeEach(() => {
    smd.requireToken('another');
  });

  it('leaves what only its guarded lists tell: groups, and the endpoint’s host name and state', async () => {
    await refresh();
    await refresh();
    const after = await Promise.all(XNAMES.map((xname) => found(inventory, byXname(xname))));
    expect(after).toMatchObject([
      { groups: ['compute', 'gpu'], fqdn: 'nid001.cluster.example', enabled: true },
      { groups: ['compute'], enabled: false, details: { EndpointEnabled: false } },
      { groups: [], enabled: true },
    ]);
    expect(await found(inventory, byHostname('nid001'))).toMatchObject({ xname: ONE.xname });
    // Of a node by itself it cannot be told whose a MAC is that no public list has.
    if (which === 'all') expect(await found(inventory, byMac('02:00:00:00:00:0e'))).toMatchObject({ xname: ONE.xname });
  });

  it('takes over what its public lists tell', async () => {
    Object.assign(smd.lists.components[0] ?? {}, { Role: 'Application', Enabled: false, NID: 11 });
    smd.lists.interfaces.push({ MACAddress: '02:00:00:00:00:05', ComponentID: ONE.xname, Type: 'Node' });
    await refresh();
    expect(await found(inventory, byMac('02:00:00:00:00:05'))).toMatchObject({
      ...{ role: 'Application', enabled: false, nid: 11, groups: ['compute', 'gpu'] },
    });
  });

  it('is well all the same', async () => {
    await refresh();
    expect(await inventory.check()).toBeUndefined();
  });
});

describe('When SMD takes no token any more', () => {
  beforeEach(() => {
    smd.requireToken('another');
  });

  it('a MAC that moves to another interface moves, and is its old node’s no more', async () => {
    smd.lists.interfaces[0] = { MACAddress: '02:00:00:00:00:01', ComponentID: TWO.xname, Type: 'Node' };
    await inventory.refresh();
    expect(await found(inventory, byMac('02:00:00:00:00:01'))).toMatchObject({ xname: TWO.xname });
    expect(await found(inventory, byXname(ONE.xname))).toMatchObject({ macs: ['02:00:00:00:00:0e'] });
  });

  it('a node that is new is taken without them, and one that is gone goes', async () => {
    smd.add({ xname: 'x1000c0s9b0n0', groups: ['gpu'] });
    smd.lists.components.splice(1, 1);
    await inventory.refresh();
    expect(await found(inventory, byXname('x1000c0s9b0n0'))).toMatchObject({ groups: [] });
    expect((await inventory.list()).components).toHaveLength(3);
    expect(await found(inventory, byXname(OFF.xname))).toBeUndefined();
  });
});

describe('A refresh', () => {
  it('with a token that SMD takes no more costs one renewal, and one more request', async () => {
    smd.requireToken('token-2');
    smd.lists.memberships[0]?.groupLabels.pop();
    await inventory.refresh();
    expect(server.requests).toHaveLength(1);
    expect(smd.requests).toHaveLength(5);
    expect(await found(inventory, byXname(ONE.xname))).toMatchObject({ groups: ['compute'] });
  });

  it('of single nodes costs one renewal for all its lists', async () => {
    smd.requireToken('token-2');
    smd.lists.memberships[0]?.groupLabels.pop();
    await inventory.refresh(XNAMES);
    expect(server.requests).toHaveLength(1);
    expect(await found(inventory, byXname(ONE.xname))).toMatchObject({ groups: ['compute'] });
  });

  it('takes over groups again when SMD takes a token again', async () => {
    smd.requireToken('nobody has this one');
    await inventory.refresh();
    smd.requireToken(undefined);
    smd.lists.memberships[0]?.groupLabels.pop();
    smd.lists.endpoints.length = 0;
    // That all endpoints are gone is doubted once.
    await expect(inventory.refresh()).rejects.toMatchObject({ code: 'unavailable' });
    await inventory.refresh();
    const one = await found(inventory, byXname(ONE.xname));
    expect(one).toMatchObject({ groups: ['compute'], macs: ['02:00:00:00:00:01'] });
    expect(one?.fqdn).toBeUndefined();
  });
});
