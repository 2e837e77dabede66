import type { Component } from '../../../core/component.ts';
import { parseInventoryMac } from '../../../core/identifiers/mac.ts';
import { parseXname, type Xname } from '../../../core/identifiers/xname.ts';
import { type ComponentIndex, indexComponents } from '../indexed.ts';
import { endpointMacs, type SmdComponent, type SmdEndpoint, type SmdInterface, type SmdMembership } from './answers.ts';
import type { SmdClient } from './client.ts';
import { toComponent } from './to-component.ts';

/** SMD's lists as one: every component with its MACs, endpoint and groups. */
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
    const endpoint = endpoints.get(xname);
    const made = toComponent({
      component,
      macs: [
        ...(interfaces.get(xname) ?? []).map(({ MACAddress }) => MACAddress ?? ''),
        ...(endpoint === undefined ? [] : endpointMacs(endpoint)).filter((mac) => !isElsewhere(mac, xname)),
      ],
      groups: memberships.get(xname)?.groupLabels ?? [],
      endpointEnabled: endpoint?.Enabled,
      fqdn: endpoint?.FQDN,
    });
    return made ?? [];
  });
}

/** All of SMD, remembered for a while. */
export type Roster = {
  index(): Promise<ComponentIndex>;
  /** What is remembered, if it is young enough: no request. */
  remembered(): ComponentIndex | undefined;
};

/** Four requests at once, and none again until they are `maxAgeMs` old; with `sharing`, those who ask meanwhile wait for them. */
export function createRoster(smd: SmdClient, maxAgeMs: number, sharing: boolean): Roster {
  let known: { readonly index: ComponentIndex; readonly at: number } | undefined;
  let underway: Promise<ComponentIndex> | undefined;

  async function load(): Promise<ComponentIndex> {
    // Knowledge is as old as the question: what changes while SMD answers may be missing from it.
    const at = performance.now();
    const [components, interfaces, endpoints, memberships] = await Promise.all([
      smd.components(),
      smd.interfaces(),
      smd.endpoints(),
      smd.memberships(),
    ]);
    const index = indexComponents(assemble({ components, interfaces, endpoints, memberships }));
    known = { index, at };
    return index;
  }

  function remembered(): ComponentIndex | undefined {
    return known !== undefined && performance.now() - known.at < maxAgeMs ? known.index : undefined;
  }

  return {
    remembered,
    async index() {
      const young = remembered();
      if (young !== undefined) return young;
      if (!sharing) return load();
      underway ??= load().finally(() => {
        underway = undefined;
      });
      return underway;
    },
  };
}
