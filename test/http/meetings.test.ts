import { expect, it } from 'vitest';
import { describeWithDatabase, PARAMETERS } from './describe-service.ts';

/** In the canned set, x0c0s1b0n0 is 02:00:00:00:00:01 and NID 2. */
const MAC = '02:00:00:00:00:01';
const NAMES = [{ macs: [MAC] }, { hosts: ['x0c0s1b0n0'] }, { nids: [2] }];

describeWithDatabase('writes that meet', { HSM_URL: 'mem:' }, ({ send, rows }) => {
  const many = (count: number, request: (at: number) => readonly [method: string, body: object]) =>
    Promise.all(Array.from({ length: count }, (_, at) => send(request(at)[0], PARAMETERS, request(at)[1])));
  const sizes = async () => [await rows('nodes'), await rows('boot_groups'), await rows('boot_configs')];

  it('let one create a node, and refuse the others [writing.one-of-many-creates]', async () => {
    const answers = await many(20, (at) => ['POST', { macs: [MAC], kernel: `http://files/${at}` }]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(19).fill(400)]);
    const winner = answers.findIndex(({ status }) => status === 201);
    expect((await send('GET', PARAMETERS)).json()).toMatchObject([{ macs: [MAC], kernel: `http://files/${winner}` }]);
    expect(await sizes()).toEqual([1, 1, 1]);
  });

  it('let one create it whichever identifiers they use, and for none of the others a part [writing.one-of-two-identifiers-creates] [writing.post-is-all-or-nothing]', async () => {
    const answers = await many(21, (at) => [
      'POST',
      { ...NAMES[at % 3], nids: [...(NAMES[at % 3]?.nids ?? []), 1000 + at], kernel: `http://files/${at}` },
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(20).fill(400)]);
    const winner = answers.findIndex(({ status }) => status === 201);
    const own = await send('GET', `${PARAMETERS}?nid=${1000 + winner}`);
    expect(own.json()).toMatchObject([{ kernel: `http://files/${winner}` }]);
    expect(await sizes()).toEqual([2, 1, 1]);
  });

  it('leave what one after the other would have left [writing.meetings-have-an-order]', async () => {
    await send('POST', PARAMETERS, { macs: [MAC], kernel: 'http://files/before' });
    const patches = await many(20, (at) => [
      'PATCH',
      { ...NAMES[at % 3], 'cloud-init': { 'user-data': { [`key${at}`]: at } } },
    ]);
    expect(patches.map(({ status }) => status)).toEqual(Array(20).fill(200));
    const all = Object.fromEntries(patches.map((_, at) => [`key${at}`, at]));
    expect((await send('GET', PARAMETERS)).json()).toMatchObject([
      { kernel: 'http://files/before', 'cloud-init': { 'user-data': all } },
    ]);

    const answers = await many(20, (at) =>
      at % 2 === 0
        ? ['PUT', { ...NAMES[at % 3], kernel: `http://files/${at}`, params: `p${at}` }]
        : ['DELETE', NAMES[at % 3] ?? {}],
    );
    for (const [at, { status }] of answers.entries()) expect(at % 2 === 0 ? [200] : [200, 400]).toContain(status);
    const left = (await send('GET', PARAMETERS)).json() as { kernel: string; params: string }[];
    expect(left.length).toBeLessThanOrEqual(1);
    for (const { kernel, params } of left) expect(kernel).toBe(`http://files/${params.slice(1)}`);
    expect(await sizes()).toEqual([left.length, left.length, left.length]);
  });
});
