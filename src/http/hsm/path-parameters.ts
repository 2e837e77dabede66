import type { Context } from 'hono';
import { ServiceError } from '../../core/errors.ts';
import type { Address } from '../../core/identifiers/address.ts';
import { parseInventoryMac } from '../../core/identifiers/mac.ts';
import { type ComponentId, parseComponentId } from '../../core/own-inventory/component-id.ts';
import { parseLabel } from '../../core/own-inventory/groups.ts';
import { interfaceId } from '../../core/own-inventory/interfaces.ts';
import { parsePlainAddress } from './identifier-schema.ts';

/** The xname in a path. */
export function pathXname(c: Context): ComponentId {
  return parsed(c, 'xname', parseComponentId, 'must be the xname of a component');
}

/** The label of a group in a path. */
export function pathLabel(c: Context): string {
  return parsed(c, 'label', parseLabel, 'must be the label of a group');
}

/** The id of an interface in a path; its MAC will do. */
export function pathInterface(c: Context): string {
  return interfaceId(parsed(c, 'id', parseInventoryMac, 'must be the MAC address of an interface'));
}

/** An address in a path. */
export function pathAddress(c: Context): Address {
  return parsed(c, 'address', parsePlainAddress, 'must be an IP address');
}

function parsed<T>(c: Context, name: string, parse: (text: string) => T | undefined, reason: string): T {
  const value = parse(c.req.param(name) ?? '');
  if (value === undefined) throw new ServiceError('invalid', `${name}: ${reason}`);
  return value;
}
