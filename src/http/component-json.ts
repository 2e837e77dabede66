import { type Component, componentName } from '../core/component.ts';

/**
 * A component as SMD words it, with its host name, MACs and the state of its endpoint added. Its id is the xname, else the
 * MAC, else the NID: a node of the service's own inventory may have no xname.
 */
export function componentJson(component: Component): object {
  const { nid, role, subRole, fqdn, macs, details } = component;
  const { Type, State, Flag, Enabled, SoftwareStatus, Subtype, NetType, Arch, Class, Locked, EndpointEnabled } =
    details;
  return {
    ID: componentName(component),
    Type: Type ?? 'Node',
    State,
    Flag,
    Enabled,
    SoftwareStatus,
    Role: role,
    SubRole: subRole,
    NID: nid,
    Subtype,
    NetType,
    Arch,
    Class,
    Locked,
    FQDN: fqdn ?? '',
    MAC: macs,
    // A component without an endpoint is not disabled.
    EndpointEnabled: EndpointEnabled ?? true,
  };
}
