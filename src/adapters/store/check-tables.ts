import type { PGlite } from '@electric-sql/pglite';

/** Tables of the schemas with their primary keys. */
const TABLES = `select c.oid::regclass::text as name from pg_class c join pg_index i on i.indrelid = c.oid and i.indisprimary
  where c.relnamespace in ('boot'::regnamespace, 'boot_migrations'::regnamespace) order by 1`;

/**
 * Reads every table once by itself and once by its primary key; fails when that does not work or finds different rows, as
 * when a file of either was cut short. PostgreSQL would take it for an empty one, and the service its nodes for unknown.
 */
export async function checkTables(client: PGlite): Promise<void> {
  const { rows } = await client.query<{ name: string }>(TABLES);
  for (const { name } of rows) {
    const itself = await countBy(client, name, 'seqscan');
    const byKey = await countBy(client, name, 'indexscan');
    if (itself !== byKey) throw new Error(`the table ${name} has ${itself} rows, and its key ${byKey}`);
  }
  const { rows: revisions } = await client.query('select from boot.store_revision');
  if (revisions.length !== 1) throw new Error('the row that counts the writes is missing');
}

/** Counts the rows of a table in one way of reading it. */
function countBy(client: PGlite, table: string, way: 'seqscan' | 'indexscan'): Promise<number> {
  return client.transaction(async (tx) => {
    for (const one of ['seqscan', 'indexscan', 'indexonlyscan', 'bitmapscan']) {
      const isWay = one === way || (way === 'indexscan' && one === 'indexonlyscan');
      await tx.exec(`set local enable_${one} = ${isWay ? 'on' : 'off'}`);
    }
    const { rows } = await tx.query<{ count: number }>(`select count(*)::int as count from ${table}`);
    return rows.reduce((sum, { count }) => sum + count, 0);
  });
}
