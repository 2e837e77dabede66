import type { NodeWrite } from '../../core/changes/planned.ts';
import type { BootConfiguration } from '../../core/configuration.ts';
import type { Boot, StoredNode } from '../../core/record.ts';
import { each, type Steps } from '../../core/steps.ts';
import { inTurns, letOthersGo } from '../../let-others-go.ts';
import type { Change, Found, ImageWrite, Store, Wanted } from '../../ports/store.ts';
import { checkedReadiness } from '../checked-readiness.ts';
import { runWrite } from './claimed-write.ts';
import { configurationId, imageId } from './content-id.ts';
import type { Driver } from './driver.ts';
import { rowsFor } from './json-rows.ts';
import { orUnavailable } from './outage.ts';
import { ownKeys } from './own-rows.ts';
import { readRows } from './rows.ts';
import { storeRevision } from './schema.ts';
import { BY_IDENTIFIERS, BY_OWN_KEYS, conditionsFor, EVERYTHING, selectRecords } from './select.ts';
import { type RowChange, type Seen, writeStatements } from './write.ts';
import type { OnWritten, Written } from './written.ts';

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

/** The ids of what is named by its content: configurations, by the objects themselves, and images. */
type ContentIds = {
  readonly configurations: ReadonlyMap<BootConfiguration, string>;
  readonly images: ReadonlyMap<ImageWrite, string>;
};

/** The nodes that a change was worked out from, by their ids. */
type NodesBefore = ReadonlyMap<string, StoredNode>;

/** What has no revision yet. */
type Changing<Stored extends Seen> = Omit<Stored, 'revision'> & { revision: number };

/** Many nodes share one configuration object. */
async function idsOf({ nodes, groups, images }: Change): Promise<ContentIds> {
  const configurations = new Set<BootConfiguration>();
  for (const { configuration } of nodes) if (configuration !== undefined) configurations.add(configuration);
  for (const { configuration } of groups) configurations.add(configuration);
  return {
    configurations: new Map(
      await Promise.all([...configurations].map(async (one) => [one, await configurationId(one)] as const)),
    ),
    images: new Map(await Promise.all(images.map(async (image) => [image, await imageId(image)] as const))),
  };
}

/**
 * What a change will have left, as reading it would tell, once its revision is known. It is made before: between the
 * acknowledgement of a write and its being in memory nothing may come, and it should be short.
 */
function* leftBy(
  change: Change,
  { configurations, images }: ContentIds,
  before: NodesBefore,
): Steps<(revision: number) => Written> {
  const { basis, removeNodes, removeGroups, removeImages } = change;
  const revision = 0;
  let last: Boot | undefined;
  const boot = (configuration: BootConfiguration, referralToken: string | undefined): Boot => {
    if (last?.configuration !== configuration || last.referralToken !== referralToken)
      last = { configurationId: configurations.get(configuration) ?? '', configuration, referralToken };
    return last;
  };
  const nodes: Changing<StoredNode>[] = [];
  yield* each(change.nodes, ({ id, xname, mac, nid, resolved, phoneHome, configuration, referralToken }) => {
    nodes.push({
      ...{ id, revision, createdAt: before.get(id)?.createdAt ?? basis.found.asOf ?? 0 },
      ...{ xname, mac, nid, resolved, phoneHome },
      boot: configuration && boot(configuration, referralToken),
    });
  });
  const groups = change.groups.map(({ id, name, priority, configuration, referralToken }) => ({
    ...{ id, name, priority, revision },
    boot: boot(configuration, referralToken),
  }));
  const imageRows = change.images.map((image) => ({ ...image, id: images.get(image) ?? '', revision }));
  return (revision) => {
    for (const rows of [nodes, groups, imageRows]) for (const row of rows) row.revision = revision;
    return { nodes, groups, images: imageRows, removed: [...removeNodes, ...removeGroups, ...removeImages] };
  };
}

function toRows(change: Change, ids: ContentIds, before: NodesBefore): RowChange {
  const { found, wanted } = change.basis;
  const booting = change.nodes.filter(isBooting);
  const idOf = (configuration: BootConfiguration): string => ids.configurations.get(configuration) ?? '';

  const used = new Map(Array.from(ids.configurations, ([configuration, id]) => [id, configuration]));
  const nameless = new Set(booting.map(({ configuration }) => idOf(configuration)));
  return {
    writeId: crypto.randomUUID(),
    conditions: conditionsFor(wanted),
    seenNodes: rowsFor(found.nodes, seen),
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
    nodes: rowsFor(change.nodes, ({ id, mac, xname, nid, resolved, phoneHome }) => ({
      id,
      boot_mac: mac,
      xname,
      nid,
      resolved_xname: resolved,
      phone_home: phoneHome,
    })),
    assignments: rowsFor(booting, ({ id, configuration, referralToken }) => ({
      node_id: id,
      boot_group_id: idOf(configuration),
      referral_token: referralToken,
    })),
    images: change.images.map((image) => ({ ...image, id: ids.images.get(image) ?? '' })),
    resolvedXnames: change.nodes.flatMap(({ id, resolved }) =>
      resolved === undefined || before.get(id)?.resolved === resolved ? [] : resolved,
    ),
    sweep: [...new Set([...found.nodes, ...found.groups].flatMap(({ boot }) => boot?.configurationId ?? []))].filter(
      (id) => !used.has(id),
    ),
  };
}

/** One that only phoned home has no configuration. */
function isBooting(node: NodeWrite): node is NodeWrite & { readonly configuration: BootConfiguration } {
  return node.configuration !== undefined;
}

/** What of a row says whether it has changed. */
function seen({ id, revision }: Seen): Seen {
  return { id, revision };
}
