import { expect, it } from 'vitest';
import { claimsWith } from '../auth/verifier.ts';
import ochami from '../fixtures/own-inventory/ochami-discover-static.json' with { type: 'json' };
import { send as sendTo } from '../support/http-client.ts';
import { makeKey, startKeyServer } from '../support/key-server.ts';
import {
  describeService,
  describeWith,
  describeWithDatabase,
  describeWithSmd,
  from,
  PARAMETERS,
  SCRIPT,
  TRUSTING,
} from './describe-service.ts';
import { BEHIND, COMPONENTS, ENDPOINTS, GROUPS, HSM, INTERFACES, missing, NODE, OTHER } from './own-paths.ts';
import { services } from './service.ts';

describeService('the own inventory', {}, ({ send }) => {
  it('answers what SMD says of itself [own-inventory.service]', async () => {
    expect((await send('GET', `${HSM}/service/ready`)).json()).toEqual({ code: 0, message: 'HSM is healthy' });
    expect((await send('GET', `${HSM}/service/liveness`)).status).toBe(204);
    expect((await send('GET', `${HSM}/service/values/class`)).json()).toEqual({ Class: ['River', 'Mountain', 'Hill'] });
    expect((await send('GET', `${HSM}/service/values`)).json()).toMatchObject({ State: expect.any(Array) });
    expect((await send('GET', `${HSM}/service/values/nonsense`)).status).toBe(404);
  });

  it('is served where SMD is: by itself, behind the gateway, and as manta asks [own-inventory.paths]', async () => {
    for (const prefix of ['', '/apis/smd', '/smd']) {
      const path = `${prefix}${COMPONENTS}/`;
      expect((await send('POST', path, { Components: [{ ID: NODE }] })).status).toBe(204);
      expect((await send('GET', path)).json()).toMatchObject({ Components: [{ ID: NODE }] });
    }
  });

  it('refuses methods that a path has not, and says which it has [own-inventory.methods]', async () => {
    for (const [method, path, allow] of [
      ['PUT', COMPONENTS, 'GET,POST,DELETE'],
      ['POST', `${COMPONENTS}/${NODE}`, 'GET,PUT,DELETE'],
      ['GET', `${COMPONENTS}/BulkNID`, 'PATCH'],
      ['PUT', `${INTERFACES}/0200000000aa`, 'GET,PATCH,DELETE'],
      ['PATCH', ENDPOINTS, 'GET,POST,DELETE'],
      ['DELETE', GROUPS, 'GET,POST'],
      ['POST', `${HSM}/memberships`, 'GET'],
    ] as const) {
      const answer = await send(method, path);
      expect([method, path, answer.status, answer.headers.allow]).toEqual([method, path, 405, allow]);
      const options = await send('OPTIONS', path);
      expect([options.status, options.headers.allow]).toEqual([204, allow]);
    }
    expect((await send('GET', `${HSM}/nonsense`)).status).toBe(404);
  });
});

describeWithSmd('beside an SMD', { nodes: [] }, ({ send }) => {
  it('there is no own inventory, and the answer says whose there is [own-inventory.not-beside-smd]', async () => {
    for (const [method, path] of [
      ['GET', COMPONENTS],
      ['POST', `/apis/smd${GROUPS}`],
      ['DELETE', `${INTERFACES}/0200000000aa`],
    ] as const) {
      expect((await send(method, path)).json()).toEqual(
        missing('the inventory is that of the SMD at HSM_URL: ask that'),
      );
    }
  });
});

async function keys(settings: Record<string, string> = {}) {
  const key = await makeKey('first');
  const server = await startKeyServer([key]);
  return { key, settings: { BSS_JWKS_URL: server.url, ...settings }, stop: server.stop };
}

describeWith(
  'the own inventory with a key server',
  () => keys({ BSS_AUTH_SCOPES: 'on' }),
  ({ send, rows, beside }) => {
    const bearer = async (scope: string) => ({
      Authorization: `Bearer ${await beside().key.sign(claimsWith({ scope }))}`,
    });

    it('gives its public lists to anybody, and all else for a token only [own-inventory.public-lists]', async () => {
      for (const prefix of ['', '/apis/smd', '/smd']) {
        for (const path of [
          ...[COMPONENTS, `${COMPONENTS}?type=Node`, INTERFACES, `${HSM}/service/ready`],
          ...[`${COMPONENTS}/`, `${INTERFACES}//?type=Node`, `${HSM}/service/ready/`],
        ]) {
          expect([path, (await send('GET', `${prefix}${path}`)).status]).toEqual([path, 200]);
        }
        for (const [method, path] of [
          ['POST', COMPONENTS],
          ['DELETE', COMPONENTS],
          ['GET', `${COMPONENTS}/${NODE}`],
          ['PATCH', `${COMPONENTS}/BulkNID`],
          ['POST', INTERFACES],
          ['GET', `${INTERFACES}/0200000000aa`],
          ['GET', ENDPOINTS],
          ['GET', BEHIND],
          ['GET', GROUPS],
          ['GET', `${HSM}/memberships`],
          ['GET', `${HSM}/groups/`],
        ] as const) {
          const answer = await send(method, `${prefix}${path}`);
          expect([method, path, answer.status]).toEqual([method, path, 401]);
          expect(answer.headers['www-authenticate']).toBe('Bearer realm="bss-edge"');
        }
        expect((await send('OPTIONS', `${prefix}${COMPONENTS}`)).status).toBe(204);
      }
      expect(await rows('own_inventory')).toBe(0);
    });

    it('wants the scope for what is done, where scopes count [own-inventory.scopes]', async () => {
      const [reader, writer] = [await bearer('bss:read'), await bearer('bss:write')];
      const body = { Components: [{ ID: NODE }] };
      expect((await send('POST', COMPONENTS, body, reader)).status).toBe(403);
      expect((await send('POST', COMPONENTS, body, writer)).status).toBe(204);
      expect((await send('GET', `${COMPONENTS}/${NODE}`, undefined, reader)).status).toBe(200);
    });
  },
);

describeWithDatabase('the own inventory over a database that is away', {}, ({ send, database }) => {
  it('is unavailable, and not empty [own-inventory.outage]', async () => {
    database().mode = 'refuse';
    database().cut();
    try {
      for (const path of [COMPONENTS, INTERFACES, GROUPS, `${HSM}/service/ready`]) {
        expect([path, (await send('GET', path)).status]).toEqual([path, 503]);
      }
      expect((await send('POST', COMPONENTS, { Components: [{ ID: NODE }] })).status).toBe(503);
    } finally {
      database().mode = 'pass';
    }
  });
});

/** A service whose own inventory is another one's SMD. */
async function ownInventoryOfAnother() {
  const first = await services.Node({});
  return {
    origin: first.origin,
    settings: { HSM_URL: first.origin, BSS_SCRIPT_FORM: 'classic', BSS_HSM_RETRIEVAL_DELAY: '1', ...TRUSTING },
    stop: first.stop,
  };
}

describeWith('a service with the own inventory of another as its SMD', ownInventoryOfAnother, ({ send, beside }) => {
  it('knows its nodes by every name, and takes its groups [own-inventory.smd-of-another]', async () => {
    const fill = async (path: string, body: unknown) => {
      const { status } = await sendTo(beside().origin, 'POST', path, body);
      expect([path, Math.floor(status / 100)]).toEqual([path, 2]);
    };
    await fill(COMPONENTS, ochami.components);
    for (const endpoint of ochami.endpoints) await fill(ENDPOINTS, endpoint);
    for (const group of ochami.groups) await fill(GROUPS, group);

    expect((await send('GET', '/boot/v1/service/hsm')).json()).toEqual({ 'bss-status-hsm': 'connected' });
    await send('PUT', PARAMETERS, { hosts: ['gpu'], kernel: 'http://files/gpu' });
    await send('PUT', PARAMETERS, { hosts: ['Compute'], kernel: 'http://files/compute' });
    const script = async (query: string) => (await send('GET', `${SCRIPT}?${query}`)).text;
    for (const query of ['mac=02:00:00:00:00:02', 'mac=02:00:00:00:01:02', `name=${OTHER}`, 'nid=2']) {
      expect(await script(query)).toContain('http://files/gpu');
      expect(await script(query)).toContain(`xname=${OTHER} nid=2`);
    }
    expect(await script('mac=02:00:00:00:00:01')).toContain('http://files/compute');
    expect(await script('mac=02:00:00:00:00:99')).not.toContain('http://files/');
    expect((await send('GET', '/meta-data', undefined, from('10.0.0.2'))).json()).toMatchObject({
      'local-hostname': OTHER,
      'shasta-type': 'Compute',
    });
    // What was read at the start may count still, when the other inventory was empty.
    expect((await send('POST', '/boot/v1/hosts')).status).toBe(204);
    const hosts = (await send('GET', '/boot/v1/hosts')).json() as { ID: string }[];
    // Who asked before the lists were read comes first.
    expect(hosts.toSorted((a, b) => (a.ID < b.ID ? -1 : 1))).toMatchObject([
      { ID: NODE, NID: 1, MAC: ['02:00:00:00:00:01'], EndpointEnabled: true },
      { ID: OTHER, NID: 2, MAC: ['02:00:00:00:00:02', '02:00:00:00:01:02'] },
      { ID: 'x1000c0s1b0n0', NID: 3, Role: 'Compute', State: 'On' },
    ]);
  });
});
