import type { AppDeps } from '../deps.ts';
import { json } from '../json.ts';
import { firstValue, queryOf } from '../query.ts';
import type { Handler } from '../resource.ts';

/** GET of when nodes last asked for their script or user-data; `name` and `endpoint` are compared exactly. */
export function getEndpointHistory({ history }: AppDeps): Handler {
  return async function endpointHistory(c) {
    const query = queryOf(c.req.url);
    const accesses = await history.list({
      name: firstValue(query, 'name') || undefined,
      endpoint: firstValue(query, 'endpoint') || undefined,
    });
    return json(accesses.map(({ name, endpoint, epoch }) => ({ name, endpoint, last_epoch: epoch })));
  };
}
