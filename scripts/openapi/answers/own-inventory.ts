import * as v from 'valibot';
import { VALUES } from '../../../src/core/own-inventory/values.ts';
import { named } from '../json-form.ts';
import { mac, nid } from './record.ts';

const text = v.optional(v.string());

/** A component of the service's own inventory. */
export const ownComponent = named(
  'OwnComponent',
  v.looseObject({
    ID: v.pipe(v.string(), v.nonEmpty(), v.description('Its xname.')),
    Type: v.string(),
    State: text,
    Flag: text,
    Enabled: v.optional(v.boolean()),
    Role: text,
    SubRole: text,
    NID: v.optional(nid),
  }),
  'A component as it was added, with what follows from its xname.',
);

export const ownAddress = v.looseObject({ IPAddress: v.string(), Network: text });

export const ownInterface = named(
  'OwnInterface',
  v.looseObject({
    ID: v.pipe(v.string(), v.regex(/^[0-9a-f]{12}$/), v.description('The MAC without colons.')),
    MACAddress: mac,
    Description: v.string(),
    LastUpdate: v.pipe(v.string(), v.nonEmpty()),
    ComponentID: v.string(),
    Type: v.string(),
    IPAddresses: v.array(ownAddress),
  }),
  'An interface of a component.',
);

export const ownEndpoint = named(
  'OwnRedfishEndpoint',
  v.looseObject({ ID: v.pipe(v.string(), v.nonEmpty()), Type: v.string(), FQDN: v.string(), Enabled: v.boolean() }),
  'A Redfish endpoint, without what is behind it. No password is kept.',
);

export const ownComponentEndpoint = named(
  'OwnComponentEndpoint',
  v.looseObject({
    ID: v.pipe(v.string(), v.nonEmpty()),
    Type: v.string(),
    RedfishEndpointID: v.string(),
    Enabled: v.boolean(),
    RedfishSystemInfo: v.looseObject({ EthernetNICInfo: v.array(v.looseObject({ MACAddress: mac })) }),
  }),
  'A node as its Redfish endpoint knows it.',
);

export const ownMembers = v.strictObject({ ids: v.array(v.string()) });

export const ownGroup = named(
  'OwnGroup',
  v.looseObject({
    label: v.pipe(v.string(), v.nonEmpty()),
    description: v.string(),
    tags: v.optional(v.array(v.string())),
    exclusiveGroup: text,
    members: ownMembers,
  }),
  'A group of components.',
);

export const membership = named(
  'Membership',
  v.strictObject({ id: v.string(), groupLabels: v.array(v.string()), partitionName: v.literal('') }),
  'The groups of a component. There are no partitions here.',
);

/** What was done, or how things are, in SMD's words. */
export const ownMessage = named(
  'Message',
  v.strictObject({ code: v.literal(0), message: v.pipe(v.string(), v.nonEmpty()) }),
  'What was done, or how things are.',
);

export const link = named(
  'Link',
  v.strictObject({ URI: v.pipe(v.string(), v.regex(/^\/hsm\/v2\//)) }),
  'Where something is.',
);

const words = v.optional(v.array(v.string()));

export const values = named(
  'Values',
  v.strictObject(v.entriesFromList(Object.keys(VALUES), words)),
  'The words that members of components may be. Roles and sub-roles may be others, too.',
);
