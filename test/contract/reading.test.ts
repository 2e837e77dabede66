import pg from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { nodePostgresDriver } from '../../src/adapters/store/drivers/node-postgres.ts';
import { migrateDatabase } from '../../src/adapters/store/migrate.ts';
import { readAll } from '../../src/adapters/store/mirror/reading.ts';
import { nidFrom } from '../support/identifiers.ts';
import { freshDatabase } from '../support/postgres.ts';

const MANY = 10_000;
const CONFIGURATION = '11111111-1111-4111-8111-111111111111';
const GROUP = '22222222-2222-4222-8222-222222222222';

let pool: pg.Pool;
beforeAll(async () => {
  const url = await freshDatabase(inject('postgresUrl'));
  await migrateDatabase(url);
  // One connection, whose figures of what it has read are at hand after each transaction.
  pool = new pg.Pool({ connectionString: url, max: 1 });
  await pool.query(
    `insert into boot.boot_configs (id, kernel_uri) values ('${CONFIGURATION}', 'http://files/vmlinuz')`,
  );
  await pool.query(
    `insert into boot.boot_groups (id, boot_config_id, revision) values ('${GROUP}', '${CONFIGURATION}', 1)`,
  );
});
afterAll(() => pool.end());

/** Has the table hold so many nodes, with the NIDs from 1 on. */
async function storeNodes(count: number): Promise<void> {
  await pool.query('delete from boot.nodes');
  await pool.query(
    'insert into boot.nodes (id, nid, revision) select gen_random_uuid(), nid, 1 from generate_series(1, $1) as nid',
    [count],
  );
  await pool.query(
    `insert into boot.boot_group_assignments (node_id, boot_group_id) select id, '${GROUP}' from boot.nodes`,
  );
}

/** How many rows were read by going through a table, and how many by its indexes. */
async function rowsRead(): Promise<{ through: number; indexed: number }> {
  await pool.query('select pg_stat_force_next_flush()');
  const { rows } = await pool.query(
    `select sum(seq_tup_read)::integer as through, sum(idx_tup_fetch)::integer as indexed from pg_stat_user_tables
     where relid in ('boot.nodes'::regclass, 'boot.boot_group_assignments'::regclass)`,
  );
  return rows[0];
}

it.each([0, 1, 999, 1000, 1001, 2000, 2500])('reads all of %i nodes', async (count) => {
  await storeNodes(count);
  const { records } = await readAll(nodePostgresDriver(pool).db);
  const nids = Array.from({ length: count }, (_, at) => nidFrom(at + 1));
  const { nodes } = records.find([{ xnames: [], macs: [], nids: [...nids, nidFrom(count + 1)] }], []);
  expect(nodes.map(({ nid }) => nid)).toEqual(nids);
  expect(new Set(nodes.map(({ boot }) => boot?.configuration.kernel))).toEqual(
    new Set(count === 0 ? [] : ['http://files/vmlinuz']),
  );
});

it.each(['before anything is known of the tables', 'when PostgreSQL knows them'])(
  'reads each page by the indexes, however many nodes there are, %s',
  async (when) => {
    await storeNodes(MANY);
    if (when === 'when PostgreSQL knows them') await pool.query('analyze');
    const before = await rowsRead();
    await readAll(nodePostgresDriver(pool).db);
    const { through, indexed } = await rowsRead();
    expect(through - before.through).toBe(0);
    // The end of a page, its nodes, and their assignments, with some that were there before; with all for each page there
    // would be ten times as many.
    expect(indexed - before.indexed).toBeLessThan(4 * MANY);
  },
);
