import type { AppDeps } from '../deps.ts';
import { json } from '../json.ts';
import type { Handler } from '../resource.ts';

/** GET of the document of the API, for programs. */
export function getOpenApi({ document }: Pick<AppDeps, 'document'>): Handler {
  return async function openApi() {
    return json(await document());
  };
}
