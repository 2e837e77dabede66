import { isJsonObject } from '../../../core/json.ts';
import { listEntries, readEntry } from '../../../service/own-inventory/read-entries.ts';
import { removeAllEndpoints, removeEndpoint } from '../../../service/own-inventory/remove-entries.ts';
import { addEndpoints, changeEndpoint, putEndpoint } from '../../../service/own-inventory/write-entries.ts';
import { readJson } from '../../body.ts';
import { createdIn, deleted } from '../../hsm/answers.ts';
import {
  endpointChangeSchema,
  endpointSchema,
  endpointsSchema,
  givenEndpoint,
  namedEndpointSchema,
} from '../../hsm/endpoint-schema.ts';
import { givenMembers } from '../../hsm/given-members.ts';
import { endpointQuery } from '../../hsm/list-query.ts';
import { logOwnWrite, type OwnDeps } from '../../hsm/own-deps.ts';
import { pathXname } from '../../hsm/path-parameters.ts';
import { json } from '../../json.ts';
import { queryOf } from '../../query.ts';
import type { Handler } from '../../resource.ts';
import { validate } from '../../validate.ts';
import { requireSameId } from './components.ts';

const PATH = '/Inventory/RedfishEndpoints';

export function getRedfishEndpoints({ own }: OwnDeps): Handler {
  return async function endpoints(c) {
    const query = endpointQuery('redfish endpoint', queryOf(c.req.url));
    return json({ RedfishEndpoints: await listEntries(query, own) });
  };
}

/** POST of one endpoint or of a list, with all that is behind them. */
export function postRedfishEndpoints(deps: OwnDeps): Handler {
  return async function addAll(c) {
    const body = await readJson(c, deps.runtime);
    const isList = isJsonObject(body) && Array.isArray(body.RedfishEndpoints);
    const given = (isList ? validate(endpointsSchema, body).RedfishEndpoints : [validate(endpointSchema, body)]).map(
      (endpoint) => givenEndpoint(endpoint.ID, endpoint),
    );
    await addEndpoints(given, deps.own);
    const ids = given.map(({ ID }) => ID);
    logOwnWrite(c, deps, ids);
    return createdIn(PATH, ids);
  };
}

/** DELETE of all endpoints and component endpoints; their nodes are `Empty` from then on. */
export function deleteRedfishEndpoints(deps: OwnDeps): Handler {
  return async function removeEvery(c) {
    const count = await removeAllEndpoints(deps.own);
    logOwnWrite(c, deps, []);
    return deleted(count);
  };
}

export function getRedfishEndpoint({ own }: OwnDeps): Handler {
  return async function endpoint(c) {
    return json(await readEntry('redfish endpoint', pathXname(c), own));
  };
}

/** PUT: an endpoint as it is now, with all that is behind it, whether there was one or not. */
export function putRedfishEndpoint(deps: OwnDeps): Handler {
  return async function put(c) {
    const ID = pathXname(c);
    const body = validate(namedEndpointSchema, await readJson(c, deps.runtime));
    requireSameId(ID, body.ID, 'ID');
    const endpoint = await putEndpoint(givenEndpoint(ID, body), deps.own);
    logOwnWrite(c, deps, [ID]);
    return json(endpoint);
  };
}

/** PATCH of the endpoint alone. */
export function patchRedfishEndpoint(deps: OwnDeps): Handler {
  return async function patch(c) {
    const ID = pathXname(c);
    const body = validate(endpointChangeSchema, await readJson(c, deps.runtime));
    requireSameId(ID, body.ID, 'ID');
    const endpoint = await changeEndpoint(ID, givenMembers(body), deps.own);
    logOwnWrite(c, deps, [ID]);
    return json(endpoint);
  };
}

export function deleteRedfishEndpoint(deps: OwnDeps): Handler {
  return async function remove(c) {
    const ID = pathXname(c);
    await removeEndpoint(ID, deps.own);
    logOwnWrite(c, deps, [ID]);
    return deleted();
  };
}
