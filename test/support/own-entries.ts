/** A row of the service's own inventory, as its API would write it. */
export type OwnEntry = {
  readonly kind: 'component' | 'interface' | 'component endpoint' | 'redfish endpoint' | 'group';
  readonly id: string;
  readonly document: object;
  readonly keys: Partial<
    Record<'xnames' | 'macs' | 'addresses' | 'nids' | 'hostnames' | 'names', readonly (string | number)[]>
  >;
};

type Said = {
  readonly NID?: number;
  readonly Role?: string;
  readonly SubRole?: string;
  readonly Enabled?: boolean;
  readonly State?: string;
};

/** A node, with what is said of it in SMD's words. */
export function ownComponent(xname: string, said: Said = {}): OwnEntry {
  const { NID, Role, SubRole } = said;
  const both = Role !== undefined && SubRole !== undefined ? [`${Role}_${SubRole}`] : [];
  const names = [Role, SubRole].filter((name) => name !== undefined);
  return {
    kind: 'component',
    id: xname,
    document: { ID: xname, Type: 'Node', ...said },
    keys: { xnames: [xname], nids: NID ? [NID] : [], names: [...names, ...both] },
  };
}

/** An interface of a node, or of nobody. */
export function ownInterface(mac: string, owner?: string, ...addresses: string[]): OwnEntry {
  const id = mac.replaceAll(':', '');
  const IPAddresses = addresses.map((IPAddress) => ({ IPAddress }));
  return {
    kind: 'interface',
    id,
    document: { ID: id, MACAddress: mac, ComponentID: owner ?? '', IPAddresses },
    keys: { xnames: owner === undefined ? [] : [owner], macs: [mac], addresses },
  };
}

/** What Redfish says of a node. */
export function ownEndpoint(xname: string, macs: readonly string[], FQDN = '', Enabled = true): OwnEntry {
  const EthernetNICInfo = macs.map((MACAddress) => ({ MACAddress }));
  return {
    kind: 'component endpoint',
    id: xname,
    document: { ID: xname, Type: 'Node', FQDN, Enabled, RedfishSystemInfo: { EthernetNICInfo } },
    keys: { xnames: [xname], macs, hostnames: FQDN === '' ? [] : [...new Set([FQDN, FQDN.replace(/\..*/, '')])] },
  };
}

export function ownGroup(label: string, ids: readonly string[]): OwnEntry {
  return { kind: 'group', id: label, document: { label, members: { ids } }, keys: { xnames: ids, names: [label] } };
}

/** The SQL that puts entries into the own inventory, each in place of the one of its kind and id. */
export function ownInsert(...entries: readonly OwnEntry[]): string {
  const list = (entry: OwnEntry, key: keyof OwnEntry['keys'], type: string): string =>
    `array[${(entry.keys[key] ?? []).map(quoted).join()}]::${type}[]`;
  const rows = entries.map((entry) =>
    [
      quoted(entry.kind),
      quoted(entry.id),
      list(entry, 'xnames', 'text'),
      list(entry, 'macs', 'macaddr'),
      list(entry, 'addresses', 'inet'),
      list(entry, 'nids', 'integer'),
      list(entry, 'hostnames', 'text'),
      list(entry, 'names', 'text'),
      `${quoted(JSON.stringify(entry.document))}::jsonb`,
      '1',
    ].join(),
  );
  return `insert into boot.own_inventory (kind, id, xnames, macs, addresses, nids, hostnames, names, document, revision)
    values ${rows.map((row) => `(${row})`).join()}
    on conflict (kind, id) do update set xnames = excluded.xnames, macs = excluded.macs,
      addresses = excluded.addresses, nids = excluded.nids, hostnames = excluded.hostnames, names = excluded.names,
      document = excluded.document, revision = own_inventory.revision + 1`;
}

function quoted(value: string | number): string {
  return `'${String(value).replaceAll("'", "''")}'`;
}
