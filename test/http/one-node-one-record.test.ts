import { expect, it } from 'vitest';
import type { SmdNode } from '../support/smd-simulator.ts';
import { describeWithSmd, NO_CLOUD_INIT, PARAMETERS, problemWith, SCRIPT } from './describe-service.ts';

let made = 0;
/** A node of its own for each case, so that nothing of it is remembered: xname, NID and two MACs. */
function newNode() {
  made += 1;
  const two = made.toString(16).padStart(2, '0');
  const macs: [string, string] = [`02:00:00:0a:${two}:00`, `02:00:00:0a:${two}:01`];
  return { xname: `x7c0s${made}b0n0`, nid: 700 + made, macs } satisfies SmdNode;
}

const kernel = (name: string) => ({ kernel: `http://files/${name}` });

describeWithSmd('one record for one node', { settings: { BSS_SCRIPT_FORM: 'classic' }, nodes: [] }, (client) => {
  const { send, smd, rows } = client;
  const list = async (query = ''): Promise<unknown> => (await send('GET', `${PARAMETERS}${query}`)).json();
  const kernelOf = async (query: string): Promise<string | undefined> =>
    /^kernel --name kernel http:\/\/files\/(\S+) /m.exec((await send('GET', `${SCRIPT}?${query}`)).text)?.[1];
  /** SMD gets to know a node, and the service is told to look. */
  async function discover(node: SmdNode): Promise<void> {
    smd().add(node);
    expect((await send('POST', '/boot/v1/hosts')).status).toBe(204);
  }
  /** A node that has a record under each of its identifiers, since SMD came to know it late. */
  async function nodeWithFour() {
    const node = newNode();
    const [first, second] = node.macs;
    await send('POST', PARAMETERS, { nids: [node.nid], ...kernel('nid') });
    await send('POST', PARAMETERS, { hosts: [node.xname], ...kernel('xname') });
    await send('POST', PARAMETERS, { macs: [second], ...kernel('second') });
    await send('POST', PARAMETERS, { macs: [first], ...kernel('first') });
    expect(await rows('nodes')).toBe(4);
    await discover(node);
    return { ...node, first, second };
  }

  it('of several that came together, that of the MAC asked by counts, then other MACs, the xname, the NID [resolution.several-records]', async () => {
    const { first, second, xname, nid } = await nodeWithFour();
    expect(await kernelOf(`mac=${first}`)).toBe('first');
    expect(await kernelOf(`mac=${second}`)).toBe('second');
    expect(await kernelOf(`name=${xname}`)).toBe('first');
    expect(await kernelOf(`nid=${nid}`)).toBe('first');
  });

  it('of several without one of the MAC asked by, that of another MAC counts [resolution.several-records]', async () => {
    const node = newNode();
    const [first, second] = node.macs;
    await send('POST', PARAMETERS, { nids: [node.nid], ...kernel('nid') });
    await send('POST', PARAMETERS, { hosts: [node.xname], ...kernel('xname') });
    await discover(node);
    expect(await kernelOf(`mac=${first}`)).toBe('xname');
    expect(await kernelOf(`nid=${node.nid}`)).toBe('xname');
    const late = newNode();
    await send('POST', PARAMETERS, { hosts: [late.xname], ...kernel('xname') });
    await send('POST', PARAMETERS, { macs: [late.macs[1]], ...kernel('second') });
    await discover(late);
    expect(await kernelOf(`mac=${late.macs[0]}`)).toBe('second');
    expect(await kernelOf(`name=${late.xname}`)).toBe('second');
    expect(await kernelOf(`mac=${second}`)).toBe('xname');
  });

  it('is what a PUT makes of several, by any of the identifiers [writing.put-makes-one-of-several]', async () => {
    const { first, second, xname, nid } = await nodeWithFour();
    const put = await send('PUT', PARAMETERS, { macs: [second], ...kernel('one') });
    // The identifier that was stored first is kept.
    expect(put.json()).toEqual({ nids: [nid], ...kernel('one'), 'cloud-init': NO_CLOUD_INIT });
    expect(await list()).toEqual([{ nids: [nid], ...kernel('one'), 'cloud-init': NO_CLOUD_INIT }]);
    expect([await rows('nodes'), await rows('boot_configs')]).toEqual([1, 1]);
    for (const query of [`mac=${first}`, `mac=${second}`, `name=${xname}`, `nid=${nid}`]) {
      expect(await kernelOf(query)).toBe('one');
    }
  });

  it('several are all changed by a PATCH of one [writing.patch-reaches-all-of-several]', async () => {
    const { first, second, xname, nid } = await nodeWithFour();
    const patched = await send('PATCH', PARAMETERS, { hosts: [xname], params: 'loud' });
    expect([patched.status, patched.json()]).toEqual([200, expect.objectContaining({ params: 'loud' })]);
    expect(await list()).toMatchObject([
      { hosts: [xname], ...kernel('xname'), params: 'loud' },
      { macs: [first], ...kernel('first'), params: 'loud' },
      { macs: [second], ...kernel('second'), params: 'loud' },
      { nids: [nid], ...kernel('nid'), params: 'loud' },
    ]);
    await send('PATCH', PARAMETERS, { nids: [nid], ...kernel('all') });
    expect(await list()).toMatchObject([{ hosts: [xname], macs: [first, second], nids: [nid], ...kernel('all') }]);
  });

  it('several are all removed by a DELETE of one [writing.delete-reaches-all-of-several]', async () => {
    const { nid } = await nodeWithFour();
    await send('POST', PARAMETERS, { hosts: ['Default'], ...kernel('default') });
    expect((await send('DELETE', PARAMETERS, { nids: [nid] })).status).toBe(200);
    expect(await list()).toMatchObject([{ hosts: ['Default'] }]);
    expect(await rows('nodes')).toBe(0);
    expect((await send('DELETE', PARAMETERS, { nids: [nid] })).status).toBe(400);
  });

  it('under a MAC that SMD gets to know later is found, changed and removed by the xname from then on [writing.known-later-is-found] [writing.known-later-is-changed-and-removed] [writing.first-identifier-is-kept]', async () => {
    for (const identifierOf of [
      ({ macs }: ReturnType<typeof newNode>) => ({ macs: [macs[1]] }),
      ({ nid }: ReturnType<typeof newNode>) => ({ nids: [nid] }),
    ]) {
      const node = newNode();
      const { xname, nid, macs } = node;
      const identifier = identifierOf(node);
      await send('POST', PARAMETERS, { ...identifier, ...kernel('early') });
      expect((await send('GET', `${PARAMETERS}?name=${xname}`)).status).toBe(404);
      expect((await send('PATCH', PARAMETERS, { hosts: [xname], params: 'x' })).status).toBe(404);
      await discover(node);
      for (const query of [`?name=${xname}`, `?mac=${macs[0]}`, `?nid=${nid}`, '']) {
        expect(await list(query)).toEqual([{ ...identifier, ...kernel('early'), 'cloud-init': NO_CLOUD_INIT }]);
      }
      expect(await kernelOf(`name=${xname}`)).toBe('early');
      const conflict = await send('POST', PARAMETERS, { hosts: [xname], ...kernel('second') });
      const [under] = Object.values(identifier).flat();
      expect(conflict.json()).toEqual(problemWith(400, 'Bad Request', expect.stringContaining(String(under))));
      const put = await send('PUT', PARAMETERS, { hosts: [xname], ...kernel('put') });
      expect(put.json()).toEqual({ ...identifier, ...kernel('put'), 'cloud-init': NO_CLOUD_INIT });
      const patched = await send('PATCH', PARAMETERS, { macs: [macs[0]], params: 'loud' });
      expect(patched.json()).toMatchObject({ ...identifier, ...kernel('put'), params: 'loud' });
      expect(await rows('nodes')).toBe(1);
      expect((await send('DELETE', PARAMETERS, { hosts: [xname] })).status).toBe(200);
      expect(await rows('nodes')).toBe(0);
    }
  });

  it('is stored under the MAC where a request has no xname, and only without a MAC under the NID [writing.mac-is-kept-before-nid] [writing.xname-is-kept-of-several] [writing.named-twice-counts-once]', async () => {
    const node = newNode();
    const { xname, nid, macs } = node;
    await discover(node);
    for (const [named, kept] of [
      [{ nids: [nid], macs: [macs[1], macs[0]] }, { macs: [macs[1]] }],
      [{ nids: [nid, nid] }, { nids: [nid] }],
      [{ macs: [macs[0].toUpperCase(), macs[0]] }, { macs: [macs[0]] }],
      [{ nids: [nid], macs, hosts: [xname.toUpperCase(), xname] }, { hosts: [xname] }],
    ]) {
      const posted = await send('POST', PARAMETERS, { ...named, ...kernel('k') });
      expect(posted.json()).toEqual({ ...kept, ...kernel('k'), 'cloud-init': NO_CLOUD_INIT });
      expect(await rows('nodes')).toBe(1);
      expect((await send('DELETE', PARAMETERS, named)).status).toBe(200);
      expect(await rows('nodes')).toBe(0);
    }
  });

  it('is taken by its identifiers as they are while SMD is away [writing.literal-while-the-inventory-is-away]', async () => {
    const node = newNode();
    const { xname, nid, macs } = node;
    smd().mode = 'refuse';
    smd().add(node);
    const posted = await send('POST', PARAMETERS, { macs: [macs[0]], ...kernel('mac') });
    expect([posted.status, posted.json()]).toMatchObject([201, { macs: [macs[0]], ...kernel('mac') }]);
    expect(await list(`?mac=${macs[0]}`)).toMatchObject([{ macs: [macs[0]] }]);
    expect((await send('GET', `${PARAMETERS}?name=${xname}`)).status).toBe(404);
    expect((await send('PUT', PARAMETERS, { macs: [macs[0]], ...kernel('put') })).status).toBe(200);
    expect((await send('PATCH', PARAMETERS, { macs: [macs[0]], params: 'x' })).status).toBe(200);
    expect((await send('PATCH', PARAMETERS, { nids: [nid], params: 'x' })).status).toBe(404);
    expect((await send('POST', PARAMETERS, { hosts: [xname], ...kernel('xname') })).status).toBe(201);
    expect((await send('POST', PARAMETERS, { nids: [nid], ...kernel('nid') })).status).toBe(201);
    expect((await send('DELETE', PARAMETERS, { nids: [nid] })).status).toBe(200);
    expect(await list()).toMatchObject([
      { hosts: [xname], ...kernel('xname') },
      { macs: [macs[0]], ...kernel('put') },
    ]);
    smd().mode = 'healthy';
    expect(await kernelOf(`name=${xname}`)).toBe('put');
  });
});
