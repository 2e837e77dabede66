import type { StoredNode } from '../../core/record.ts';
import { each } from '../../core/steps.ts';
import { inTurns, letOthersGo } from '../../let-others-go.ts';
import type { Change, Found, Store, Wanted } from '../../ports/store.ts';
import { checkedReadiness } from '../checked-readiness.ts';
import { toRows } from './change-rows.ts';
import { runWrite } from './claimed-write.ts';
import { idsOf } from './content-id.ts';
import type { Driver } from './driver.ts';
import { leftBy } from './left-by.ts';
import { orUnavailable } from './outage.ts';
import { ownKeys } from './own-rows.ts';
import { readRows } from './rows.ts';
import { storeRevision } from './schema.ts';
import { BY_IDENTIFIERS, BY_OWN_KEYS, conditionsFor, EVERYTHING, selectRecords } from './select.ts';
import { writeStatements } from './write.ts';
import type { OnWritten } from './written.ts';

/** The store over a driver: one query to read, one atomic batch to write. */
export function createStore({ db, batch }: Pick<Driver, 'db' | 'batch'>, onWritten: OnWritten = () => {}): Store {
  // The queries of scripts are built once. Without a name they are no prepared statements of the server's: poolers lose those.
  const byIdentifiers = selectRecords(db, BY_IDENTIFIERS).prepare('');
  const byOwnKeys = selectRecords(db, BY_OWN_KEYS).prepare('');
  async function select(wanted: Wanted): Promise<unknown[]> {
    const { own, takenFor, images, matching } = wanted;
    if (takenFor || images || matching) return selectRecords(db, conditionsFor(wanted));
    const literal = {
      macs: JSON.stringify(wanted.nodes?.macs ?? []),
      xnames: JSON.stringify(wanted.nodes?.xnames ?? []),
      nids: JSON.stringify(wanted.nodes?.nids ?? []),
      names: JSON.stringify(wanted.names ?? []),
    };
    if (own === undefined) return byIdentifiers.execute(literal);
    const { macs, addresses, nids, hostnames, xnames } = ownKeys(own);
    return byOwnKeys.execute({
      ...literal,
      ...{ ownXnames: xnames, ownMacs: macs, ownAddresses: addresses, ownNids: nids, ownHostnames: hostnames },
    });
  }

  async function found(answer: () => Promise<unknown[]>): Promise<Found> {
    const { revision: _, ...rest } = readRows(await orUnavailable(answer));
    return rest;
  }
  const find = (wanted: Wanted): Promise<Found> => found(() => select(wanted));

  const check = (): Promise<void> =>
    orUnavailable(async () => {
      await db.select({ revision: storeRevision.revision }).from(storeRevision).execute();
    });

  return {
    find,
    look: find,
    list: (): Promise<Found> => found(async () => selectRecords(db, EVERYTHING)),
    async apply(change: Change): Promise<boolean> {
      const ids = await idsOf(change);
      const before = new Map<string, StoredNode>();
      await inTurns(each(change.basis.found.nodes, (node) => before.set(node.id, node)));
      const rows = toRows(change, ids, before);
      await letOthersGo(change.nodes.length);
      const left = await inTurns(leftBy(change, ids, before));
      const revision = await runWrite({ db, batch }, rows.writeId, (within) => writeStatements(within, rows));
      if (revision !== undefined) onWritten(revision, left(revision));
      return revision !== undefined;
    },
    check,
    readiness: checkedReadiness(check),
  };
}
