import type { NodeWrite } from '../../core/changes/planned.ts';
import type { BootConfiguration } from '../../core/configuration.ts';
import type { Xname } from '../../core/identifiers/xname.ts';
import type { StoredNode } from '../../core/record.ts';
import type { Change } from '../../ports/store.ts';
import type { ContentIds } from './content-id.ts';
import { rowsFor } from './json-rows.ts';
import { conditionsFor } from './select.ts';
import type { RowChange, Seen } from './write.ts';

/** The nodes that a change was worked out from, by their ids. */
export type NodesBefore = ReadonlyMap<string, StoredNode>;

/** A change in terms of rows. */
export function toRows(change: Change, ids: ContentIds, before: NodesBefore): RowChange {
  const { found, wanted } = change.basis;
  const booting = change.nodes.filter(isBooting);
  const idOf = (configuration: BootConfiguration): string => ids.configurations.get(configuration) ?? '';

  const used = new Map(Array.from(ids.configurations, ([configuration, id]) => [id, configuration]));
  const nameless = new Set(booting.map(({ configuration }) => idOf(configuration)));
  const resolvedXnames = change.nodes.flatMap(({ id, resolved }) =>
    resolved === undefined || before.get(id)?.resolved === resolved ? [] : resolved,
  );
  const changing: NodeWrite[] = [];
  const staying: NodeWrite[] = [];
  const claimed = new Set(resolvedXnames);
  for (const node of change.nodes) (stays(node, before.get(node.id), claimed) ? staying : changing).push(node);
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
    nodes: rowsFor(changing, ({ id, mac, xname, nid, resolved, phoneHome }) => ({
      id,
      boot_mac: mac,
      xname,
      nid,
      resolved_xname: resolved,
      phone_home: phoneHome,
    })),
    touchedNodes: rowsFor(staying, ({ id }) => ({ id })),
    assignments: rowsFor(booting, ({ id, configuration, referralToken }) => ({
      node_id: id,
      boot_group_id: idOf(configuration),
      referral_token: referralToken,
    })),
    images: change.images.map((image) => ({ ...image, id: ids.images.get(image) ?? '' })),
    resolvedXnames,
    sweep: [...new Set([...found.nodes, ...found.groups].flatMap(({ boot }) => boot?.configurationId ?? []))].filter(
      (id) => !used.has(id),
    ),
  };
}

/** One that only phoned home has no configuration. */
function isBooting(node: NodeWrite): node is NodeWrite & { readonly configuration: BootConfiguration } {
  return node.configuration !== undefined;
}

/** Whether a node's own row stays as it is but for its revision: most writes change only what nodes boot. */
function stays(
  { xname, mac, nid, resolved, phoneHome }: NodeWrite,
  before: StoredNode | undefined,
  claimed: ReadonlySet<Xname>,
): boolean {
  return (
    before !== undefined &&
    xname === before.xname &&
    mac === before.mac &&
    nid === before.nid &&
    resolved === before.resolved &&
    phoneHome === before.phoneHome &&
    !(resolved !== undefined && claimed.has(resolved))
  );
}

/** What of a row says whether it has changed. */
function seen({ id, revision }: Seen): Seen {
  return { id, revision };
}
