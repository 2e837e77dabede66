import { type SQL, sql } from 'drizzle-orm';

/*
 * Lists go to the database as one JSON text: one parameter for any number of rows, and the same on every driver
 * (PostgreSQL takes 65,535 parameters at most, and the drivers differ in how they encode arrays).
 */

export function macArray(macs: readonly string[]): SQL {
  return sql`array(select jsonb_array_elements_text(${JSON.stringify(macs)}::jsonb)::macaddr)`;
}

export function textArray(texts: readonly string[]): SQL {
  return sql`array(select jsonb_array_elements_text(${JSON.stringify(texts)}::jsonb))`;
}

export function integerArray(integers: readonly number[]): SQL {
  return sql`array(select jsonb_array_elements_text(${JSON.stringify(integers)}::jsonb)::integer)`;
}

export function uuidArray(ids: readonly string[]): SQL {
  return sql`array(select jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb)::uuid)`;
}

/** Objects as rows named `r`, with the columns that `columns` declares. */
export function rowsOf(objects: readonly object[], columns: SQL): SQL {
  return sql`jsonb_to_recordset(${JSON.stringify(objects)}::jsonb) as r(${columns})`;
}
