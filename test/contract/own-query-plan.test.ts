import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { nodePostgresDriver } from '../../src/adapters/store/drivers/node-postgres.ts';
import { migrateDatabase } from '../../src/adapters/store/migrate.ts';
import { conditionsFor, selectRecords } from '../../src/adapters/store/select.ts';
import type { AddressKey, NodeKey } from '../../src/core/component.ts';
import { addressOf, hostnameOf, macOf, nidFrom, tagOf, xnameOf } from '../support/identifiers.ts';
import { ownComponent, ownEndpoint, ownGroup, ownInsert, ownInterface } from '../support/own-entries.ts';
import { freshDatabase } from '../support/postgres.ts';

/** What PostgreSQL compiles a query for by default. */
const JIT_ABOVE_COST = 100_000;

const xnames = Array.from({ length: 10_000 }, (_, at) => `x${Math.floor(at / 100)}c0s${at % 100}b0n0`);
const macAt = (at: number): string =>
  `02:00:00:00:${(at >> 8).toString(16).padStart(2, '0')}:${(at & 255).toString(16).padStart(2, '0')}`;

const keys: readonly (NodeKey | AddressKey)[] = [
  { kind: 'mac', mac: macOf(macAt(777)) },
  { kind: 'xname', xname: xnameOf('x7c0s77b0n0') },
  { kind: 'nid', nid: nidFrom(778) },
  { kind: 'hostname', hostname: hostnameOf('n777') },
  { kind: 'address', address: addressOf('10.0.3.9') },
];

/** A step of a plan, as EXPLAIN gives it in JSON. */
type Step = { readonly 'Node Type': string; readonly 'Relation Name'?: string; readonly Plans?: readonly Step[] };

describe('the query for a node that was added by hand beside 10,000 others of its group', () => {
  let pool: pg.Pool;
  beforeAll(async () => {
    const url = await freshDatabase(inject('postgresUrl'));
    await migrateDatabase(url);
    pool = new pg.Pool({ connectionString: url });
    await pool.query(ownInsert(...xnames.map((xname, at) => ownComponent(xname, { NID: at + 1, Role: 'Compute' }))));
    await pool.query(
      ownInsert(...xnames.map((xname, at) => ownInterface(macAt(at), xname, `10.0.${at >> 8}.${at & 255}`))),
    );
    await pool.query(ownInsert(...xnames.map((xname, at) => ownEndpoint(xname, [macAt(at)], `n${at}.cluster`))));
    await pool.query(ownInsert(ownGroup('all', xnames)));
  });
  afterAll(() => pool.end());

  const stepsOf = (step: Step): Step[] => [step, ...(step.Plans ?? []).flatMap(stepsOf)];
  async function explain(key: NodeKey | AddressKey) {
    const { db } = nodePostgresDriver(pool);
    const { sql, params } = selectRecords(db, conditionsFor({ own: [key], names: [tagOf('Default')] })).toSQL();
    const { rows } = await pool.query(`explain (analyze, format json) ${sql}`, params);
    const [{ Plan, 'Execution Time': milliseconds }] = rows[0]['QUERY PLAN'];
    return { cost: Number(Plan['Total Cost']), milliseconds: Number(milliseconds), steps: stepsOf(Plan) };
  }

  it.each(['before anything is known of the table', 'when PostgreSQL knows it'])(
    'looks only into indexes, and seems cheap enough not to be compiled, %s',
    async (when) => {
      if (when === 'when PostgreSQL knows it') await pool.query('analyze');
      const times: string[] = [];
      for (const key of keys) {
        const { cost, milliseconds, steps } = await explain(key);
        times.push(`by ${key.kind} ${milliseconds} ms`);
        const read = steps.filter((step) => step['Relation Name'] === 'own_inventory').map((step) => step['Node Type']);
        expect([key.kind, [...new Set(read)]]).toEqual([key.kind, ['Bitmap Heap Scan']]);
        expect(cost).toBeLessThan(JIT_ABOVE_COST);
      }
      console.info(`${when}: ${times.join(', ')}`);
    },
  );
});
