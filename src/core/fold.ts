import { type BootConfiguration, isEmptyConfiguration } from './configuration.ts';
import type { Dialect } from './dialect.ts';
import type { Mac } from './identifiers/mac.ts';
import type { Nid } from './identifiers/nid.ts';
import type { Tag } from './identifiers/tag.ts';
import type { Xname } from './identifiers/xname.ts';
import type { PhoneHome } from './phone-home.ts';
import { type BootRecord, type StoredGroup, type StoredNode, shownIdentifiers } from './record.ts';

type Fold = {
  configuration: BootConfiguration;
  priority: number;
  hosts: (Xname | Tag)[];
  macs: Mac[];
  nids: Nid[];
  nodes: number;
  phoneHome: PhoneHome | undefined;
};

/**
 * What is stored as the records that a dialect answers. In `openchami` nodes and tags with equal configurations are folded
 * into one record each; a tag with a priority and a node that has nothing but phone-home stand alone, so that every
 * record can be put back as it is. In `csm` each node and each tag has a record of its own. The order does not depend on
 * the store's.
 */
export function foldRecords(
  nodes: readonly StoredNode[],
  groups: readonly StoredGroup[],
  dialect: Dialect,
): BootRecord[] {
  const records = dialect === 'csm' ? separate(nodes, groups) : folded(nodes, groups);
  return records.sort(byFirstIdentifier);
}

function folded(nodes: readonly StoredNode[], groups: readonly StoredGroup[]): BootRecord[] {
  const folds = new Map<string, Fold>();
  const fold = (key: string, configuration: BootConfiguration, priority: number): Fold => {
    const known = folds.get(key);
    if (known !== undefined) return known;
    const made = { configuration, priority, hosts: [], macs: [], nids: [], nodes: 0, phoneHome: undefined };
    folds.set(key, made);
    return made;
  };
  for (const node of nodes) {
    if (node.boot === undefined) continue;
    const { xnames, macs, nids } = shownIdentifiers(node, 'openchami');
    const { configurationId, configuration } = node.boot;
    const into = fold(isEmptyConfiguration(configuration) ? node.id : configurationId, configuration, 0);
    into.hosts.push(...xnames);
    into.macs.push(...macs);
    into.nids.push(...nids);
    into.nodes += 1;
    into.phoneHome = into.nodes === 1 ? node.phoneHome : undefined;
  }
  for (const { name, priority, boot } of groups) {
    const key = priority === 0 ? boot.configurationId : `tag ${name}`;
    const into = fold(key, boot.configuration, priority);
    into.hosts.push(name);
    // A record that names a tag too could not be put back with what belongs to one node.
    into.phoneHome = undefined;
  }
  return [...folds.values()].map(toRecord);
}

/**
 * Of several records that a node has come to have, the one that it boots by: that of a MAC before that of its xname, and
 * that before the one of its NID.
 */
function separate(nodes: readonly StoredNode[], groups: readonly StoredGroup[]): BootRecord[] {
  const records = new Map<string, BootRecord>();
  const rank = ({ mac, xname }: StoredNode): number => (mac !== undefined ? 0 : xname !== undefined ? 1 : 2);
  for (const node of nodes.toSorted((a, b) => rank(a) - rank(b) || a.createdAt - b.createdAt)) {
    if (node.boot === undefined) continue;
    const { xnames: hosts, macs, nids } = shownIdentifiers(node, 'csm');
    const { configuration } = node.boot;
    const key = [...hosts, ...macs, ...nids].join();
    if (!records.has(key))
      records.set(key, { hosts, macs, nids, configuration, priority: 0, phoneHome: node.phoneHome });
  }
  const tags = groups.map(({ name, priority, boot: { configuration } }) => {
    return { hosts: [name], macs: [], nids: [], configuration, priority };
  });
  return [...records.values(), ...tags];
}

function toRecord({ configuration, priority, hosts, macs, nids, phoneHome }: Fold): BootRecord {
  return {
    hosts: hosts.sort(),
    macs: macs.sort(),
    nids: nids.sort((a, b) => a - b),
    configuration,
    priority,
    phoneHome,
  };
}

/** Records with hosts first, then those with MACs, then those with NIDs only. */
function byFirstIdentifier(a: BootRecord, b: BootRecord): number {
  const [hostA, hostB] = [a.hosts[0], b.hosts[0]];
  if (hostA !== undefined || hostB !== undefined) return compare(hostA, hostB);
  const [macA, macB] = [a.macs[0], b.macs[0]];
  if (macA !== undefined || macB !== undefined) return compare(macA, macB);
  return compare(a.nids[0], b.nids[0]);
}

/** What is there comes before what is not. */
function compare<T extends string | number>(a: T | undefined, b: T | undefined): number {
  if (a === undefined) return b === undefined ? 0 : 1;
  if (b === undefined) return -1;
  return a < b ? -1 : a > b ? 1 : 0;
}
