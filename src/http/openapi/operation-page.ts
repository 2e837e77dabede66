import { html } from 'hono/html';
import type { Answer, Content, Operation, Parameter } from './document.ts';
import { type Html, paragraphs, prose } from './prose.ts';
import { typeOf } from './schema-page.ts';

/** An operation: what it takes and what it answers. */
export function operationSection(path: string, method: string, operation: Operation): Html {
  const { operationId, summary, description, parameters = [], requestBody, security, responses } = operation;
  return html`<section id="${operationId}"><h3>${summary}</h3>
<p class="target">${methodBadge(method)} <code>${path}</code></p>
${paragraphs(description)}
${security === undefined ? '' : html`<p><small>Wants a bearer token where the service is told of a key server.</small></p>`}
${parameters.length > 0 ? html`<h4>Parameters</h4>${parameterTable(parameters)}` : ''}
${requestBody === undefined ? '' : html`<h4>Body</h4>${paragraphs(requestBody.description)}${bodies(requestBody.content)}`}
<h4>Answers</h4>
${Object.entries(responses).map(([status, answer]) => (answer.$ref === undefined ? answerBlock(status, answer) : ''))}
<p>Problems: ${problemLinks(responses)}</p></section>`;
}

/** An answer, with its headers and bodies. */
export function answerBlock(status: string, { description = '', headers = {}, content = {} }: Answer): Html {
  const names = Object.keys(headers).filter((name) => name !== 'X-Request-Id');
  return html`<div class="answer"><p><strong>${status}</strong> ${prose(description)}</p>
${names.length > 0 ? html`<p><small>Headers: ${names.map((name) => html`<a href="#header-${name}"><code>${name}</code></a> `)}</small></p>` : ''}
${bodies(content)}</div>`;
}

export function methodBadge(method: string): Html {
  return html`<span class="method ${method}">${method.toUpperCase()}</span>`;
}

function parameterTable(parameters: readonly Parameter[]): Html {
  const rows = parameters.map(
    ({
      name,
      description,
      schema,
      example,
    }) => html`<tr><th scope="row"><code>${name}</code></th><td>${typeOf(schema)}</td>
<td>${prose(description)} <small>Example: <code>${[example].flat().join(',')}</code></small></td></tr>`,
  );
  return html`<table><tbody>${rows}</tbody></table>`;
}

function bodies(content: Content): Html[] {
  return Object.entries(content).map(
    ([type, { schema, examples }]) => html`<p><code>${type}</code>: ${typeOf(schema)}</p>
${Object.values(examples).map(({ summary, value }) => html`<figure><figcaption>${summary}</figcaption><pre>${shown(type, value)}</pre></figure>`)}`,
  );
}

/** An example as it goes over the wire, or, when it is JSON, so that it can be read. */
function shown(type: string, value: unknown): string {
  if (typeof value === 'string' && !type.includes('json')) return value;
  if (type.endsWith('urlencoded') && typeof value === 'object') {
    return new URLSearchParams(Object.entries(value ?? {})).toString();
  }
  return JSON.stringify(value, null, 2);
}

function problemLinks(responses: Operation['responses']): Html[] {
  return Object.entries(responses).flatMap(([status, { $ref }]) =>
    $ref === undefined ? [] : html`<a href="#problem-${$ref.slice($ref.lastIndexOf('/') + 1)}">${status}</a> `,
  );
}
