import type { Component } from '../../../core/component.ts';
import { parseInventoryMac } from '../../../core/identifiers/mac.ts';
import { parseXname, type Xname } from '../../../core/identifiers/xname.ts';
import {
  endpointMacs,
  interfaceAddresses,
  type SmdComponent,
  type SmdEndpoint,
  type SmdInterface,
  type SmdMembership,
} from './answers.ts';
import { toComponent } from './to-component.ts';

/** SMD's lists as one: every component with its MACs, addresses, endpoint and groups. */
export function assemble(lists: {
  readonly components: readonly SmdComponent[];
  readonly interfaces: readonly SmdInterface[];
  readonly endpoints: readonly SmdEndpoint[];
  readonly memberships: readonly SmdMembership[];
}): Component[] {
  const interfaces = Map.groupBy(lists.interfaces, ({ ComponentID }) => parseXname(ComponentID ?? ''));
  const endpoints = new Map(lists.endpoints.map((endpoint) => [parseXname(endpoint.ID), endpoint]));
  const memberships = new Map(lists.memberships.map((membership) => [parseXname(membership.id), membership]));
  const owners = new Map(
    lists.interfaces.map(({ MACAddress, ComponentID }) => [
      parseInventoryMac(MACAddress ?? ''),
      parseXname(ComponentID ?? ''),
    ]),
  );
  // An endpoint may still tell of a MAC that has moved: the interface list knows better.
  const isElsewhere = (mac: string, xname: Xname | undefined): boolean => {
    const owner = owners.get(parseInventoryMac(mac));
    return owner !== undefined && owner !== xname;
  };
  return lists.components.flatMap((component) => {
    const xname = parseXname(component.ID);
    const own = interfaces.get(xname) ?? [];
    const endpoint = endpoints.get(xname);
    const made = toComponent({
      component,
      macs: [
        ...own.map(({ MACAddress }) => MACAddress ?? ''),
        ...(endpoint === undefined ? [] : endpointMacs(endpoint)).filter((mac) => !isElsewhere(mac, xname)),
      ],
      addresses: own.flatMap(interfaceAddresses),
      groups: memberships.get(xname)?.groupLabels ?? [],
      endpointEnabled: endpoint?.Enabled,
      fqdn: endpoint?.FQDN,
    });
    return made ?? [];
  });
}
