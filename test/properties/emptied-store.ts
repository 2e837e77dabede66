import { PGlite } from '@electric-sql/pglite';
import { pgliteDriver } from '../../src/adapters/store/drivers/pglite.ts';
import { migratePglite } from '../../src/adapters/store/migrate.ts';
import { createOwnInventory } from '../../src/adapters/store/own-inventory.ts';
import { createStore } from '../../src/adapters/store/record-store.ts';
import type { OwnInventory } from '../../src/ports/own-inventory.ts';
import type { Store } from '../../src/ports/store.ts';

export const PARAMETERS = '/boot/v1/bootparameters';

/** A store over a database in this process, which is emptied between the runs of a property. */
export type EmptiedStore = {
  readonly store: Store;
  readonly own: OwnInventory;
  /** Puts something into the database that stays there. */
  add(sql: string): Promise<void>;
  empty(): Promise<void>;
  /** How many rows nobody uses, by what they are: each is to be 0. */
  orphans(): Promise<Record<string, unknown>>;
  close(): Promise<void>;
};

const ORPHANS = `select
  (select count(*)::integer from boot.boot_configs c
    where not exists (select 1 from boot.boot_groups g where g.boot_config_id = c.id)) as "configurations without groups",
  (select count(*)::integer from boot.boot_groups g
    where name is null and not exists (select 1 from boot.boot_group_assignments a where a.boot_group_id = g.id))
    as "nameless groups without assignments",
  (select count(*)::integer from boot.boot_group_assignments a
    where not exists (select 1 from boot.nodes n where n.id = a.node_id)) as "assignments without nodes",
  (select count(*)::integer from boot.nodes n
    where not exists (select 1 from boot.boot_group_assignments a where a.node_id = n.id)) as "nodes without records"`;

export const NO_ORPHANS = {
  'configurations without groups': 0,
  'nameless groups without assignments': 0,
  'assignments without nodes': 0,
  'nodes without records': 0,
};

export async function emptiedStore(): Promise<EmptiedStore> {
  const client = new PGlite();
  await migratePglite(client);
  const driver = pgliteDriver(client);
  return {
    store: createStore(driver),
    own: createOwnInventory(driver),
    async add(sql) {
      await client.exec(sql);
    },
    async empty() {
      await client.exec('truncate boot.nodes, boot.boot_groups, boot.boot_configs, boot.boot_images cascade');
    },
    orphans: async () => (await client.query<Record<string, unknown>>(ORPHANS)).rows[0] ?? {},
    close: driver.close,
  };
}
