import * as v from 'valibot';
import type { Component, ComponentDetails } from '../../core/component.ts';
import { parseAddress } from '../../core/identifiers/address.ts';
import { parseHostname } from '../../core/identifiers/hostname.ts';
import { parseMac } from '../../core/identifiers/mac.ts';
import { nidOf } from '../../core/identifiers/nid.ts';
import { parseTag } from '../../core/identifiers/tag.ts';
import { parseXname } from '../../core/identifiers/xname.ts';
import type { Json, JsonObject } from '../../core/json.ts';

/** A component as JSON, for where it is kept. `readComponent` reads it. */
export function componentJson({ macs, addresses, groups, details, ...said }: Component): JsonObject {
  return {
    ...onlySaid(said),
    macs: [...macs],
    addresses: [...addresses],
    groups: [...groups],
    details: onlySaid(details),
  };
}

/**
 * Reads what `componentJson` wrote: strictly, for where it was kept it may have been changed, or written by another
 * version. `undefined` for all else.
 */
export function readComponent(value: unknown): Component | undefined {
  const parsed = v.safeParse(componentSchema, value);
  return parsed.success ? parsed.output : undefined;
}

const text = v.optional(v.string());
const flag = v.optional(v.boolean());

const componentSchema: v.GenericSchema<unknown, Component> = v.strictObject({
  xname: v.optional(parsedBy(v.string(), parseXname)),
  nid: v.optional(parsedBy(v.number(), nidOf)),
  macs: v.array(parsedBy(v.string(), parseMac)),
  addresses: v.array(parsedBy(v.string(), parseAddress)),
  role: text,
  subRole: text,
  groups: v.array(parsedBy(v.string(), parseTag)),
  enabled: v.boolean(),
  fqdn: v.optional(parsedBy(v.string(), parseHostname)),
  details: v.strictObject({
    Type: text,
    State: text,
    Flag: text,
    Enabled: flag,
    SoftwareStatus: text,
    Subtype: text,
    NetType: text,
    Arch: text,
    Class: text,
    Locked: flag,
    EndpointEnabled: flag,
  } satisfies Record<keyof ComponentDetails, v.GenericSchema>),
});

/** A value that one of core's parsers reads. */
function parsedBy<Raw, T>(raw: v.GenericSchema<Raw>, parse: (value: Raw) => T | undefined) {
  return v.pipe(
    raw,
    v.rawTransform(({ dataset, addIssue, NEVER }): T => {
      const parsed = parse(dataset.value);
      if (parsed !== undefined) return parsed;
      addIssue({ message: 'is none' });
      return NEVER;
    }),
  );
}

/** The members that were said. */
export function onlySaid(members: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(members).flatMap(([name, value]): [string, Json][] => (value === undefined ? [] : [[name, value]])),
  );
}
