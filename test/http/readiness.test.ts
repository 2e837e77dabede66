import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startSmd } from '../support/smd-simulator.ts';
import { describeWith, describeWithSmd, SCRIPT } from './describe-service.ts';

describeWithSmd('beside an SMD', {}, ({ send, smd }) => {
  it('is ready once SMD answers, and then does not ask it for every probe', async () => {
    await expect.poll(async () => (await send('GET', '/ready')).status, { timeout: 10_000 }).toBe(200);
    expect((await send('GET', '/ready')).json()).toEqual({
      ready: true,
      store: { ready: true, age: 0 },
      inventory: { ready: true, age: expect.any(Number) },
    });
    const before = smd().requests.length;
    for (let probe = 0; probe < 50; probe++) await send('GET', '/ready');
    // A reading of the lists may fall into this.
    expect(smd().requests.length - before).toBeLessThan(10);
  });
});

async function startAway() {
  const smd = await startSmd();
  smd.mode = 'refuse';
  return { smd, settings: { HSM_URL: smd.url }, stop: smd.stop };
}

describeWith('beside an SMD that is away from the start', startAway, ({ send, beside }) => {
  it('is not ready and says why, until SMD is there [service.not-ready-is-503]', async () => {
    const answer = await send('GET', '/ready');
    expect([answer.status, Number(answer.headers['retry-after']) > 0]).toEqual([503, true]);
    expect(answer.json()).toEqual({
      ready: false,
      store: { ready: true, age: 0 },
      inventory: { ready: false, reason: 'the inventory (SMD) cannot be asked' },
    });
    expect((await send('GET', `${SCRIPT}?mac=02:00:00:00:00:01`)).status).toBe(503);
    expect((await send('GET', '/health')).status).toBe(200);
    beside().smd.mode = 'healthy';
    await sleep(1000);
    await expect.poll(async () => (await send('GET', '/ready')).status, { timeout: 10_000 }).toBe(200);
  });
});
