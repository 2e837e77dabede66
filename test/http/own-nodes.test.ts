import { expect, it } from 'vitest';
import { type OwnEntry, ownComponent, ownEndpoint, ownGroup, ownInsert, ownInterface } from '../support/own-entries.ts';
import {
  type Client,
  describeService,
  describeWithSmd,
  from,
  NO_CLOUD_INIT,
  PARAMETERS,
  SCRIPT,
  TRUSTING,
} from './describe-service.ts';

const [NODE, OTHER] = ['x7c0s0b0n0', 'x7c0s1b0n0'];
const [MAC, SECOND, THIRD] = ['02:00:00:00:07:01', '02:00:00:00:07:02', '02:00:00:00:07:03'];
const UNKNOWN = '02:00:00:00:07:ff';
const HOSTS = '/boot/v1/hosts';
const CLASSIC = { BSS_SCRIPT_FORM: 'classic' };
const kernel = (name: string) => ({ kernel: `http://files/${name}` });

function helpers({ send, query }: Pick<Client, 'send' | 'query'>) {
  return {
    add: (...entries: OwnEntry[]): Promise<unknown> => query(ownInsert(...entries)),
    remove: (id: string): Promise<unknown> => query(`delete from boot.own_inventory where id = '${id}'`),
    put: (hosts: string[], name: string, more: object = {}) =>
      send('PUT', PARAMETERS, { hosts, ...kernel(name), ...more }),
    list: async (asked = ''): Promise<unknown> => (await send('GET', `${PARAMETERS}${asked}`)).json(),
    /** The name of the kernel and the words behind it; what is said while there is none. */
    async script(asked: string): Promise<string | undefined> {
      const { status, text } = await send('GET', `${SCRIPT}?${asked}`);
      if (status !== 200) return String(status);
      return /^kernel --name kernel http:\/\/files\/(.*?) \|\|/m
        .exec(text)?.[1]
        ?.replace(/ bss_referral_token=\S+/, '');
    },
  };
}

describeService('the script of a node that was added by hand', { ...CLASSIC, BSS_BOOTIF: 'off' }, (client) => {
  const { add, put, script } = helpers(client);
  const { send } = client;

  it('is had by every identifier that was said of it [inventory.standalone-by-hand] [own-inventory.script-by-every-identifier]', async () => {
    await put(['Default'], 'default');
    await add(ownComponent(NODE, { NID: 7 }), ownInterface(MAC, NODE), ownInterface(SECOND, NODE));
    await add(ownEndpoint(NODE, [THIRD], 'N7.cluster.example'.toLowerCase()), ownComponent(OTHER));
    for (const asked of [
      `mac=${MAC}`,
      `mac=${SECOND}`,
      `mac=${THIRD}`,
      `name=${NODE}`,
      'nid=7',
      'name=n7',
      'name=N7.cluster.example',
    ]) {
      expect([asked, await script(asked)]).toEqual([asked, `default xname=${NODE} nid=7`]);
    }
    expect(await script(`name=${OTHER}`)).toBe(`default xname=${OTHER}`);
    for (const asked of [`mac=${UNKNOWN}`, 'name=x7c0s2b0n0', 'nid=8', 'nid=0', 'name=n8']) {
      expect([asked, await script(asked)]).toEqual([asked, undefined]);
    }
    const names = ((await send('GET', '/boot/v1/endpoint-history')).json() as { name: string }[]).map(
      ({ name }) => name,
    );
    expect(names).toEqual([NODE, OTHER]);
  });

  it('is that of its own record, else of its groups, its roles, Default [own-inventory.script-by-groups-and-roles]', async () => {
    await add(ownComponent(NODE, { Role: 'Application', SubRole: 'UAN' }), ownInterface(MAC, NODE));
    await add(ownGroup('blue', [NODE, OTHER]), ownGroup('amber', [NODE]), ownGroup('red', [OTHER]));
    await put(['red', 'UAN'], 'foreign');
    for (const [tag, priority] of [
      ['Default', 0],
      ['Application', 0],
      ['Application_UAN', 0],
      ['amber', 0],
      ['blue', 5],
    ] as const) {
      await put([tag], tag, { priority });
      expect(await script(`mac=${MAC}`)).toBe(`${tag} xname=${NODE}`);
    }
    // Under any identifier that it has, also one that nobody asks by.
    await put([NODE], 'own');
    expect(await script(`mac=${MAC}`)).toBe(`own xname=${NODE}`);
  });

  it('waits while it or its endpoint is disabled, and is not had by the MAC of an empty slot [own-inventory.script-disabled]', async () => {
    await put(['Default'], 'default');
    await add(ownComponent(NODE, { Enabled: false }), ownInterface(MAC, NODE));
    expect(await script(`mac=${MAC}`)).toBeUndefined();
    await add(ownComponent(NODE), ownEndpoint(NODE, [], '', false));
    expect(await script(`mac=${MAC}`)).toBeUndefined();
    await add(ownEndpoint(NODE, []));
    expect(await script(`mac=${MAC}`)).toBe(`default xname=${NODE}`);
    await add(ownComponent(NODE, { State: 'Empty' }));
    await put([NODE], 'own');
    expect(await script(`mac=${MAC}`)).toBeUndefined();
    expect(await script(`name=${NODE}`)).toBe(`own xname=${NODE}`);
  });

  it('is not had by an interface alone, whatever is stored under the name that it gives [own-inventory.script-of-an-interface]', async () => {
    await put(['Default'], 'default');
    await put([NODE], 'own');
    await add(ownInterface(MAC, NODE), ownInterface(SECOND));
    expect(await script(`mac=${MAC}`)).toBeUndefined();
    expect(await script(`mac=${SECOND}`)).toBeUndefined();
    expect(await script(`name=${NODE}`)).toBe(`own xname=${NODE}`);
    await send('PUT', PARAMETERS, { macs: [MAC], ...kernel('literal') });
    expect(await script(`mac=${MAC}`)).toBe('literal');
  });

  it('is not that of a record under a MAC that is another node’s now', async () => {
    await add(ownComponent(NODE), ownEndpoint(NODE, [MAC]), ownComponent(OTHER), ownInterface(MAC, OTHER));
    await send('PUT', PARAMETERS, { macs: [MAC], ...kernel('moved') });
    expect(await script(`name=${NODE}`)).toBeUndefined();
    expect(await script(`name=${OTHER}`)).toBe(`moved xname=${OTHER}`);
    expect(await script(`mac=${MAC}`)).toBe(`moved xname=${OTHER}`);
  });

  it('does not stand in the way of those of strangers and tags', async () => {
    await add(ownComponent(NODE), ownInterface(MAC, NODE));
    await put(['Unknown-x86_64'], 'discovery');
    await put(['rack'], 'tag');
    expect(await script(`mac=${UNKNOWN}&arch=x86_64`)).toBe('discovery');
    expect(await script('name=rack')).toBe('tag');
    expect(await script(`mac=${MAC}&arch=x86_64`)).toBe('discovery');
    await put(['Default'], 'default');
    expect(await script(`mac=${MAC}&arch=x86_64`)).toBe(`default xname=${NODE}`);
  });
});

describeService(
  'blocked roles of nodes that were added by hand',
  { ...CLASSIC, BSS_BLOCKED_ROLES: 'management' },
  (client) => {
    const { add, put, script } = helpers(client);

    it('get a script only from their own record or their role’s [own-inventory.script-blocked-roles]', async () => {
      await add(ownComponent(NODE, { Role: 'Management' }), ownInterface(MAC, NODE), ownGroup('rack', [NODE]));
      await put(['Default', 'rack'], 'default');
      expect(await script(`mac=${MAC}`)).toBe('404');
      await put(['Management'], 'role');
      expect(await script(`mac=${MAC}`)).toContain('role ');
    });
  },
);

describeService('one record for one node that was added by hand', { ...CLASSIC, BSS_BOOTIF: 'off' }, (client) => {
  const { add, put, script, list } = helpers(client);
  const { send, rows } = client;
  const node = [ownComponent(NODE, { NID: 7 }), ownInterface(MAC, NODE), ownInterface(SECOND, NODE)];

  it('is reached by each of its identifiers, and answered under the one that was stored first [own-inventory.one-record]', async () => {
    await add(...node);
    expect((await send('POST', PARAMETERS, { macs: [SECOND], ...kernel('one') })).status).toBe(201);
    for (const named of [{ hosts: [NODE] }, { macs: [MAC] }, { nids: [7] }, { macs: [UNKNOWN], hosts: [NODE] }]) {
      const refused = await send('POST', PARAMETERS, { ...named, ...kernel('two') });
      expect(refused.status).toBe(400);
      expect(refused.text).toContain(`already under ${SECOND}`);
    }
    const record = { macs: [SECOND], 'cloud-init': NO_CLOUD_INIT };
    expect((await put([NODE], 'put')).json()).toEqual({ ...record, ...kernel('put') });
    const patched = await send('PATCH', PARAMETERS, { nids: [7], params: 'loud' });
    expect(patched.json()).toEqual({ ...record, ...kernel('put'), params: 'loud' });
    for (const asked of [`mac=${MAC}`, `name=${NODE}`, 'nid=7', `mac=${MAC}&mac=${SECOND}&name=${NODE}`]) {
      expect(await list(`?${asked}`)).toEqual([patched.json()]);
    }
    expect(await rows('nodes')).toBe(1);
    expect((await send('DELETE', PARAMETERS, { hosts: [NODE] })).status).toBe(200);
    expect([await rows('nodes'), await rows('boot_configs')]).toEqual([0, 0]);
  });

  it('is not asked for with the node’s groups and roles', async () => {
    await add(ownComponent(NODE, { Role: 'Compute' }), ownInterface(MAC, NODE), ownGroup('rack', [NODE]));
    await put(['rack', 'Compute'], 'tags');
    expect((await send('GET', `${PARAMETERS}?mac=${MAC}`)).status).toBe(404);
    expect((await send('POST', PARAMETERS, { macs: [MAC], ...kernel('own') })).status).toBe(201);
    expect(await list(`?name=${NODE}`)).toEqual([{ macs: [MAC], ...kernel('own'), 'cloud-init': NO_CLOUD_INIT }]);
    expect((await send('DELETE', PARAMETERS, { macs: [MAC] })).status).toBe(200);
    expect(await list()).toMatchObject([{ hosts: ['Compute', 'rack'] }]);
  });

  it('counts a node once that a request names twice', async () => {
    await add(...node);
    const posted = await send('POST', PARAMETERS, { hosts: [NODE], macs: [MAC, UNKNOWN], nids: [7], ...kernel('k') });
    expect(posted.json()).toEqual({ hosts: [NODE], macs: [UNKNOWN], ...kernel('k'), 'cloud-init': NO_CLOUD_INIT });
    expect(await rows('nodes')).toBe(2);
  });

  it('is made of several that were written before somebody said that they are one node', async () => {
    await send('POST', PARAMETERS, { macs: [MAC], ...kernel('mac') });
    await send('POST', PARAMETERS, { hosts: [NODE], ...kernel('xname') });
    await add(...node);
    expect(await script('nid=7')).toBe(`mac xname=${NODE} nid=7`);
    expect((await send('PUT', PARAMETERS, { macs: [SECOND], ...kernel('one') })).status).toBe(200);
    expect(await rows('nodes')).toBe(1);
    expect(await script(`name=${NODE}`)).toBe(`one xname=${NODE} nid=7`);
  });

  it('is one also when creators meet under different identifiers [own-inventory.one-record-meets]', async () => {
    await add(...node);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, at) =>
        send('POST', PARAMETERS, { ...(at % 2 ? { macs: [MAC] } : { hosts: [NODE] }), ...kernel(`${at}`) }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(9).fill(400)]);
    expect(await rows('nodes')).toBe(1);
  });
});

describeService('nodes that were added by hand in the csm dialect', { BSS_DIALECT: 'csm' }, (client) => {
  const { add, put, list, remove } = helpers(client);
  const { send } = client;

  it('are answered under their xnames, in lists too and by which identifier ever [own-inventory.csm]', async () => {
    await send('POST', PARAMETERS, { macs: [MAC, UNKNOWN], nids: [8], ...kernel('k') });
    await add(ownComponent(NODE, { NID: 7 }), ownInterface(MAC, NODE), ownComponent(OTHER, { NID: 8 }));
    const record = (identifiers: object) => ({ ...identifiers, ...kernel('k'), 'cloud-init': NO_CLOUD_INIT });
    expect(await list()).toEqual([record({ hosts: [NODE] }), record({ hosts: [OTHER] }), record({ macs: [UNKNOWN] })]);
    expect(await list(`?mac=${MAC}`)).toEqual([record({ hosts: [NODE] })]);
    expect(await list('?nid=7')).toEqual([record({ hosts: [NODE] })]);
    expect(await list(`?name=${OTHER}`)).toEqual([record({ hosts: [OTHER] })]);
    expect((await put([NODE], 'k')).json()).toEqual(record({ hosts: [NODE] }));
    // Whose interface it is no longer said to be, it is not.
    await remove(MAC.replaceAll(':', ''));
    expect(await list(`?mac=${MAC}`)).toEqual([record({ macs: [MAC] })]);
  });
});

describeService('cloud-init of nodes that were added by hand', { ...TRUSTING }, (client) => {
  const { add } = helpers(client);
  const { send, rows } = client;
  const at = (address: string) => from(address);
  const cloudInit = (hosts: string[], name: string) =>
    send('PUT', PARAMETERS, { hosts, 'cloud-init': { 'meta-data': { [name]: 1 }, 'user-data': { [name]: true } } });

  it('is found by the address that was said of an interface [own-inventory.cloud-init]', async () => {
    await add(
      ownComponent(NODE, { Role: 'Application', SubRole: 'UAN' }),
      ownInterface(MAC, NODE, '10.7.0.1', 'fd00:7::1'),
    );
    await add(ownGroup('rack', [NODE]), ownComponent(OTHER), ownInterface(SECOND, OTHER, '10.7.0.2'));
    for (const tag of ['Default', 'UAN', 'Application', 'Application_UAN', 'rack', NODE]) await cloudInit([tag], tag);
    for (const address of ['10.7.0.1', 'fd00:7::1']) {
      const answer = await send('GET', '/meta-data', undefined, at(address));
      expect(answer.json()).toEqual({
        'instance-id': expect.stringMatching(`^${NODE}-[0-9a-f]{12}$`),
        ...{ 'local-hostname': NODE, 'shasta-type': 'Application', 'shasta-role': 'UAN', Global: {} },
        ...{ UAN: 1, Application: 1, Application_UAN: 1, rack: 1, [NODE]: 1 },
      });
    }
    const { text } = await send('GET', '/user-data', undefined, at('10.7.0.2'));
    expect(text).toBe(`#cloud-config\nlocal-hostname: ${OTHER}\nDefault: true\n`);
    expect((await send('GET', '/user-data', undefined, at('10.7.0.3'))).text).toBe('#cloud-config\nDefault: true\n');
    expect((await send('GET', '/meta-data', undefined, at('fe80::1%eth0'))).status).toBe(200);
    const history = (await send('GET', '/boot/v1/endpoint-history?endpoint=user-data')).json();
    expect(history).toMatchObject([{ name: OTHER, endpoint: 'user-data' }]);
  });

  it('keeps what the node reports, in its record or until it has one [own-inventory.phone-home]', async () => {
    await add(ownComponent(NODE, { Role: 'Compute' }), ownInterface(MAC, NODE, '10.7.0.1'));
    const report = (address: string, hostname: string) => send('POST', '/phone-home', { hostname }, at(address));
    expect((await report('10.7.0.2', 'nobody')).status).toBe(404);
    const said = (hostname: string) => ({
      ...NO_CLOUD_INIT,
      'phone-home': { ...NO_CLOUD_INIT['phone-home'], hostname },
    });
    const first = await report('10.7.0.1', 'first');
    expect([first.status, first.json()]).toEqual([200, { hosts: [NODE], 'cloud-init': said('first') }]);
    expect((await send('GET', PARAMETERS)).json()).toEqual([]);
    await send('POST', PARAMETERS, { macs: [MAC], ...kernel('k') });
    expect((await send('GET', PARAMETERS)).json()).toMatchObject([{ macs: [MAC], 'cloud-init': said('first') }]);
    await report('10.7.0.1', 'second');
    expect((await send('GET', `${PARAMETERS}?name=${NODE}`)).json()).toMatchObject([
      { macs: [MAC], ...kernel('k'), 'cloud-init': said('second') },
    ]);
    expect(await rows('nodes')).toBe(1);
  });
});

describeService('hosts, standalone, with some that were added by hand', {}, (client) => {
  const { add } = helpers(client);
  const { send } = client;
  const ids = async (asked = ''): Promise<string[]> => {
    const answer = await send('GET', `${HOSTS}${asked}`);
    return answer.status === 200 ? (answer.json() as { ID: string }[]).map(({ ID }) => ID) : [String(answer.status)];
  };

  it('are those, then the nodes with a record that are none of them [own-inventory.hosts]', async () => {
    await add(
      ownComponent(OTHER, { NID: 8 }),
      ownComponent(NODE, { NID: 7, Role: 'Compute' }),
      ownInterface(MAC, NODE),
    );
    await add(ownEndpoint(NODE, [], 'n7.cluster'), ownInterface(THIRD, 'x7c0s9b0n0'));
    await send('POST', PARAMETERS, { macs: [MAC, SECOND], nids: [7, 9], ...kernel('k') });
    expect(await ids()).toEqual([NODE, OTHER, expect.anything(), expect.anything()]);
    expect((await ids()).sort()).toEqual([SECOND, 'nid9', NODE, OTHER]);
    const [shown] = (await send('GET', HOSTS)).json() as object[];
    expect(shown).toEqual({
      ...{ ID: NODE, Type: 'Node', Role: 'Compute', NID: 7, FQDN: 'n7.cluster', MAC: [MAC], EndpointEnabled: true },
    });
    expect((await send('GET', '/boot/v1/dumpstate')).json()).toMatchObject({ Components: [shown, {}, {}, {}] });
    for (const asked of [`mac=${MAC}`, `name=${NODE}`, 'name=n7', 'nid=7', `mac=${MAC}&nid=7&name=n7.cluster`]) {
      expect([asked, await ids(`?${asked}`)]).toEqual([asked, [NODE]]);
    }
    expect(await ids(`?mac=${SECOND}&nid=8`)).toEqual([OTHER, SECOND]);
    expect(await ids(`?mac=${THIRD}&nid=0&name=x7c0s9b0n0`)).toEqual(['404']);
  });
});

describeService(
  'nodes that were added by hand beside an inventory that is no SMD',
  { ...CLASSIC, HSM_URL: 'mem:' },
  (client) => {
    const { add, put, script } = helpers(client);
    const { send, rows } = client;
    const CANNED = ['x0c0s0b0n0', 'x0c0s1b0n0', 'x0c0s2b0n0', 'x0c0s3b0n0', 'x0c0s4b0n0'];

    it('are known and listed behind its own, whose word counts where both know a node [own-inventory.beside-others]', async () => {
      await add(ownComponent(NODE, { NID: 7, Role: 'Service' }), ownInterface(MAC, NODE), ownGroup('rack', [NODE]));
      await add(ownComponent('x0c0s1b0n0', { Role: 'Service', NID: 99 }));
      await put(['Service'], 'service');
      await put(['Compute'], 'compute');
      expect(await script(`mac=${MAC}`)).toContain(`service xname=${NODE} nid=7`);
      expect(await script('name=x0c0s1b0n0')).toContain('compute xname=x0c0s1b0n0 nid=2');
      await put(['rack'], 'group');
      expect(await script('nid=7')).toContain('group ');
      const hosts = (await send('GET', HOSTS)).json() as { ID: string; Role: string }[];
      expect(hosts.map(({ ID }) => ID)).toEqual([...CANNED, NODE]);
      expect(hosts[1]).toMatchObject({ Role: 'Compute' });
      const filtered = (await send('GET', `${HOSTS}?nid=99&name=x0c0s1b0n0&mac=${MAC}`)).json() as { ID: string }[];
      expect(filtered.map(({ ID }) => ID)).toEqual(['x0c0s1b0n0', NODE]);
    });

    it('have one record each, and an identifier that nobody knows stays literal', async () => {
      await add(ownComponent(NODE), ownInterface(MAC, NODE));
      await send('POST', PARAMETERS, { macs: [MAC, UNKNOWN, '02:00:00:00:00:00'], ...kernel('k') });
      for (const hosts of [[NODE], ['x0c0s0b0n0']]) {
        expect((await send('POST', PARAMETERS, { hosts, ...kernel('k') })).status).toBe(400);
      }
      expect(await rows('nodes')).toBe(3);
      expect(await script(`mac=${UNKNOWN}`)).toBeUndefined();
      expect(await script(`name=${NODE}`)).toContain(`k xname=${NODE}`);
    });
  },
);

describeWithSmd('beside an SMD', { settings: CLASSIC }, (client) => {
  const { add, put, script } = helpers(client);

  it('what was added by hand does not count [own-inventory.by-hand-not-beside-smd]', async () => {
    await add(ownComponent(NODE), ownInterface(MAC, NODE));
    await put(['Default'], 'default');
    expect(await script(`mac=${MAC}`)).toBeUndefined();
    expect(await script(`name=${NODE}`)).toBeUndefined();
    const hosts = (await client.send('GET', HOSTS)).json() as { ID: string }[];
    expect(hosts.map(({ ID }) => ID)).not.toContain(NODE);
  });
});
