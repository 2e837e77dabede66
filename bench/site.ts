import { join } from 'node:path';
import { type Postgres, startPostgres } from '../test/support/postgres.ts';
import { type Fleet, makeFleet } from './fleet.ts';
import { scratchFolder } from './scratch.ts';
import type { Server } from './server.ts';
import { type SmdProcess, startSmdProcess } from './smd-process.ts';

/** Nodes with their boot parameters in PostgreSQL, and an SMD that knows them. */
export type Site = {
  readonly fleet: Fleet;
  readonly postgres: Postgres;
  readonly smd: SmdProcess;
  /** Starts the service, with the nodes in a `file` or in the `SMD`. */
  start(inventory: 'file' | 'SMD'): Promise<Server>;
};

/** Makes a site of so many nodes for some work, and stops all of it in the end, however the work ended. */
export async function withSite(nodes: number, work: (site: Site) => Promise<void>): Promise<void> {
  const folder = scratchFolder();
  const postgres = await startPostgres();
  const servers: Server[] = [];
  try {
    const fleet = await makeFleet(nodes, folder, postgres);
    const smd = await startSmdProcess(nodes, join(folder, 'smd.log'));
    servers.push(smd.server);
    await work({
      ...{ fleet, postgres, smd },
      async start(inventory) {
        const { server } = await fleet.start(inventory === 'file' ? 'file' : { url: smd.server.url });
        servers.push(server);
        return server;
      },
    });
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
    await postgres.stop();
  }
}
