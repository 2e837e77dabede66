import type { Component, ComponentDetails } from '../../../core/component.ts';
import { type Address, parseAddress } from '../../../core/identifiers/address.ts';
import { parseHostname } from '../../../core/identifiers/hostname.ts';
import { type Mac, parseInventoryMac } from '../../../core/identifiers/mac.ts';
import { nidOf, parseNid } from '../../../core/identifiers/nid.ts';
import { parseTag } from '../../../core/identifiers/tag.ts';
import { parseXname } from '../../../core/identifiers/xname.ts';

/** What may be missing may also be `null`. */
type Said<T> = { readonly [K in keyof T]?: T[K] | null };

/** The parts of a component in SMD's own words. */
export type SmdParts = {
  readonly component: {
    readonly ID: string;
    /** A text at old sites. */
    readonly NID?: number | string | null | undefined;
    readonly Role?: string | null | undefined;
    readonly SubRole?: string | null | undefined;
  } & Said<Omit<ComponentDetails, 'EndpointEnabled'>>;
  readonly macs: readonly string[];
  readonly addresses: readonly string[];
  readonly groups: readonly string[];
  readonly endpointEnabled?: boolean | null | undefined;
  readonly fqdn?: string | null | undefined;
};

/**
 * A component as the core knows it; `undefined` for one that is no node. What is no MAC, address, NID or label is left
 * out.
 */
export function toComponent(parts: SmdParts): Component | undefined {
  const { component, endpointEnabled, fqdn } = parts;
  const xname = parseXname(component.ID);
  if (xname === undefined) return undefined;
  const { NID: nid } = component;
  // SMD does not find a component in state Empty by its MAC: nothing is plugged in there.
  const isEmpty = component.State === 'Empty';
  return {
    xname,
    // 0 stands for none: SMD gives it to nobody.
    nid: (typeof nid === 'string' ? parseNid(nid) : nidOf(nid ?? 0)) || undefined,
    macs: isEmpty ? [] : distinctMacs(parts.macs),
    addresses: isEmpty ? [] : distinctAddresses(parts.addresses),
    role: component.Role || undefined,
    subRole: component.SubRole || undefined,
    groups: parts.groups.flatMap((label) => parseTag(label) ?? []),
    enabled: component.Enabled !== false && endpointEnabled !== false,
    fqdn: parseHostname(fqdn ?? ''),
    details: {
      Type: component.Type ?? undefined,
      State: component.State ?? undefined,
      Flag: component.Flag ?? undefined,
      Enabled: component.Enabled ?? undefined,
      SoftwareStatus: component.SoftwareStatus ?? undefined,
      Subtype: component.Subtype ?? undefined,
      NetType: component.NetType ?? undefined,
      Arch: component.Arch ?? undefined,
      Class: component.Class ?? undefined,
      Locked: component.Locked ?? undefined,
      EndpointEnabled: endpointEnabled ?? undefined,
    },
  };
}

function distinctMacs(macs: readonly string[]): Mac[] {
  return [...new Set(macs.flatMap((mac) => parseInventoryMac(mac) ?? []))];
}

function distinctAddresses(addresses: readonly string[]): Address[] {
  return [...new Set(addresses.flatMap((address) => parseAddress(address) ?? []))];
}
