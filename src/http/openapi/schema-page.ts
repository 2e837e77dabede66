import { html } from 'hono/html';
import type { Schema } from './document.ts';
import { type Html, paragraphs, prose } from './prose.ts';

/** A schema that has a name, with its members. */
export function namedSchema(name: string, schema: Schema): Html {
  const forms = schema.anyOf ?? [schema];
  return html`<section id="schema-${name}"><h3>${name}</h3>
${paragraphs(schema.description)}
${forms.map((form, at) => html`${at > 0 ? html`<p>or</p>` : ''}${members(form)}`)}</section>`;
}

/** What a value is, in a few words. */
export function typeOf(schema: Schema): Html {
  return html`${words(schema)}${bounds({ ...schema.items, ...schema })}`;
}

function members(schema: Schema): Html {
  return html`<table><tbody>${rows(schema, '')}</tbody></table>`;
}

/** A row for each member, and for each of theirs where they have no name of their own. */
function rows({ properties = {}, required = [] }: Schema, above: string): Html[] {
  return Object.entries(properties).flatMap(([name, schema]) => [
    html`<tr><th scope="row"><code>${above}${name}</code>${required.includes(name) ? html`<br><small>always there</small>` : ''}</th>
<td>${typeOf(schema)}</td><td>${prose(schema.description ?? '')}</td></tr>`,
    ...rows(schema, `${above}${name}.`),
  ]);
}

function words({ $ref, anyOf, const: constant, enum: values, type, items }: Schema): Html | string {
  if ($ref !== undefined) {
    const name = $ref.slice($ref.lastIndexOf('/') + 1);
    return html`<a href="#schema-${name}">${name}</a>`;
  }
  if (anyOf !== undefined) return alternatives(anyOf.map(words));
  if (constant !== undefined) return html`<code>${JSON.stringify(constant)}</code>`;
  if (values !== undefined) return alternatives(values.map((value) => html`<code>${JSON.stringify(value)}</code>`));
  const [first = 'any value', ...others] = [type ?? []].flat();
  return alternatives([items === undefined ? first : html`${first} of ${words(items)}`, ...others]);
}

function alternatives(all: readonly (Html | string)[]): Html {
  return html`${all.map((one, at) => html`${at > 0 ? ' or ' : ''}${one}`)}`;
}

/** What a value must keep to besides. */
function bounds({ pattern, minimum, maximum, maxLength, maxItems }: Schema): Html[] {
  return [
    minimum === undefined || maximum === undefined ? '' : `${minimum} to ${maximum}`,
    maxItems === undefined ? '' : `at most ${maxItems} items`,
    maxLength === undefined ? '' : `at most ${maxLength} characters`,
    pattern === undefined ? '' : html`<code>${pattern}</code>`,
  ].flatMap((bound) => (bound === '' ? [] : html`<br><small>${bound}</small>`));
}
