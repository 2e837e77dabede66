import * as v from 'valibot';
import { MAX_NID } from '../../../src/core/identifiers/nid.ts';
import { TAG_PATTERN } from '../../../src/core/identifiers/tag.ts';
import { PHONE_HOME_FIELDS } from '../../../src/core/phone-home.ts';
import { named } from '../json-form.ts';

/** A MAC as it is answered. */
export const mac = v.pipe(v.string(), v.regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/));

/** A NID as it is answered. */
export const nid = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_NID));

/** Any object. */
export const object = v.looseObject({});

const phoneHome = named(
  'PhoneHome',
  v.strictObject({
    ...v.entriesFromList(PHONE_HOME_FIELDS, v.string()),
    pub_key_ed25519: v.optional(v.string()),
  }),
  'What the node has reported once it was up; empty texts where it has not.',
);

const cloudInit = named(
  'CloudInit',
  v.strictObject({
    'meta-data': v.nullable(object),
    'user-data': v.nullable(object),
    'phone-home': phoneHome,
  }),
  "Cloud-init's data of a record. It is always there; what is not set is `null` or empty.",
);

/** A list that is left out when it is empty. */
function list<Item extends v.GenericSchema>(item: Item, description: string) {
  return v.optional(v.pipe(v.array(item), v.nonEmpty(), v.description(description)));
}

function text(description: string) {
  return v.optional(v.pipe(v.string(), v.nonEmpty(), v.description(description)));
}

const content = {
  params: text('The parameters of the kernel.'),
  kernel: text('The URI of the kernel.'),
  initrd: text('The URI of the initrd.'),
  'cloud-init': cloudInit,
};

/** A record of boot parameters. */
export const bootRecord = named(
  'BootRecord',
  v.strictObject({
    hosts: list(v.pipe(v.string(), v.regex(TAG_PATTERN)), 'Xnames of nodes, and tags.'),
    macs: list(mac, 'MAC addresses of nodes.'),
    nids: list(nid, 'Numeric ids of nodes.'),
    ...content,
    priority: v.optional(
      v.pipe(v.number(), v.integer(), v.description('Of a named group: the higher wins. Shown when it is not 0.')),
    ),
  }),
  'What some nodes, or the nodes of a group or role, boot. Parts that are empty are left out.',
);

/** A record as it is dumped. */
export const dumpedRecord = named(
  'DumpedRecord',
  v.strictObject({
    hosts: list(v.string(), 'Xnames of nodes, and tags. In the dialect `csm` MAC addresses and numeric ids too.'),
    macs: list(mac, 'MAC addresses of nodes.'),
    nids: list(nid, 'Numeric ids of nodes.'),
    ...content,
  }),
  "A record without cloud-init's data, which may hold secrets.",
);
