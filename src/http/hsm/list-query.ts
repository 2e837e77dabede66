import { ServiceError } from '../../core/errors.ts';
import { parseInventoryMac } from '../../core/identifiers/mac.ts';
import { type Nid, parseNid } from '../../core/identifiers/nid.ts';
import { parseXname } from '../../core/identifiers/xname.ts';
import { parseComponentId } from '../../core/own-inventory/component-id.ts';
import { addressesOf, type Condition } from '../../core/own-inventory/filters.ts';
import { parseLabel } from '../../core/own-inventory/groups.ts';
import { interfaceId } from '../../core/own-inventory/interfaces.ts';
import type { EntryFilter } from '../../ports/own-inventory.ts';
import type { GroupQuery, ListQuery } from '../../service/own-inventory/read-entries.ts';
import { parsePlainAddress } from './identifier-schema.ts';

/** Members of components that can be asked for, by their parameter. */
const COMPONENT_MEMBERS = {
  type: 'Type',
  state: 'State',
  flag: 'Flag',
  enabled: 'Enabled',
  softwarestatus: 'SoftwareStatus',
  role: 'Role',
  subrole: 'SubRole',
  subtype: 'Subtype',
  arch: 'Arch',
  class: 'Class',
};

/** SMD's id of an interface: the digits of its MAC. */
const INTERFACE_ID = /^[0-9a-f]{12}$/;

/** A query by its parameters, whose names SMD takes in any case. Empty values do not count. */
type Parameters = (name: string) => string[];

/** What a query of components asks for. */
export function componentQuery(query: URLSearchParams): ListQuery {
  const values = parametersOf(query);
  const ids = condition('ID', values('id'), (text) => known(parseComponentId(text), 'id: must be an xname'));
  const nids = condition('NID', values('nid'), (text) => String(nidOf(text)));
  const filter: EntryFilter = {
    kind: 'component',
    // What is to be something and not to be something else is found by the first.
    ...(ids.wanted.length > 0 && { ids: ids.wanted }),
    ...(ids.wanted.length === 0 && nids.wanted.length > 0 && { nids: nids.wanted.map(nidOf) }),
  };
  const others = Object.entries(COMPONENT_MEMBERS).map(([name, member]) => condition(member, values(name)));
  return { filter, conditions: [ids, nids, ...others] };
}

/** The groups that a query of components asks for; there are no partitions here, so none is in one. */
export function groupQuery(query: URLSearchParams): GroupQuery | undefined {
  const values = parametersOf(query);
  const [groups, partitions] = [values('group'), values('partition')];
  for (const [name, given] of [['group', groups] as const, ['partition', partitions] as const]) {
    if (given.some((text) => text.startsWith('!'))) throw new ServiceError('invalid', `${name}: cannot be negated`);
  }
  if (partitions.length > 0 && !partitions.some(isNone)) return { labels: [], orNone: false };
  if (groups.length === 0) return undefined;
  const labels = groups.filter((text) => !isNone(text));
  return {
    labels: labels.map((text) => known(parseLabel(text), 'group: must be a label')),
    orNone: groups.some(isNone),
  };
}

/** What a query of interfaces asks for. Nothing can be negated here. */
export function interfaceQuery(query: URLSearchParams): ListQuery {
  const values = parametersOf(query);
  // What is no MAC or address finds nothing.
  const ids = [
    ...values('id').map((text) => text.toLowerCase()),
    ...values('macaddress').map((text) => {
      const mac = parseInventoryMac(text);
      return mac === undefined ? text : interfaceId(mac);
    }),
  ];
  const addresses = values('ipaddress').map((text) => parsePlainAddress(text) ?? text);
  const owners = values('componentid').map((text) => known(parseComponentId(text), 'ComponentID: must be an xname'));
  return {
    filter: { kind: 'interface', ...narrowest(ids, addresses, owners) },
    conditions: [
      { member: 'ID', wanted: ids, unwanted: [] },
      { member: addressesOf, wanted: addresses, unwanted: [] },
      { member: 'ComponentID', wanted: owners, unwanted: [] },
      { member: 'Type', wanted: values('type'), unwanted: [] },
    ],
  };
}

/** What a query of component endpoints or Redfish endpoints asks for. */
export function endpointQuery(kind: 'component endpoint' | 'redfish endpoint', query: URLSearchParams): ListQuery {
  const values = parametersOf(query);
  const ids = condition('ID', values('id'), (text) => known(parseComponentId(text), 'id: must be an xname'));
  return {
    filter: { kind, ...(ids.wanted.length > 0 && { ids: ids.wanted }) },
    conditions: [
      ids,
      condition('Type', values('type')),
      condition('FQDN', values('fqdn')),
      condition('UUID', values('uuid')),
      condition('RedfishEndpointID', values('redfish_ep')),
    ],
  };
}

/** What a query of groups asks for. */
export function labelQuery(query: URLSearchParams): ListQuery {
  const values = parametersOf(query);
  const labels = values('group').map((text) => known(parseLabel(text), 'group: must be a label'));
  return {
    filter: { kind: 'group', ...(labels.length > 0 && { ids: labels }) },
    conditions: [
      { member: 'label', wanted: labels, unwanted: [] },
      {
        member: ({ tags }) => (Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : []),
        wanted: values('tag'),
        unwanted: [],
      },
    ],
  };
}

/** A query for the component with a NID. */
export function nidQuery(text: string): ListQuery {
  const nid = nidOf(text);
  // 0 stands for none.
  const nids = nid === 0 ? [] : [nid];
  return { filter: { kind: 'component', nids }, conditions: [] };
}

/** One index does; the conditions do the rest. Only what can be there is looked for: the database takes no NUL. */
function narrowest(ids: string[], addresses: string[], owners: string[]): Omit<EntryFilter, 'kind'> {
  if (ids.length > 0) return { ids: ids.filter((id) => INTERFACE_ID.test(id)) };
  if (addresses.length > 0) return { addresses: addresses.flatMap((text) => parsePlainAddress(text) ?? []) };
  // Only nodes are found as owners.
  const nodes = owners.flatMap((text) => parseXname(text) ?? []);
  return nodes.length > 0 && nodes.length === owners.length ? { xnames: nodes } : {};
}

function parametersOf(query: URLSearchParams): Parameters {
  const byName = Map.groupBy([...query], ([name]) => name.toLowerCase());
  return (name) => (byName.get(name) ?? []).flatMap(([, value]) => value || []);
}

/** Values that begin with `!` are those that a member must not have. */
function condition(member: string, values: readonly string[], parse = (text: string): string => text): Condition {
  const unwanted = values.filter((text) => text.startsWith('!'));
  const wanted = values.filter((text) => !text.startsWith('!'));
  return { member, wanted: wanted.map(parse), unwanted: unwanted.map((text) => parse(text.slice(1))) };
}

function nidOf(text: string): Nid {
  return known(parseNid(text), 'nid: must be a decimal number from 0 to 2147483647');
}

/** How SMD asks for what is in no group or partition. */
function isNone(text: string): boolean {
  return text === 'NULL';
}

function known<T>(value: T | undefined, message: string): T {
  if (value === undefined) throw new ServiceError('invalid', message);
  return value;
}
