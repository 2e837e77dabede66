import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { Postgres } from '../test/support/postgres.ts';
import { type BenchNode, inventoryFile, isBootScript, makeNodes, postNodes, scriptPath } from './nodes.ts';
import { type Server, startService } from './server.ts';

/** Nodes with their boot parameters in a store of their own, for services to be started over it. */
export type Fleet = {
  readonly store: 'PGlite' | 'PostgreSQL';
  readonly nodes: readonly BenchNode[];
  /** Starts the service over this store: `standalone`, with the nodes in a `file`, or with them in the SMD at a URL. */
  start(inventory: Inventory | { readonly url: string }): Promise<Service>;
};

export type Inventory = 'standalone' | 'file';

/** The service, and how many milliseconds after its start it gave the first answer and the first script that boots. */
export type Service = { readonly server: Server; readonly status: number; readonly script: number };

/** Writes `count` nodes over the API, to the PostgreSQL server if one is given and else to PGlite; files go into `folder`. */
export async function makeFleet(count: number, folder: string, postgres?: Postgres): Promise<Fleet> {
  const store = postgres === undefined ? 'PGlite' : 'PostgreSQL';
  const nodes = makeNodes(count);
  const base = join(folder, `${store}-${count}`);
  const inventoryPath = `${base}.json`;
  writeFileSync(inventoryPath, inventoryFile(nodes));
  const settings: Record<string, string> =
    postgres === undefined
      ? { BSS_STORE: 'pglite', BSS_DATA_DIR: base }
      : { BSS_STORE: 'postgres', DATABASE_URL: await postgres.createDatabase() };
  const log = `${base}.log`;

  const writer = await startService(settings, log);
  await writer.until('/boot/v1/bootparameters');
  await postNodes(writer.url, nodes);
  await writer.stop();
  // Else PostgreSQL does it by itself a minute later, in the middle of what is measured.
  if (settings.DATABASE_URL !== undefined) await analyze(settings.DATABASE_URL);

  return {
    store,
    nodes,
    async start(inventory) {
      const url = typeof inventory === 'object' ? inventory.url : `file:${inventoryPath}`;
      const given = inventory === 'standalone' ? settings : { ...settings, HSM_URL: url };
      const server = await startService(given, log);
      const status = await server.until('/boot/v1/service/status');
      const [node] = nodes;
      const script = node === undefined ? status : await server.until(scriptPath(node), isBootScript);
      return { server, status, script };
    },
  };
}

async function analyze(url: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query('VACUUM ANALYZE');
  await client.end();
}
