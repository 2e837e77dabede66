import { html, raw } from 'hono/html';
import type { ApiDocument, Operation } from './document.ts';
import { answerBlock, methodBadge, operationSection } from './operation-page.ts';
import { STYLE } from './page-style.ts';
import { type Html, paragraphs, prose } from './prose.ts';
import { namedSchema } from './schema-page.ts';

type Place = { readonly path: string; readonly method: string; readonly operation: Operation };

/** The whole document as one page, which needs nothing but itself. */
export function documentPage({ info, tags, paths, components }: ApiDocument): Html {
  const places = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Place => ({ path, method, operation })),
  );
  const parts = tags.map((tag) => ({
    ...tag,
    places: places.filter(({ operation }) => operation.tags.includes(tag.name)),
  }));
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${info.title} ${info.version}: ${info.summary}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<nav aria-label="Contents"><p><a href="#top">${info.title}</a> ${info.version}</p>
${parts.map(({ name, places }) => contents(name, places))}
<h2>Parts</h2><ul><li><a href="#problems">Problems</a></li><li><a href="#headers">Headers</a></li><li><a href="#schemas">Schemas</a></li></ul></nav>
<main id="top"><h1>${info.title} <small>${info.summary}, version ${info.version}</small></h1>
${paragraphs(info.description)}
<p>The same for programs: <a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1).</p>
${parts.map(
  ({ name, description, places }) => html`<h2>${name}</h2>${paragraphs(description)}
${places.map(({ path, method, operation }) => operationSection(path, method, operation))}`,
)}
<h2 id="problems">Problems</h2>
${Object.entries(components.responses).map(([name, answer]) => html`<section id="problem-${name}"><h3>${name}</h3>${answerBlock('', answer)}</section>`)}
<h2 id="headers">Headers</h2>
<table><tbody>${Object.entries(components.headers).map(
    ([name, { description, example }]) =>
      html`<tr id="header-${name}"><th scope="row"><code>${name}</code></th><td>${prose(description)} <small>Example: <code>${String(example)}</code></small></td></tr>`,
  )}</tbody></table>
<h2 id="schemas">Schemas</h2>
${Object.entries(components.schemas).map(([name, schema]) => namedSchema(name, schema))}
</main>
</body>
</html>
`;
}

function contents(name: string, places: readonly Place[]): Html {
  const items = places.map(
    ({ path, method, operation }) =>
      html`<li><a href="#${operation.operationId}">${methodBadge(method)} ${path}</a></li>`,
  );
  return html`<h2>${name}</h2><ul>${items}</ul>`;
}
