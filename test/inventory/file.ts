import type { SmdNode } from '../support/smd-simulator.ts';

/** The file of `HSM_URL=file:` that tells of these nodes. */
export function inventoryFile(nodes: readonly SmdNode[]): object {
  const Components = nodes.map((node) => ({
    ID: node.xname,
    Type: 'Node',
    NID: node.nid,
    FQDN: node.endpoint?.fqdn,
    State: node.state,
    Role: node.role,
    SubRole: node.subRole,
    Enabled: node.enabled,
    EndpointEnabled: node.endpoint?.enabled,
    MAC: node.macs,
    Groups: node.groups,
    ...node.details,
  }));
  // The two forms that an owner may have, in turn.
  const owners = nodes.flatMap(({ xname, addresses = [] }) =>
    addresses.map((address, at): [string, unknown] => [address, at % 2 === 0 ? { ComponentID: xname } : xname]),
  );
  return { Components, IPAddresses: Object.fromEntries(owners) };
}
