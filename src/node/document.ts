import type { ApiDocument } from '../http/openapi/document.ts';

/** The document of the API, which comes with the program; it takes no memory until somebody asks for it. */
export async function packagedDocument(): Promise<ApiDocument> {
  const { default: document } = await import('../http/assets/openapi.json', { with: { type: 'json' } });
  return document;
}
