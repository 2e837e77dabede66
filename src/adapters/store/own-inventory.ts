import { sql } from 'drizzle-orm';
import * as v from 'valibot';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { EntryChange, EntryFilter, FoundEntries, OwnInventory } from '../../ports/own-inventory.ts';
import { assembleEntries } from '../inventory/assemble-entries.ts';
import { runWrite } from './claimed-write.ts';
import type { Driver } from './driver.ts';
import { orUnavailable } from './outage.ts';
import { entryStatements, matching } from './own-inventory-write.ts';
import { ownInventory, storeRevision } from './schema.ts';
import { CLOCK } from './select.ts';

const kind = v.picklist(['component', 'interface', 'redfish endpoint', 'component endpoint', 'group']);
const document = v.custom<JsonObject>(isJsonObject);

const rows = v.array(
  v.object({
    asOf: v.number(),
    entry: v.nullable(v.object({ kind, id: v.string(), document, revision: v.number() })),
  }),
);

/** The filters that find what a node can be put together from. */
const OF_NODES: readonly EntryFilter[] = [
  { kind: 'component' },
  { kind: 'interface' },
  { kind: 'component endpoint' },
  { kind: 'group' },
];

/** The inventory of our own over a driver: one query to read, one atomic batch to write. */
export function createOwnInventory({ db, batch }: Pick<Driver, 'db' | 'batch'>): OwnInventory {
  async function read(filters: readonly EntryFilter[]): Promise<FoundEntries> {
    const entry = sql`json_build_object('kind', ${ownInventory.kind}, 'id', ${ownInventory.id}, 'document', ${ownInventory.document}, 'revision', ${ownInventory.revision})`;
    const answer = await orUnavailable(() =>
      db
        // The row of the revision is always there: so the time is told even when nothing is found.
        .select({
          asOf: sql<number>`${CLOCK}`,
          entry: sql<unknown>`case when ${ownInventory.id} is not null then ${entry} end`,
        })
        .from(storeRevision)
        .leftJoin(ownInventory, matching(filters))
        // Byte by byte, whatever collation the database has.
        .orderBy(sql`${ownInventory.kind} collate "C"`, sql`${ownInventory.id} collate "C"`)
        .execute(),
    );
    const found = v.parse(rows, answer);
    return { entries: found.flatMap((row) => row.entry ?? []), asOf: found[0]?.asOf ?? 0 };
  }

  return {
    read,
    async apply(change: EntryChange): Promise<boolean> {
      const writeId = crypto.randomUUID();
      const revision = await runWrite({ db, batch }, writeId, (within) => entryStatements(within, writeId, change));
      return revision !== undefined;
    },
    components: async () => assembleEntries((await read(OF_NODES)).entries),
  };
}
