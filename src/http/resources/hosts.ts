import { findHosts, listHosts } from '../../service/hosts.ts';
import { watchAge } from '../age.ts';
import { componentJson } from '../component-json.ts';
import type { AppDeps } from '../deps.ts';
import { hostFilter } from '../host-filter.ts';
import { json } from '../json.ts';
import { problem } from '../problem.ts';
import { queryOf } from '../query.ts';
import type { Handler } from '../resource.ts';

/** GET of the inventory as the service sees it: all, or what any of the filters names. */
export function getHosts(deps: AppDeps): Handler {
  return async function hosts(c) {
    const seen = watchAge(deps);
    const keys = hostFilter(queryOf(c.req.url));
    const components = keys === undefined ? await listHosts(seen.deps) : await findHosts(keys, seen.deps);
    if (keys !== undefined && components.length === 0)
      return problem(404, 'no host of the inventory is meant by this', seen.ageHeader());
    return json(components.map(componentJson), 200, seen.ageHeader());
  };
}

/** POST: looks at the inventory's source again, and answers when that is done. */
export function postHosts({ inventory }: AppDeps): Handler {
  return async function refresh() {
    await inventory?.refresh();
    return new Response(null, { status: 204, headers: { 'Cache-Control': 'no-cache' } });
  };
}
