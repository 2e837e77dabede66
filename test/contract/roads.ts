import pg from 'pg';
import { ServiceError } from '../../src/core/errors.ts';
import { send } from '../support/http-client.ts';
import { freshDatabase } from '../support/postgres.ts';
import type { WorkerRoad } from '../support/worker-bundle.ts';
import { startWorkerService } from '../support/worker-service.ts';
import { type Fault, type Kept, keptOver } from './kept.ts';
import { fromSharedJson, toSharedJson } from './shared-json.ts';
import type { StoreUnderTest } from './store-contract.ts';
import { type DriverUnderTest, stores } from './stores.ts';
import type { Call, Outcome } from './worker.ts';

type Make = (postgresUrl: string) => Promise<StoreUnderTest>;

/** The roads of a store that runs in this process. */
export const roadsHere: Readonly<Record<string, Make>> = Object.fromEntries(
  Object.entries(stores).map(([name, make]) => [name, here(make)]),
);

/**
 * All roads to a database, those of Workers in workerd, too, where the store itself runs: the test only says there what is
 * to be called. Each call makes a new, migrated, empty one.
 */
export const roads: Readonly<Record<string, Make>> = {
  ...roadsHere,
  'Neon over HTTP in workerd': inWorkerd('neon'),
  'Hyperdrive in workerd': inWorkerd('hyperdrive'),
};

function here(make: (postgresUrl: string) => Promise<DriverUnderTest>): Make {
  return async (postgresUrl) => {
    const { driver, ...rest } = await make(postgresUrl);
    return { ...rest, ...keptOver(driver), failing: (fault) => keptOver(driver, fault) };
  };
}

function inWorkerd(road: WorkerRoad): Make {
  return async (postgresUrl) => {
    const databaseUrl = await freshDatabase(postgresUrl);
    const worker = await startWorkerService({ BSS_STORE: road }, { databaseUrl, main: 'test/contract/worker.ts' });
    const behind = new pg.Pool({ connectionString: databaseUrl });
    return {
      ...keptAt(worker.url),
      failing: (fault) => keptAt(worker.url, fault),
      query: async (text) => (await behind.query(text)).rows,
      roundTrips: worker.databaseRequests,
      async close() {
        await behind.end();
        await worker.stop();
      },
    };
  };
}

/** What the Worker at a URL keeps. */
function keptAt(url: string, fault?: Fault): Kept {
  async function ask<Value>(part: keyof Kept, method: string, ...args: unknown[]): Promise<Value> {
    const call: Call = { part, method, args, fault };
    const { text } = await send(url, 'POST', '/', Buffer.from(toSharedJson(call)));
    const outcome: Outcome = fromSharedJson(text);
    if (!('error' in outcome)) return outcome.value as Value;
    const { code, message } = outcome.error;
    throw code === undefined ? new Error(message) : new ServiceError(code, message);
  }
  return {
    store: {
      find: (wanted) => ask('store', 'find', wanted),
      look: (wanted) => ask('store', 'look', wanted),
      list: () => ask('store', 'list'),
      apply: (change) => ask('store', 'apply', change),
      check: () => ask('store', 'check'),
      readiness: () => ask('store', 'readiness'),
    },
    own: {
      read: (filters) => ask('own', 'read', filters),
      apply: (change) => ask('own', 'apply', change),
      components: () => ask('own', 'components'),
    },
  };
}
