import * as v from 'valibot';
import { parseXname } from '../../core/identifiers/xname.ts';
import { readJson } from '../body.ts';
import type { AppDeps } from '../deps.ts';
import { jsonObject } from '../json-object.ts';
import type { Handler } from '../resource.ts';
import { validate } from '../validate.ts';

/** What SMD's notifier sends. Whatever it says has changed, the inventory is asked what is so now. */
export const stateChangeSchema = jsonObject({
  Components: v.nullish(
    v.pipe(v.array(v.string('must be a text'), 'must be a list'), v.description('The xnames of what has changed.')),
  ),
});

/** POST of a change of state in SMD: the nodes that it names are looked at again, all when it names none. */
export function postStateChange({ inventory, runtime, log }: AppDeps): Handler {
  return async function stateChange(c) {
    const { Components } = validate(stateChangeSchema, await readJson(c, runtime));
    // Other components change too; only nodes boot.
    const nodes = Components?.flatMap((name) => parseXname(name) ?? []);
    await inventory?.refresh(nodes);
    log.info({ nodes: nodes?.length }, 'the inventory has been looked at again, as its notifier asked');
    return new Response(null, { status: 200, headers: { 'Content-Length': '0' } });
  };
}
