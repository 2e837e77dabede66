import type { BootConfiguration } from '../../core/configuration.ts';
import type { Change, Found, Store, Wanted } from '../../ports/store.ts';
import { runWrite } from './claimed-write.ts';
import { configurationId, imageId } from './content-id.ts';
import type { Driver } from './driver.ts';
import { orUnavailable } from './outage.ts';
import { ownKeys } from './own-rows.ts';
import { readRows } from './rows.ts';
import { storeRevision } from './schema.ts';
import { BY_IDENTIFIERS, BY_OWN_KEYS, conditionsFor, EVERYTHING, selectRecords } from './select.ts';
import { type RowChange, type Seen, writeStatements } from './write.ts';

/** The store over a driver: one query to read, one atomic batch to write. */
export function createStore({ db, batch }: Driver): Store {
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

  const find = async (wanted: Wanted): Promise<Found> => readRows(await orUnavailable(() => select(wanted)));

  return {
    find,
    look: find,
    list: async (): Promise<Found> => readRows(await orUnavailable(async () => selectRecords(db, EVERYTHING))),
    async apply(change: Change): Promise<boolean> {
      const rows = await toRows(change);
      return runWrite({ db, batch }, rows.writeId, (within) => writeStatements(within, rows));
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
