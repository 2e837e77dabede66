import { expect, inject, it } from 'vitest';
import { freshDatabase } from '../support/postgres.ts';
import { startWorkerService } from '../support/worker-service.ts';

it('says once which settings mean nothing to it', async () => {
  const databaseUrl = await freshDatabase(inject('postgresUrl'));
  const worker = await startWorkerService({ NFD_URL: 'http://nfd', BSS_ENDPOINT_HOST: 'bss' }, { databaseUrl });
  try {
    for (const _ of ['first', 'again']) expect((await worker.fetch('/boot/v1/service/status')).status).toBe(200);
    const said = worker.logs.filter((line) => line.includes('these settings are ignored'));
    expect(said).toEqual([expect.stringContaining('NFD_URL')]);
    expect(said[0]).toContain('BSS_ENDPOINT_HOST');
    expect(said[0]).not.toContain('BSS_STORE');
  } finally {
    await worker.stop();
  }
});
