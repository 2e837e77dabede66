import { ServiceError } from '../../../core/errors.ts';
import { listMemberships } from '../../../service/own-inventory/read-entries.ts';
import { componentQuery, groupQuery } from '../../hsm/list-query.ts';
import type { OwnDeps } from '../../hsm/own-deps.ts';
import { pathXname } from '../../hsm/path-parameters.ts';
import { json } from '../../json.ts';
import { queryOf } from '../../query.ts';
import type { Handler } from '../../resource.ts';

/** GET of the groups of components: of all, or of what the filters leave. */
export function getMemberships({ own }: OwnDeps): Handler {
  return async function memberships(c) {
    const query = queryOf(c.req.url);
    return json(await listMemberships(componentQuery(query), groupQuery(query), own));
  };
}

export function getMembership({ own }: OwnDeps): Handler {
  return async function membership(c) {
    const id = pathXname(c);
    const [found] = await listMemberships({ filter: { kind: 'component', ids: [id] }, conditions: [] }, undefined, own);
    if (found === undefined) throw new ServiceError('not_found', `there is no component ${id}`);
    return json(found);
  };
}
