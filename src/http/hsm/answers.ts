import { json } from '../json.ts';

/** Where SMD has its API, and where clients look for it: what links begin with. */
export const HSM = '/hsm/v2';

/** The answer to a DELETE, as SMD words it. */
export function deleted(count = 1): Response {
  return json({ code: 0, message: `deleted ${count} ${count === 1 ? 'entry' : 'entries'}` });
}

/** The answer to what has nothing to say. */
export function noContent(): Response {
  return new Response(null, { status: 204 });
}

/** The answer to a POST that made one thing. */
export function created(path: string): Response {
  return json({ URI: `${HSM}${path}` }, 201, { Location: `${HSM}${path}` });
}

/** The answer to a POST that made some of a collection. */
export function createdIn(collection: string, ids: readonly string[], within = collection): Response {
  const links = ids.map((id) => ({ URI: `${HSM}${within}/${encodeURIComponent(id)}` }));
  const [first, ...others] = links;
  const isOne = first !== undefined && others.length === 0;
  return json(links, 201, { Location: isOne ? first.URI : `${HSM}${collection}` });
}
