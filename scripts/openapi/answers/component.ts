import * as v from 'valibot';
import { named } from '../json-form.ts';
import { mac, nid } from './record.ts';

const text = v.optional(v.string());
const flag = v.optional(v.boolean());

/** A node of the inventory. */
export const component = named(
  'Component',
  v.strictObject({
    ID: v.pipe(v.string(), v.nonEmpty(), v.description('The xname, else the MAC, else `nid` and the numeric id.')),
    Type: v.string(),
    State: text,
    Flag: text,
    Enabled: flag,
    SoftwareStatus: text,
    Role: text,
    SubRole: text,
    NID: v.optional(nid),
    Subtype: text,
    NetType: text,
    Arch: text,
    Class: text,
    Locked: flag,
    FQDN: v.pipe(v.string(), v.description('Empty when no host name is known.')),
    MAC: v.array(mac),
    EndpointEnabled: v.pipe(v.boolean(), v.description('Of the Redfish endpoint; a node without one is not disabled.')),
  }),
  "A node in SMD's words. What its source does not say is left out.",
);
