import type { BootConfiguration } from './configuration.ts';
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
 * Folds nodes and tags with equal configurations into one record each, as the `openchami` dialect answers. A tag with
 * a priority stands alone, so that every record can be put back as it is. The order does not depend on the store's.
 */
export function foldRecords(nodes: readonly StoredNode[], groups: readonly StoredGroup[]): BootRecord[] {
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
    const { xnames, macs, nids } = shownIdentifiers(node);
    const into = fold(node.boot.configurationId, node.boot.configuration, 0);
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
  return [...folds.values()].map(toRecord).sort(byFirstIdentifier);
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
