import type { ContentWithResolver, describeRoute, ResponsesWithResolver } from 'hono-openapi';
import type * as v from 'valibot';
import { type HeaderName, headersOf } from './headers.ts';
import { jsonForm } from './json-form.ts';

/** The description of an operation. */
export type Operation = Parameters<typeof describeRoute>[0];

/** The answers of an operation, by status. */
export type Answers = ResponsesWithResolver;

type Answer = Answers[string];

/** Examples by the words that say what they show. */
export type Examples = Readonly<Record<string, unknown>>;

/** A body of one media type. */
export function content(type: string, schema: v.GenericSchema, examples: Examples): ContentWithResolver {
  const named = Object.entries(examples).map(([summary, value], at) => [`example${at + 1}`, { summary, value }]);
  return { [type]: { schema: jsonForm(schema), examples: Object.fromEntries(named) } };
}

/** An answer with a body of one of some media types. */
export function answer(description: string, bodies: ContentWithResolver, headers: readonly HeaderName[] = []): Answer {
  return { description, headers: headersOf(headers), content: bodies };
}

/** An answer in JSON. */
export function jsonAnswer(
  description: string,
  schema: v.GenericSchema,
  examples: Examples,
  headers: readonly HeaderName[] = [],
): Answer {
  return answer(description, content('application/json', schema, examples), headers);
}

/** An answer without a body. */
export function emptyAnswer(description: string, headers: readonly HeaderName[] = []): Answer {
  return { description, headers: headersOf(headers) };
}

/** A body in JSON, without which the request is refused. */
export function jsonBody(
  description: string,
  schema: v.GenericSchema,
  examples: Examples,
): NonNullable<Operation['requestBody']> {
  return { description, required: true, content: content('application/json', schema, examples) };
}
