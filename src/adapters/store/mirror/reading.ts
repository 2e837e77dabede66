import { sql } from 'drizzle-orm';
import type { Found } from '../../../ports/store.ts';
import type { Database } from '../driver.ts';
import { orUnavailable } from '../outage.ts';
import { readRows } from '../rows.ts';
import { type Conditions, selectRecords } from '../select.ts';
import type { Written } from '../written.ts';
import { ALL_BUT_NODES, nodesAfter, writtenSince } from './conditions.ts';
import { createRecords, type Records } from './records.ts';

/** Nodes that are read at a time: what is made of them holds nobody up. */
const PAGE = 1000;

/** What is in a database as of one moment, and the revision that it then had. */
export type Reading = { readonly records: Records; readonly revision: number };

/** Reads all records: a query for every thousand nodes, all in one transaction. */
export function readAll(db: Database): Promise<Reading> {
  const asOfOneMoment = { isolationLevel: 'repeatable read', accessMode: 'read only' } as const;
  return orUnavailable(() =>
    db.transaction(async (within) => {
      // Else the planner has all of a table read for each page, as what costs less than to look some of it up. What small
      // tables are said to cost then, before PostgreSQL 18, would have each page compiled.
      await within.execute(sql`select set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)`);
      const records = createRecords();
      const { revision, ...rest } = await read(within, ALL_BUT_NODES);
      records.take(toWritten(rest), revision);
      let last: string | undefined;
      do {
        const page = await read(within, nodesAfter(last, PAGE));
        records.take(toWritten(page), revision);
        last = page.nodes.length < PAGE ? undefined : greatestId(page);
      } while (last !== undefined);
      return { records, revision };
    }, asOfOneMoment),
  );
}

/** Reads what was written since a revision, and is still there: one query. */
export async function readSince(db: Database, revision: number): Promise<Written> {
  return toWritten(await orUnavailable(() => read(db, writtenSince(revision))));
}

async function read(db: Database, conditions: Conditions): Promise<ReturnType<typeof readRows>> {
  return readRows(await selectRecords(db, conditions));
}

function toWritten({ nodes, groups, images }: Found): Written {
  return { nodes, groups, images, removed: [] };
}

/** PostgreSQL orders ids as their texts are ordered. */
function greatestId({ nodes }: Found): string | undefined {
  return nodes.reduce<string | undefined>((last, { id }) => (last === undefined || id > last ? id : last), undefined);
}
