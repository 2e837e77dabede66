import { ServiceError } from '../../../core/errors.ts';
import { interfaceId } from '../../../core/own-inventory/interfaces.ts';
import { objectsOf } from '../../../core/own-inventory/members.ts';
import { listEntries, readEntry } from '../../../service/own-inventory/read-entries.ts';
import { removeAll, removeEntry } from '../../../service/own-inventory/remove-entries.ts';
import {
  addAddress,
  addInterface,
  changeInterface,
  removeAddress,
} from '../../../service/own-inventory/write-entries.ts';
import { readJson } from '../../body.ts';
import { created, deleted } from '../../hsm/answers.ts';
import { givenMembers } from '../../hsm/given-members.ts';
import { addressSchema, interfaceChangeSchema, interfaceSchema } from '../../hsm/interface-schema.ts';
import { interfaceQuery } from '../../hsm/list-query.ts';
import { logOwnWrite, type OwnDeps } from '../../hsm/own-deps.ts';
import { pathAddress, pathInterface } from '../../hsm/path-parameters.ts';
import { json } from '../../json.ts';
import { queryOf } from '../../query.ts';
import type { Handler } from '../../resource.ts';
import { validate } from '../../validate.ts';

const PATH = '/Inventory/EthernetInterfaces';

/** GET of interfaces: all, or what the filters leave. */
export function getInterfaces({ own }: OwnDeps): Handler {
  return async function interfaces(c) {
    return json(await listEntries(interfaceQuery(queryOf(c.req.url)), own));
  };
}

export function postInterface(deps: OwnDeps): Handler {
  return async function add(c) {
    const body = validate(interfaceSchema, await readJson(c, deps.runtime));
    const id = interfaceId(body.MACAddress);
    const said = { ...givenMembers(body), IPAddresses: (body.IPAddresses ?? []).map(givenMembers) };
    await addInterface({ mac: body.MACAddress, componentId: body.ComponentID ?? '', said }, deps.own);
    logOwnWrite(c, deps, [id]);
    return created(`${PATH}/${id}`);
  };
}

export function deleteInterfaces(deps: OwnDeps): Handler {
  return async function removeEvery(c) {
    const count = await removeAll('interface', deps.own);
    logOwnWrite(c, deps, []);
    return deleted(count);
  };
}

export function getInterface({ own }: OwnDeps): Handler {
  return async function one(c) {
    return json(await readEntry('interface', pathInterface(c), own));
  };
}

/** PATCH of the description, the owner and the addresses: at least one of them. */
export function patchInterface(deps: OwnDeps): Handler {
  return async function patch(c) {
    const id = pathInterface(c);
    const body = validate(interfaceChangeSchema, await readJson(c, deps.runtime));
    const change = {
      description: body.Description ?? undefined,
      componentId: body.ComponentID ?? undefined,
      addresses: body.IPAddresses?.map(givenMembers),
    };
    if (Object.values(change).every((part) => part === undefined)) {
      throw new ServiceError('invalid', 'Description, ComponentID, IPAddresses: nothing to change');
    }
    const changed = await changeInterface(id, change, deps.own);
    logOwnWrite(c, deps, [id]);
    return json(changed);
  };
}

export function deleteInterface(deps: OwnDeps): Handler {
  return async function remove(c) {
    const id = pathInterface(c);
    await removeEntry('interface', id, deps.own);
    logOwnWrite(c, deps, [id]);
    return deleted();
  };
}

export function getAddresses({ own }: OwnDeps): Handler {
  return async function addresses(c) {
    return json(objectsOf(await readEntry('interface', pathInterface(c), own), 'IPAddresses'));
  };
}

export function postAddress(deps: OwnDeps): Handler {
  return async function addOne(c) {
    const id = pathInterface(c);
    const body = validate(addressSchema, await readJson(c, deps.runtime));
    await addAddress(id, givenMembers(body), deps.own);
    logOwnWrite(c, deps, [id]);
    return created(`${PATH}/${id}/IPAddresses/${encodeURIComponent(body.IPAddress)}`);
  };
}

export function deleteAddress(deps: OwnDeps): Handler {
  return async function removeOne(c) {
    const id = pathInterface(c);
    await removeAddress(id, pathAddress(c), deps.own);
    logOwnWrite(c, deps, [id]);
    return deleted();
  };
}
