import * as v from 'valibot';

/*
 * What SMD answers, as far as it is used here. All but the ids may be missing; a wrong type, or no list
 * at all, makes the whole answer one that cannot be relied on. Only of the lists that one can do without, an empty one
 * may be `null`, as Go writes it.
 */

const text = v.nullish(v.string());
const flag = v.nullish(v.boolean());

/** What is only shown is left out when it is of a wrong type: no node need wait for it. */
const shownText = v.fallback(text, undefined);

const component = v.object({
  ID: v.string(),
  NID: v.nullish(v.union([v.number(), v.string()])),
  State: text,
  Role: text,
  SubRole: text,
  Enabled: flag,
  Type: shownText,
  Flag: shownText,
  SoftwareStatus: shownText,
  Subtype: shownText,
  NetType: shownText,
  Arch: shownText,
  Class: shownText,
  Locked: v.fallback(flag, undefined),
});

export const componentsAnswer = v.object({ Components: v.array(component) });

export const interfacesAnswer = v.array(
  v.object({
    MACAddress: text,
    ComponentID: text,
    IPAddresses: v.nullish(v.array(v.object({ IPAddress: text })), []),
  }),
);

export const endpointsAnswer = v.object({
  ComponentEndpoints: v.nullable(
    v.array(
      v.object({
        ID: v.string(),
        Enabled: flag,
        FQDN: text,
        MACAddr: text,
        RedfishSystemInfo: v.nullish(
          v.object({ EthernetNICInfo: v.nullish(v.array(v.object({ MACAddress: text })), []) }),
        ),
      }),
    ),
    [],
  ),
});

export const membershipsAnswer = v.nullable(
  v.array(v.object({ id: v.string(), groupLabels: v.nullish(v.array(v.string()), []) })),
  [],
);

/** Of the service that `/service/values/class` belongs to it only counts that it answers JSON. */
export const classesAnswer = v.unknown();

export type SmdComponent = v.InferOutput<typeof component>;
export type SmdInterface = v.InferOutput<typeof interfacesAnswer>[number];
export type SmdEndpoint = v.InferOutput<typeof endpointsAnswer>['ComponentEndpoints'][number];
export type SmdMembership = v.InferOutput<typeof membershipsAnswer>[number];

/** The addresses of an interface. */
export function interfaceAddresses({ IPAddresses }: SmdInterface): string[] {
  return (IPAddresses ?? []).flatMap(({ IPAddress }) => IPAddress ?? []);
}

/** The MACs that an endpoint tells of. */
export function endpointMacs({ MACAddr, RedfishSystemInfo }: SmdEndpoint): string[] {
  return [...(RedfishSystemInfo?.EthernetNICInfo ?? []).map(({ MACAddress }) => MACAddress), MACAddr].filter(
    (mac) => typeof mac === 'string',
  );
}
