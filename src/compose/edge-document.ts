import { ServiceError } from '../core/errors.ts';
import type { ApiDocument } from '../http/openapi/document.ts';

/** The assets that are deployed with a Worker, as its binding gives them. */
type Assets = { fetch(url: string): Promise<Response> };

/**
 * The document of the API, which lies beside the Worker as an asset: in its bundle each isolate would read it at its start.
 * Throws `unavailable` when it is not to be had.
 */
export function edgeDocument(binding: unknown): () => Promise<ApiDocument> {
  let known: ApiDocument | undefined;
  return async function document() {
    known ??= await readDocument(binding);
    return known;
  };
}

async function readDocument(binding: unknown): Promise<ApiDocument> {
  if (!isAssets(binding)) throw new ServiceError('unavailable', 'this Worker has no binding named ASSETS');
  // Only the path counts.
  const answer = await binding.fetch('https://assets.invalid/openapi.json');
  if (!answer.ok) throw new ServiceError('unavailable', `the asset openapi.json was answered with ${answer.status}`);
  return JSON.parse(await answer.text());
}

function isAssets(binding: unknown): binding is Assets {
  return typeof binding === 'object' && binding !== null && 'fetch' in binding;
}
