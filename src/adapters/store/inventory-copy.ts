import { and, asc, eq, gt, sql } from 'drizzle-orm';
import type { Component } from '../../core/component.ts';
import { parseXname } from '../../core/identifiers/xname.ts';
import type { InventoryCopy, KeptComponent } from '../../ports/inventory-copy.ts';
import { componentJson, readComponent } from '../inventory/component-json.ts';
import { sourceDigest } from '../source-digest.ts';
import type { Driver } from './driver.ts';
import { rowsOf } from './json-rows.ts';
import { orUnavailable } from './outage.ts';
import { inventoryComponents, inventoryCopy } from './schema.ts';

/** So many components are read at a time. */
const PAGE = 500;

/** What is readable of some rows, and the name of the last of all of them; `undefined` when there was none. */
type Page = { readonly kept: readonly KeptComponent[]; readonly last: string | undefined };

/**
 * The kept copy of an inventory over a driver. It needs none of the locks of records: of two replicas the later asking
 * wins. A source's URL may hold credentials, so that only a digest of it is kept.
 */
export function createInventoryCopy({ db, batch }: Pick<Driver, 'db' | 'batch'>): InventoryCopy {
  const isOf = (source: string) =>
    sql`exists (select 1 from ${inventoryCopy} where ${inventoryCopy.source} = ${source})`;

  async function page(source: string, after: string): Promise<Page> {
    const rows = await orUnavailable(() =>
      db
        .select({
          xname: inventoryComponents.xname,
          component: inventoryComponents.component,
          asOf: sql<number>`extract(epoch from greatest(${inventoryComponents.seenAt}, ${inventoryCopy.asOf}))::double precision * 1000`,
        })
        .from(inventoryComponents)
        .innerJoin(inventoryCopy, eq(inventoryCopy.source, source))
        .where(gt(inventoryComponents.xname, after))
        .orderBy(asc(inventoryComponents.xname))
        .limit(PAGE)
        .execute(),
    );
    // A row that an older program wrote otherwise is as good as none.
    const kept = rows.flatMap(({ xname: name, component: json, asOf }) => {
      const [xname, component] = [parseXname(name), readComponent(json)];
      return xname === undefined || component === undefined ? [] : [{ xname, component, asOf: Number(asOf) }];
    });
    return { kept, last: rows.at(-1)?.xname };
  }

  return {
    async open(url) {
      const source = await sourceDigest(url);
      await orUnavailable(() =>
        batch(
          (within) => [
            within.delete(inventoryComponents).where(sql`not ${isOf(source)}`),
            within
              .insert(inventoryCopy)
              .values({ id: 1, source })
              .onConflictDoUpdate({
                target: inventoryCopy.id,
                set: { source, asOf: null },
                setWhere: sql`${inventoryCopy.source} <> ${source}`,
              }),
          ],
          0,
        ),
      );
    },
    async *read(url) {
      const source = await sourceDigest(url);
      for (let after = ''; ; ) {
        const { kept, last } = await page(source, after);
        if (last === undefined) return;
        yield kept;
        after = last;
      }
    },
    async write(url, changes) {
      const source = await sourceDigest(url);
      const put = changes.flatMap(({ xname, component, asOf }) =>
        component === undefined || !canBeKept(component)
          ? []
          : [{ xname, component: componentJson(component), as_of: asOf }],
      );
      const gone = changes.flatMap(({ xname, component, asOf }) =>
        component === undefined ? [{ xname, as_of: asOf }] : [],
      );
      const seenAt = sql`to_timestamp(r.as_of / 1000)`;
      await orUnavailable(() =>
        batch(
          (within) => [
            within
              .insert(inventoryComponents)
              .select(
                within
                  .select({
                    xname: sql<string>`r.xname`.as('xname'),
                    component: sql<KeptJson>`r.component`.as('component'),
                    seenAt: sql<Date>`${seenAt}`.as('seen_at'),
                  })
                  .from(rowsOf(put, sql`xname text, component jsonb, as_of double precision`))
                  .where(isOf(source))
                  // Replicas that write the same rows at once must take them in one order.
                  .orderBy(sql`r.xname`),
              )
              .onConflictDoUpdate({
                target: inventoryComponents.xname,
                set: { component: sql`excluded.component`, seenAt: sql`excluded.seen_at` },
                setWhere: sql`${inventoryComponents.seenAt} < excluded.seen_at`,
              }),
            within.delete(inventoryComponents).where(
              and(
                sql`exists (select 1 from ${rowsOf(gone, sql`xname text, as_of double precision`)}
                    where r.xname = ${inventoryComponents.xname} and ${inventoryComponents.seenAt} < ${seenAt})`,
                isOf(source),
              ),
            ),
          ],
          0,
        ),
      );
    },
    async confirm(url, asOf) {
      const source = await sourceDigest(url);
      await orUnavailable(() =>
        db
          .update(inventoryCopy)
          .set({ asOf: sql`greatest(${inventoryCopy.asOf}, to_timestamp(${asOf / 1000}::double precision))` })
          .where(eq(inventoryCopy.source, source))
          .execute(),
      );
    },
  };
}

type KeptJson = (typeof inventoryComponents.$inferSelect)['component'];

/** PostgreSQL keeps no NUL, which SMD's texts may hold. */
function canBeKept(component: Component): boolean {
  return !JSON.stringify(component).includes('\\u0000');
}
