import { dump } from 'js-yaml';
import { dig } from '../../core/cloud-init.ts';
import { componentName } from '../../core/component.ts';
import { accessOf } from '../../ports/access-history.ts';
import { findClientData, metaDataOf, userDataOf } from '../../service/cloud-init.ts';
import { keepPhoneHome } from '../../service/phone-home.ts';
import { watchAge } from '../age.ts';
import { callerOf } from '../client-address.ts';
import type { AppDeps } from '../deps.ts';
import { json } from '../json.ts';
import { readPhoneHome } from '../phone-home-request.ts';
import { problem } from '../problem.ts';
import { firstValue, queryOf } from '../query.ts';
import { recordJson } from '../record-json.ts';
import type { Handler } from '../resource.ts';

/** GET of the meta-data of the node that asks, or of one value of it: `key=a.b`. */
export function getMetaData(deps: AppDeps): Handler {
  return async function metaData(c) {
    const seen = watchAge(deps);
    const data = await findClientData(callerOf(c, deps.runtime, deps)?.address, seen.deps);
    const whole = metaDataOf(data, randomHex());
    const key = firstValue(queryOf(c.req.url), 'key');
    const value = key === undefined ? whole : dig(whole, key.split('.'));
    if (value === undefined) return problem(404, 'Not Found', seen.ageHeader());
    return json(value, 200, seen.ageHeader());
  };
}

/** GET of the user-data of the node that asks, as cloud-init reads it. */
export function getUserData(deps: AppDeps): Handler {
  return async function userData(c) {
    const seen = watchAge(deps);
    const data = await findClientData(callerOf(c, deps.runtime, deps)?.address, seen.deps);
    if (data.component !== undefined && c.req.method === 'GET') {
      const epoch = Math.floor(Date.now() / 1000);
      deps.history.note(accessOf(componentName(data.component), 'user-data'), epoch);
    }
    // Cloud-init reads YAML 1.1: this quotes what means something else there. No line is folded.
    const yaml = dump(userDataOf(data), { lineWidth: -1 });
    return new Response(`#cloud-config\n${yaml}`, { headers: { 'Content-Type': 'text/yaml', ...seen.ageHeader() } });
  };
}

/** POST of what a node reports once it is up. */
export function postPhoneHome(deps: AppDeps): Handler {
  return async function phoneHome(c) {
    const said = await readPhoneHome(c, deps.runtime);
    const seen = watchAge(deps);
    const record = await keepPhoneHome(callerOf(c, deps.runtime, deps)?.address, said, seen.deps);
    deps.log.info({ xname: record.hosts[0], requestId: c.get('requestId') }, 'a node has phoned home');
    return json(recordJson(record, deps.dialect), 200, seen.ageHeader());
  };
}

/** Twelve hex digits. */
function randomHex(): string {
  return [...crypto.getRandomValues(new Uint8Array(6))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
