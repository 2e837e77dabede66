/** A node as a test describes it. What is left out is absent from SMD's answers too. */
export type SmdNode = {
  readonly xname: string;
  /** A text, as old sites have it, or a number. */
  readonly nid?: number | string;
  /** One interface each, spelled as here. */
  readonly macs?: readonly string[];
  /** Of its first interface, spelled as here. */
  readonly addresses?: readonly string[];
  readonly state?: string;
  readonly role?: string;
  readonly subRole?: string;
  readonly groups?: readonly string[];
  readonly enabled?: boolean;
  /** Further members of the component, in SMD's words. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Further members of each of its interfaces, in SMD's words. */
  readonly interfaceDetails?: Readonly<Record<string, unknown>>;
  /** Left out, the node has no component endpoint. */
  readonly endpoint?: { readonly enabled?: boolean; readonly fqdn?: string; readonly macs?: readonly string[] };
};

/** An element of a list, in SMD's words. */
export type SmdEntry = Record<string, unknown>;

/** What an SMD knows, list by list. */
export type SmdLists = {
  readonly components: SmdEntry[];
  readonly interfaces: SmdEntry[];
  readonly endpoints: SmdEntry[];
  readonly memberships: { id: string; groupLabels: string[]; partitionName: string }[];
  readonly groups: { label: string; description: string; members: { ids: string[] } }[];
};

export function emptyLists(): SmdLists {
  return { components: [], interfaces: [], endpoints: [], memberships: [], groups: [] };
}

/** Puts a node at the end of every list that it belongs to. */
export function addNode(lists: SmdLists, node: SmdNode): void {
  const { xname: id, endpoint } = node;
  const { nid: NID, state: State, role: Role, subRole: SubRole, enabled: Enabled } = node;
  lists.components.push({ ID: id, Type: 'Node', State, Enabled, Role, SubRole, NID, ...node.details });
  node.macs?.forEach((MACAddress, at) => {
    const ID = MACAddress.replaceAll(/[:-]/g, '').toLowerCase();
    const IPAddresses = (at === 0 ? (node.addresses ?? []) : []).map((IPAddress) => ({ IPAddress }));
    lists.interfaces.push({ ID, MACAddress, ComponentID: id, Type: 'Node', IPAddresses, ...node.interfaceDetails });
  });
  if (endpoint !== undefined) {
    const EthernetNICInfo = (endpoint.macs ?? []).map((MACAddress) => ({ MACAddress }));
    const said = { Enabled: endpoint.enabled, FQDN: endpoint.fqdn, RedfishSystemInfo: { EthernetNICInfo } };
    lists.endpoints.push({ ID: id, Type: 'Node', ...said });
  }
  lists.memberships.push({ id, groupLabels: [...(node.groups ?? [])], partitionName: '' });
  for (const label of node.groups ?? []) {
    const group = lists.groups.find((known) => known.label === label);
    if (group === undefined) lists.groups.push({ label, description: '', members: { ids: [id] } });
    else group.members.ids.push(id);
  }
}

/** The lists as they are when the first half of the components is gone, with all that belongs to it. */
export function withoutFirstHalf(lists: SmdLists): SmdLists {
  const gone = new Set<unknown>(lists.components.slice(0, Math.ceil(lists.components.length / 2)).map(({ ID }) => ID));
  return {
    components: lists.components.filter(({ ID }) => !gone.has(ID)),
    interfaces: lists.interfaces.filter(({ ComponentID }) => !gone.has(ComponentID)),
    endpoints: lists.endpoints.filter(({ ID }) => !gone.has(ID)),
    memberships: lists.memberships.filter(({ id }) => !gone.has(id)),
    groups: lists.groups.map((group) => ({
      ...group,
      members: { ids: group.members.ids.filter((id) => !gone.has(id)) },
    })),
  };
}
