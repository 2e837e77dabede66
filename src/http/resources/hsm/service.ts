import { ServiceError } from '../../../core/errors.ts';
import { VALUES } from '../../../core/own-inventory/values.ts';
import { checkEntries } from '../../../service/own-inventory/read-entries.ts';
import type { OwnDeps } from '../../hsm/own-deps.ts';
import { json } from '../../json.ts';
import type { Handler } from '../../resource.ts';

/** Whether the inventory answers, in SMD's words. */
export function getReady({ own }: OwnDeps): Handler {
  return async function ready() {
    await checkEntries(own);
    return json({ code: 0, message: 'HSM is healthy' });
  };
}

/** Whether requests are answered at all. */
export const getLiveness: Handler = () => new Response(null, { status: 204 });

/** The words that members of components may be. */
export const getValues: Handler = () => json(VALUES);

/** The words for one member, by its name in lower case. */
export const getValuesOf: Handler = (c) => {
  const found = Object.entries(VALUES).find(([name]) => name.toLowerCase() === c.req.param('member'));
  if (found === undefined) throw new ServiceError('not_found', 'there are no words for this');
  return json(Object.fromEntries([found]));
};
