import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { describeWithDatabase, PARAMETERS } from './describe-service.ts';

const MAC = '02:00:00:00:00:01';

describeWithDatabase('a write that stalls on its way to the database', {}, ({ send, database, rows }) => {
  // Before the first statement, and among them; what stalled gets through when the way is free again.
  it.each([2, 10])(
    'is 503, and nothing of it comes later: after %i ms [writing.outage-changes-nothing] [writing.outage-is-503]',
    async (delay) => {
      await send('POST', PARAMETERS, { macs: [MAC], kernel: 'http://files/before' });
      const write = send('PUT', PARAMETERS, { macs: [MAC], kernel: 'http://files/stalled' });
      await sleep(delay);
      database().mode = 'stall';
      const { status } = await write;
      database().mode = 'pass';
      await sleep(1000);
      const kernel = `http://files/${status === 503 ? 'before' : 'stalled'}`;
      expect([200, 503]).toContain(status);
      expect((await send('GET', PARAMETERS)).json()).toMatchObject([{ macs: [MAC], kernel }]);
      expect([await rows('nodes'), await rows('boot_configs')]).toEqual([1, 1]);
    },
  );
});
