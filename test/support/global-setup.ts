import type { TestProject } from 'vitest/node';
import { startPostgres } from './postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** For `freshDatabase(inject('postgresUrl'))`: each test file makes databases of its own on the one server. */
    postgresUrl: string;
  }
}

/** Vitest's global setup: one PostgreSQL for the whole run, in the main process; returns what ends it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const postgres = await startPostgres();
  project.provide('postgresUrl', postgres.url);
  return postgres.stop;
}
