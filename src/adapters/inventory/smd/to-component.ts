import type { Component } from '../../../core/component.ts';
import { parseHostname } from '../../../core/identifiers/hostname.ts';
import { type Mac, parseInventoryMac } from '../../../core/identifiers/mac.ts';
import { nidOf, parseNid } from '../../../core/identifiers/nid.ts';
import { parseTag } from '../../../core/identifiers/tag.ts';
import { parseXname } from '../../../core/identifiers/xname.ts';

/** The parts of a component in SMD's own words. */
export type SmdParts = {
  readonly component: {
    readonly ID: string;
    /** A text at old sites. */
    readonly NID?: number | string | null | undefined;
    readonly State?: string | null | undefined;
    readonly Role?: string | null | undefined;
    readonly SubRole?: string | null | undefined;
    readonly Enabled?: boolean | null | undefined;
  };
  readonly macs: readonly string[];
  readonly groups: readonly string[];
  readonly endpointEnabled?: boolean | null | undefined;
  readonly fqdn?: string | null | undefined;
};

/** A component as the core knows it; `undefined` for one that is no node. What is no MAC, NID or label is left out. */
export function toComponent({ component, macs, groups, endpointEnabled, fqdn }: SmdParts): Component | undefined {
  const xname = parseXname(component.ID);
  if (xname === undefined) return undefined;
  const { NID: nid } = component;
  return {
    xname,
    // 0 stands for none: SMD gives it to nobody.
    nid: (typeof nid === 'string' ? parseNid(nid) : nidOf(nid ?? 0)) || undefined,
    // SMD does not find a component in state Empty by its MAC: nothing is plugged in there.
    macs: component.State === 'Empty' ? [] : distinctMacs(macs),
    role: component.Role || undefined,
    subRole: component.SubRole || undefined,
    groups: groups.flatMap((label) => parseTag(label) ?? []),
    enabled: component.Enabled !== false && endpointEnabled !== false,
    fqdn: parseHostname(fqdn ?? ''),
  };
}

function distinctMacs(macs: readonly string[]): Mac[] {
  return [...new Set(macs.flatMap((mac) => parseInventoryMac(mac) ?? []))];
}
