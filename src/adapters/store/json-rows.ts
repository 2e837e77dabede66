import { type Placeholder, type SQL, sql } from 'drizzle-orm';

/*
 * Lists go to the database as one JSON text: one parameter for any number of rows, and the same on every driver
 * (PostgreSQL takes 65,535 parameters at most, and the drivers differ in how they encode arrays).
 */

/** A list as JSON text, or the place of one in a prepared query. */
export type JsonParameter = string | Placeholder;

export function macArray(macs: JsonParameter): SQL {
  return sql`array(select jsonb_array_elements_text(${macs}::jsonb)::macaddr)`;
}

export function textArray(texts: JsonParameter): SQL {
  return sql`array(select jsonb_array_elements_text(${texts}::jsonb))`;
}

export function integerArray(integers: JsonParameter): SQL {
  return sql`array(select jsonb_array_elements_text(${integers}::jsonb)::integer)`;
}

export function uuidArray(ids: readonly string[]): SQL {
  return sql`array(select jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb)::uuid)`;
}

/** Objects that are to be rows: a list, or what a list is made of when it becomes text. */
export type Rows<Row extends object> = {
  readonly length: number;
  slice(from: number, to: number): Rows<Row>;
  toJSON?(): readonly Row[];
};

/** The rows for these items. Ten thousand of them take a while: they are made for each statement by itself, when it is sent. */
export function rowsFor<Item, Row extends object>(items: readonly Item[], rowFor: (item: Item) => Row): Rows<Row> {
  return {
    length: items.length,
    slice: (from, to) => rowsFor(items.slice(from, to), rowFor),
    toJSON: () => items.map(rowFor),
  };
}

/** Objects as rows named `r`, with the columns that `columns` declares. They become text when their statement's turn comes. */
export function rowsOf(objects: Rows<object>, columns: SQL): SQL {
  return sql`jsonb_to_recordset(${sql.param(objects, JSON_TEXT)}::jsonb) as r(${columns})`;
}

const JSON_TEXT = { mapToDriverValue: (objects: Rows<object>): string => JSON.stringify(objects) };
