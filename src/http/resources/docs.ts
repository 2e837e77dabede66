import type { AppDeps } from '../deps.ts';
import { documentPage } from '../openapi/page.ts';
import { STYLE } from '../openapi/page-style.ts';
import type { Handler } from '../resource.ts';

/** GET of the document of the API, for people. */
export function getDocs({ document }: Pick<AppDeps, 'document'>): Handler {
  // Made at the first request: it is the same for all.
  let made: { readonly page: string; readonly policy: string } | undefined;
  return async function docs(c) {
    made ??= {
      page: String(await documentPage(await document())),
      policy: `default-src 'none'; ${await stylePolicy()}`,
    };
    return c.html(made.page, 200, { 'Content-Security-Policy': made.policy });
  };
}

/** Lets the page have its own style, known by its digest, and be part of no other page. */
async function stylePolicy(): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(STYLE));
  const text = btoa(String.fromCharCode(...new Uint8Array(digest)));
  return `style-src 'sha256-${text}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}
