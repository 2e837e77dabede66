import { describe, inject } from 'vitest';
import { freshDatabase } from '../support/postgres.ts';
import { replicaCases } from './replica-cases.ts';

// They wait out seconds, many times, and share the machine.
describe('three replicas on one PostgreSQL', { timeout: 90_000 }, () => {
  replicaCases(async () => {
    const direct = await freshDatabase(inject('postgresUrl'));
    return { settings: { DATABASE_URL: direct }, direct, stop: async () => {} };
  });
});
