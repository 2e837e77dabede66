import type { BootConfiguration } from '../../core/configuration.ts';
import { isUnavailable } from '../../core/errors.ts';
import type { Change, Found, Store, Wanted } from '../../ports/store.ts';
import { configurationId, imageId } from './content-id.ts';
import type { Database, Driver } from './driver.ts';
import { hasMet, orUnavailable } from './outage.ts';
import { readRows } from './rows.ts';
import { storeRevision } from './schema.ts';
import { BY_IDENTIFIERS, conditionsFor, EVERYTHING, selectRecords } from './select.ts';
import { CLAIM, type RowChange, type Seen, writeStatements } from './write.ts';

/** Milliseconds that the fate of a write is looked for. */
const PATIENCE = 1500;

/** The store over a driver: one query to read, one atomic batch to write. */
export function createStore({ db, batch }: Driver): Store {
  // The query of a script is built once. Without a name it is no prepared statement of the server's: poolers lose those.
  const byIdentifiers = selectRecords(db, BY_IDENTIFIERS).prepare('');
  async function select(wanted: Wanted): Promise<unknown[]> {
    const { takenFor, images, matching } = wanted;
    if (takenFor || images || matching) return selectRecords(db, conditionsFor(wanted));
    return byIdentifiers.execute({
      macs: JSON.stringify(wanted.nodes?.macs ?? []),
      xnames: JSON.stringify(wanted.nodes?.xnames ?? []),
      nids: JSON.stringify(wanted.nodes?.nids ?? []),
      names: JSON.stringify(wanted.names ?? []),
    });
  }

  return {
    find: async (wanted: Wanted): Promise<Found> => readRows(await orUnavailable(() => select(wanted))),
    list: async (): Promise<Found> => readRows(await orUnavailable(async () => selectRecords(db, EVERYTHING))),
    async apply(change: Change): Promise<boolean> {
      const rows = await toRows(change);
      try {
        const answers = await orUnavailable(() => batch((within) => writeStatements(within, rows), CLAIM));
        const claimed = answers[CLAIM];
        return Array.isArray(claimed) && claimed.length > 0;
      } catch (error) {
        if (hasMet(error)) return false;
        // The answer may have been lost, and not the write.
        if (isUnavailable(error) && (await isNewest(db, rows.writeId))) return true;
        throw error;
      }
    },
    check: () =>
      orUnavailable(async () => {
        await db.select({ revision: storeRevision.revision }).from(storeRevision).execute();
      }),
  };
}

async function toRows(change: Change): Promise<RowChange> {
  const { found, wanted } = change.basis;
  const booting = change.nodes.flatMap(({ id, referralToken, configuration }) =>
    configuration === undefined ? [] : [{ id, referralToken, configuration }],
  );
  const ids = await configurationIds([...booting, ...change.groups].map(({ configuration }) => configuration));
  const idOf = (configuration: BootConfiguration): string => ids.get(configuration) ?? '';

  const used = new Map([...ids].map(([configuration, id]) => [id, configuration]));
  const nameless = new Set(booting.map(({ configuration }) => idOf(configuration)));
  return {
    writeId: crypto.randomUUID(),
    conditions: conditionsFor(wanted),
    seenNodes: found.nodes.map(seen),
    seenGroups: found.groups.map(seen),
    seenImages: found.images.map(seen),
    seenAt: found.asOf,
    removeNodes: change.removeNodes,
    removeGroups: change.removeGroups,
    removeImages: change.removeImages,
    configs: [...used].map(([id, { kernel, initrd, params, metaData, userData }]) => ({
      id,
      kernel_uri: kernel,
      initrd_uri: initrd,
      cmdline: params,
      meta_data: metaData,
      user_data: userData,
    })),
    groups: [
      // The nameless group of a configuration has its id.
      ...[...nameless].map((id) => ({ id, boot_config_id: id, name: null, priority: 0, referral_token: null })),
      ...change.groups.map(({ id, name, priority, referralToken, configuration }) => ({
        id,
        boot_config_id: idOf(configuration),
        name,
        priority,
        referral_token: referralToken,
      })),
    ],
    nodes: change.nodes.map(({ id, mac, xname, nid, resolved, phoneHome }) => ({
      id,
      boot_mac: mac,
      xname,
      nid,
      resolved_xname: resolved,
      phone_home: phoneHome,
    })),
    assignments: booting.map(({ id, configuration, referralToken }) => ({
      node_id: id,
      boot_group_id: idOf(configuration),
      referral_token: referralToken,
    })),
    images: await Promise.all(change.images.map(async (image) => ({ ...image, id: await imageId(image) }))),
    resolvedXnames: change.nodes.flatMap(({ resolved }) => resolved ?? []),
    sweep: [...new Set([...found.nodes, ...found.groups].flatMap(({ boot }) => boot?.configurationId ?? []))].filter(
      (id) => !used.has(id),
    ),
  };
}

/** The ids of configurations, by the objects themselves: many nodes share one object. */
async function configurationIds(
  configurations: readonly BootConfiguration[],
): Promise<ReadonlyMap<BootConfiguration, string>> {
  const distinct = [...new Set(configurations)];
  return new Map(await Promise.all(distinct.map(async (one) => [one, await configurationId(one)] as const)));
}

/** What of a row says whether it has changed. */
function seen({ id, revision }: Seen): Seen {
  return { id, revision };
}

/**
 * Whether a write whose answer was lost is the newest one in the store; false when that cannot be told soon. The lock
 * waits for the end of the write's own transaction, in case that is still under way.
 */
async function isNewest(db: Database, writeId: string): Promise<boolean> {
  const look = db.select({ writeId: storeRevision.writeId }).from(storeRevision).for('update').execute();
  const tooLate = new Promise<[]>((resolve) => setTimeout(() => resolve([]), PATIENCE));
  const [newest] = await Promise.race([look, tooLate]).catch(() => []);
  return newest?.writeId === writeId;
}
