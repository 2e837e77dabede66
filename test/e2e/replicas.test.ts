import { describe, inject } from 'vitest';
import { freshDatabase } from '../support/postgres.ts';
import { replicaCases } from './replica-cases.ts';

describe('three replicas on one PostgreSQL', () => {
  replicaCases(async () => {
    const direct = await freshDatabase(inject('postgresUrl'));
    return { settings: { DATABASE_URL: direct }, direct, stop: async () => {} };
  });
});
