import { expect, inject, it, onTestFinished } from 'vitest';
import { send } from '../support/http-client.ts';
import { spawnNode, until } from '../support/node-process.ts';
import { freePort, freshDatabase } from '../support/postgres.ts';
import { startSmd } from '../support/smd-simulator.ts';

const NODES = Array.from({ length: 20 }, (_, at) => ({
  ...{ xname: `x1000c0s${at}b0n0`, nid: at + 1, macs: [macAt(at)], groups: ['compute'] },
}));
const STRANGER = macAt(200);

it('A service that starts while SMD is away boots the nodes that it knew, and says how old that is until SMD is back', async () => {
  const port = await freePort();
  const smd = await startSmd({ nodes: NODES, port });
  onTestFinished(smd.stop);
  const settings = {
    DATABASE_URL: await freshDatabase(inject('postgresUrl')),
    HSM_URL: smd.url,
    BSS_HSM_RETRIEVAL_DELAY: '1',
    BSS_HSM_TIMEOUT: '1',
  };
  const script = (origin: string, mac: string) => send(origin, 'GET', `/boot/v1/bootscript?mac=${mac}`);
  const isScript = ({ status, text }: { status: number; text: string }) => status === 200 && text.includes('vmlinuz');

  const first = await spawnNode(settings);
  const parameters = { hosts: ['compute'], kernel: 'http://files/vmlinuz' };
  await until(
    () => send(first.origin, 'POST', '/boot/v1/bootparameters', parameters),
    ({ status }) => status === 201,
  );
  const isFresh = ({ headers }: Awaited<ReturnType<typeof script>>) => headers['x-bss-age'] === undefined;
  // On a busy machine a reading may come later than the second that a node may be old.
  const fresh = await until(
    () => script(first.origin, macAt(0)),
    (answer) => isScript(answer) && isFresh(answer),
  );
  expect(fresh.text).toContain('xname=x1000c0s0b0n0');
  await until(
    () => send(first.origin, 'GET', '/boot/v1/hosts'),
    ({ text }) => JSON.parse(text).length === NODES.length,
  );
  // The copy follows behind the answers: a moment is enough for it.
  await new Promise((resolve) => setTimeout(resolve, 2500));
  first.signal('SIGTERM');
  expect(await first.exitCode()).toBe(0);

  await smd.stop();
  const second = await spawnNode(settings);
  const old = await Promise.all(NODES.map(({ macs: [mac = ''] }) => until(() => script(second.origin, mac), isScript)));
  for (const { headers } of old) expect(Number(headers['x-bss-age'])).toBeGreaterThanOrEqual(1);
  expect(old[0]?.text).toContain('xname=x1000c0s0b0n0');
  const stranger = await script(second.origin, STRANGER);
  expect([stranger.status, stranger.headers['content-type']]).toEqual([503, 'application/problem+json']);
  expect(Number(stranger.headers['retry-after'])).toBeGreaterThan(0);
  const state = () => send(second.origin, 'GET', '/boot/v1/service/hsm');
  expect((await state()).status).toBe(500);

  const back = await startSmd({ nodes: NODES, port });
  onTestFinished(back.stop);
  const young = await until(() => script(second.origin, macAt(0)), isFresh);
  expect(isScript(young)).toBe(true);
  await until(state, ({ status }) => status === 200);
  const waits = await script(second.origin, STRANGER);
  expect([waits.status, waits.text.includes('vmlinuz')]).toEqual([200, false]);
  second.signal('SIGTERM');
  expect(await second.exitCode()).toBe(0);
  expect(second.output().match(/the inventory cannot be read/g)).toHaveLength(1);
  expect(second.output().match(/the inventory is read again/g)).toHaveLength(1);
});

function macAt(at: number): string {
  return `02:00:00:00:00:${at.toString(16).padStart(2, '0')}`;
}
