import { listEntries, readEntry } from '../../../service/own-inventory/read-entries.ts';
import { removeAll, removeEntry } from '../../../service/own-inventory/remove-entries.ts';
import { deleted } from '../../hsm/answers.ts';
import { endpointQuery } from '../../hsm/list-query.ts';
import { logOwnWrite, type OwnDeps } from '../../hsm/own-deps.ts';
import { pathXname } from '../../hsm/path-parameters.ts';
import { json } from '../../json.ts';
import { queryOf } from '../../query.ts';
import type { Handler } from '../../resource.ts';

/** GET of component endpoints: they come with Redfish endpoints, and cannot be added by themselves. */
export function getComponentEndpoints({ own }: OwnDeps): Handler {
  return async function endpoints(c) {
    const query = endpointQuery('component endpoint', queryOf(c.req.url));
    return json({ ComponentEndpoints: await listEntries(query, own) });
  };
}

export function deleteComponentEndpoints(deps: OwnDeps): Handler {
  return async function removeEvery(c) {
    const count = await removeAll('component endpoint', deps.own);
    logOwnWrite(c, deps, []);
    return deleted(count);
  };
}

export function getComponentEndpoint({ own }: OwnDeps): Handler {
  return async function endpoint(c) {
    return json(await readEntry('component endpoint', pathXname(c), own));
  };
}

export function deleteComponentEndpoint(deps: OwnDeps): Handler {
  return async function remove(c) {
    const id = pathXname(c);
    await removeEntry('component endpoint', id, deps.own);
    logOwnWrite(c, deps, [id]);
    return deleted();
  };
}
