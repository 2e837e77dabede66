import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { describeWithDatabase, from, PARAMETERS, SCRIPT, TRUSTING } from './describe-service.ts';

const MAC = '02:00:00:00:00:01';
const HSM = '/hsm/v2';
const XNAME = 'x0c0s0b0n0';
const TABLES = ['nodes', 'boot_groups', 'boot_configs', 'boot_group_assignments', 'boot_images', 'own_inventory'];

describeWithDatabase('while the database is away', TRUSTING, ({ send, database, query }) => {
  const everything = async (): Promise<unknown[]> => {
    const tables = TABLES.map((table) => query(`select to_jsonb(t) as row from boot.${table} t order by 1`));
    return Promise.all(tables);
  };

  it('everything that needs it is 503 with Retry-After, and nothing is written then or later [service.status-without-database] [service.storage-away-is-500] [bootscript.store-outage-is-503] [writing.outage-is-503] [writing.outage-changes-nothing] [problems.show-no-insides]', async () => {
    await send('POST', PARAMETERS, { macs: [MAC], kernel: 'http://files/k' });
    await send('POST', PARAMETERS, { kernel: 'http://files/k', params: 'quiet' });
    await send('POST', `${HSM}/State/Components`, { Components: [{ ID: XNAME, NID: 7 }] });
    await send('POST', `${HSM}/Inventory/EthernetInterfaces`, {
      ComponentID: XNAME,
      MACAddress: MAC,
      IPAddresses: [{ IPAddress: '10.0.0.7' }],
    });
    await send('POST', `${HSM}/groups`, { label: 'gpu' });
    const before = await everything();
    database().mode = 'refuse';
    database().cut();
    for (const [method, path, body] of [
      // Of them nothing is known.
      ['GET', `${SCRIPT}?mac=02:00:00:00:00:09`],
      ['GET', '/meta-data'],
      ['GET', '/user-data'],
      ['GET', PARAMETERS],
      ['GET', `${PARAMETERS}?mac=${MAC}`],
      ['POST', PARAMETERS, { macs: ['02:00:00:00:00:02'], kernel: 'http://files/k' }],
      ['PUT', PARAMETERS, { macs: [MAC], kernel: 'http://files/other' }],
      ['PATCH', PARAMETERS, { macs: [MAC], params: 'other' }],
      ['DELETE', PARAMETERS, { macs: [MAC] }],
      ['DELETE', PARAMETERS, { kernel: 'http://files/k' }],
      ['POST', PARAMETERS, { initrd: 'http://files/i', params: 'other' }],
      ['PUT', PARAMETERS, { kernel: 'http://files/k', params: 'other' }],
      ['PATCH', PARAMETERS, { kernel: 'http://files/k', params: 'other' }],
      ['POST', '/phone-home', { hostname: 'n7' }],
      ['GET', `${HSM}/State/Components`],
      ['GET', `${HSM}/State/Components/${XNAME}`],
      ['GET', `${HSM}/Inventory/EthernetInterfaces`],
      ['GET', `${HSM}/Inventory/ComponentEndpoints`],
      ['GET', `${HSM}/Inventory/RedfishEndpoints`],
      ['GET', `${HSM}/groups`],
      ['GET', `${HSM}/memberships/${XNAME}`],
      ['POST', `${HSM}/State/Components`, { Components: [{ ID: 'x0c0s0b0n1' }] }],
      ['PUT', `${HSM}/State/Components/${XNAME}`, { Component: { ID: XNAME, State: 'On' }, Force: true }],
      ['PATCH', `${HSM}/State/Components/BulkNID`, { Components: [{ ID: XNAME, NID: 8 }] }],
      ['DELETE', `${HSM}/State/Components/${XNAME}`],
      ['DELETE', `${HSM}/State/Components`],
      ['POST', `${HSM}/Inventory/EthernetInterfaces`, { MACAddress: '02:00:00:00:00:05', ComponentID: XNAME }],
      ['PATCH', `${HSM}/Inventory/EthernetInterfaces/020000000001`, { Description: 'other' }],
      ['DELETE', `${HSM}/Inventory/EthernetInterfaces`],
      ['POST', `${HSM}/Inventory/RedfishEndpoints`, { ID: 'x0c0s0b0', FQDN: 'x0c0s0b0' }],
      ['POST', `${HSM}/groups`, { label: 'other' }],
      ['POST', `${HSM}/groups/gpu/members`, { id: XNAME }],
      ['DELETE', `${HSM}/groups/gpu`],
      ['GET', '/boot/v1/hosts'],
      ['GET', '/boot/v1/dumpstate'],
      ['GET', '/boot/v1/endpoint-history'],
    ] as const) {
      const answer = await send(method, path, body, path === '/phone-home' ? from('10.0.0.7') : {});
      expect([method, path, answer.status]).toEqual([method, path, 503]);
      expect(answer.headers['retry-after']).toMatch(/^[1-9][0-9]*$/);
      const { detail, ...rest } = answer.json() as { detail: unknown };
      expect(rest).toEqual({ type: 'about:blank', title: 'Service Unavailable', status: 503 });
      expect(detail).toBe('the database could not answer');
    }
    for (const [part, error] of [
      ['storage/status', '{"bss-storage-backend":{"name":"postgres","status":"error"}}'],
      ['etcd', '{"bss-status-etcd":"error"}'],
    ]) {
      const answer = await send('GET', `/boot/v1/service/${part}`);
      expect([answer.status, answer.text]).toEqual([500, error]);
    }
    expect((await send('GET', '/boot/v1/service/status/all')).status).toBe(500);
    expect((await send('GET', '/boot/v1/service/status')).text).toBe('{"bss-status":"running"}');
    database().mode = 'pass';
    await sleep(1000);
    expect(await everything()).toEqual(before);
    const change = { Components: [{ ID: XNAME, NID: 7 }] };
    expect((await send('PATCH', `${HSM}/State/Components/BulkNID`, change)).status).toBe(204);
    expect((await send('PATCH', PARAMETERS, { macs: [MAC], kernel: 'http://files/k' })).status).toBe(200);
    expect(await everything()).not.toEqual(before);
  });
});

describeWithDatabase('while accesses cannot be written', { BSS_SCRIPT_FORM: 'classic' }, ({ send, query }) => {
  /** Asks for some scripts, which must come as ever. */
  async function scriptsComeAtOnce(): Promise<void> {
    for (let at = 0; at < 5; at++) {
      const started = performance.now();
      const { text } = await send('GET', `${SCRIPT}?mac=${MAC}`);
      expect(text).toContain('kernel --name kernel http://files/k');
      expect(performance.now() - started).toBeLessThan(1000);
    }
  }
  const history = async (): Promise<unknown> => (await send('GET', '/boot/v1/endpoint-history')).json();
  const entry = { name: MAC, endpoint: 'bootscript', last_epoch: expect.any(Number) };

  it('scripts go out as ever, and are recorded once that is possible [hosts-and-state.history-is-in-nobodys-way]', async () => {
    await send('POST', PARAMETERS, { macs: [MAC], kernel: 'http://files/k' });
    await query('alter table boot.endpoint_access rename to gone');
    await scriptsComeAtOnce();
    await query('alter table boot.gone rename to endpoint_access');
    expect(await history()).toEqual([entry]);

    await query('truncate boot.endpoint_access');
    const held = query('begin; lock table boot.endpoint_access; select pg_sleep(3); commit');
    await scriptsComeAtOnce();
    await held;
    expect(await history()).toEqual([entry]);
  });
});
