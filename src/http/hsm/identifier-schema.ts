import * as v from 'valibot';
import { type Address, parseAddress } from '../../core/identifiers/address.ts';
import { parseInventoryMac } from '../../core/identifiers/mac.ts';
import { MAX_NID, nidOf } from '../../core/identifiers/nid.ts';
import { parseComponentId } from '../../core/own-inventory/component-id.ts';
import { LABEL_PATTERN, parseLabel } from '../../core/own-inventory/groups.ts';
import { optionalText, parsedText } from './parsed-text.ts';

const NO_XNAME = 'must be the xname of a component';
const NO_MAC = 'must be a MAC address: twelve hex digits, in pairs joined by colons, dashes or nothing';
const NO_ADDRESS = 'must be an IP address';
const NO_LABEL = 'must be letters, digits and - : . _, at most 128';
const NO_NID = `must be an integer from 0 to ${MAX_NID}`;

/** What an xname is written with, and no more. */
export const XNAME = /^[A-Za-z][A-Za-z0-9]{1,62}$/;
/** A MAC as an inventory may write it. */
export const MAC = /^([0-9A-Fa-f]{2}[:-]?){5}[0-9A-Fa-f]{2}$/;
/** What an address is written with, and no more. */
export const ADDRESS = /^[0-9A-Fa-f:.]{2,45}$/;

/** The xname of a component of any type. */
export const componentId = parsedText(parseComponentId, XNAME, NO_XNAME);
export const optionalComponentId = optionalText(parseComponentId, XNAME, NO_XNAME);

export const inventoryMac = parsedText(parseInventoryMac, MAC, NO_MAC);
export const optionalMac = optionalText(parseInventoryMac, MAC, NO_MAC);

/** Reads an address without a zone: one with it means something on one host only, and is none to the database. */
export function parsePlainAddress(text: string): Address | undefined {
  return ADDRESS.test(text) ? parseAddress(text) : undefined;
}

export const address = parsedText(parseAddress, ADDRESS, NO_ADDRESS);
export const optionalAddress = optionalText(parseAddress, ADDRESS, NO_ADDRESS);

/** The label of a group, a tag of one, or the name of what groups exclude each other by. */
export const label = parsedText(parseLabel, LABEL_PATTERN, NO_LABEL);
export const optionalLabel = optionalText(parseLabel, LABEL_PATTERN, NO_LABEL);

/** A NID: a number, or its digits, as old clients write it. */
export const anyNid = v.pipe(
  v.union(
    [
      v.pipe(v.number(NO_NID), v.integer(NO_NID), v.minValue(0, NO_NID), v.maxValue(MAX_NID, NO_NID)),
      v.pipe(v.string(NO_NID), v.regex(/^[0-9]{1,10}$/, NO_NID)),
    ],
    NO_NID,
  ),
  v.rawTransform(({ dataset, addIssue, NEVER }): number => {
    const nid = nidOf(Number(dataset.value));
    if (nid !== undefined) return nid;
    addIssue({ message: NO_NID });
    return NEVER;
  }),
);
