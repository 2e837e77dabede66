import * as v from 'valibot';
import { closedObject, openObject } from './body-objects.ts';
import { address, inventoryMac, optionalComponentId } from './identifier-schema.ts';

const description = v.nullish(v.string('must be a text'));
const owner = v.nullish(
  v.pipe(optionalComponentId, v.description('The xname of what it belongs to; empty for nobody yet.')),
);

/** An address of an interface: the body that adds one. */
export const addressSchema = openObject({
  IPAddress: address,
  Network: v.nullish(v.string('must be a text')),
});

const addresses = v.nullish(
  v.pipe(v.array(addressSchema, 'must be a list'), v.maxLength(1000, 'must hold at most 1000')),
);

/** The body of POST: a new interface. Its id follows from the MAC, its type from the owner. */
export const interfaceSchema = openObject({
  MACAddress: inventoryMac,
  ComponentID: owner,
  Description: description,
  IPAddresses: addresses,
});

/** The body of PATCH: what is left out, or null, stays; what else there is is not looked at. */
export const interfaceChangeSchema = closedObject({
  ComponentID: owner,
  Description: description,
  IPAddresses: addresses,
});
