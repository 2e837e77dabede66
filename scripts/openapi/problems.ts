import * as v from 'valibot';
import { type ProblemStatus, problemBody } from '../../src/http/problem.ts';
import { type HeaderName, headersOf } from './headers.ts';
import { named } from './json-form.ts';
import { type Answers, content } from './operation.ts';

/** A problem answer (RFC 9457). */
const problem = named(
  'Problem',
  v.strictObject({
    type: v.literal('about:blank'),
    title: v.pipe(v.string(), v.description('The text of the status.')),
    status: v.pipe(v.number(), v.integer(), v.minValue(400), v.maxValue(599)),
    detail: v.pipe(v.string(), v.description('What is wrong, and with which field or parameter.')),
  }),
  'Why a request was refused or could not be answered.',
);

type Described = {
  readonly name: string;
  readonly description: string;
  /** What it may be about, and its detail then. */
  readonly details: Readonly<Record<string, string>>;
  readonly headers?: readonly HeaderName[];
};

const PROBLEMS: Readonly<Record<ProblemStatus, Described>> = {
  400: {
    name: 'BadRequest',
    description: 'The request is malformed, asks for what cannot be, or has a `Host` that is none.',
    details: {
      'A field that is malformed': 'macs[0]: must be six pairs of hex digits joined by colons',
      'A text that could break a script': 'params: a lone "||" at offset 6',
      'A record that exists': 'x1000c0s0b0n0 has boot parameters already: use PUT or PATCH to change them',
    },
  },
  401: {
    name: 'Unauthorized',
    description: 'Where a key server is set: there is no bearer token, or one that does not hold.',
    details: { 'No token': 'Authorization: a bearer token is needed' },
    headers: ['WWW-Authenticate'],
  },
  403: {
    name: 'Forbidden',
    description: 'Where scopes count: the token is not good for this method.',
    details: { 'A token for reading': 'POST needs a token with the scope bss:write' },
  },
  404: {
    name: 'NotFound',
    description: 'Nothing of what was asked for is there.',
    details: {
      'Nodes without a record': 'Cannot find boot parameters for requested Hosts, MACs or NIDs: 02:00:00:00:00:01',
    },
    headers: ['X-BSS-Age'],
  },
  405: {
    name: 'MethodNotAllowed',
    description: 'The path is not for this method: every path answers so to methods that are not described here.',
    details: { 'A wrong method': 'PUT is not allowed here' },
    headers: ['Allow'],
  },
  408: {
    name: 'RequestTimeout',
    description: 'The request did not come in within 30 seconds.',
    details: { 'A request that came too slowly': 'the request is not valid HTTP' },
  },
  409: {
    name: 'Conflict',
    description: 'What is to be added to the inventory is there already, or belongs to something else.',
    details: { 'An interface that exists': 'interface 020000000001 exists already: PATCH changes it' },
  },
  413: {
    name: 'ContentTooLarge',
    description: 'The body has more than 8 MiB.',
    details: { 'A body that is too large': 'body: more than 8388608 bytes' },
  },
  431: {
    name: 'RequestHeaderFieldsTooLarge',
    description: 'The headers have more than 16 KiB.',
    details: { 'Headers that are too large': 'the request is not valid HTTP' },
  },
  500: {
    name: 'InternalServerError',
    description: 'A fault of the program. Its log says more.',
    details: { 'A fault': 'the request failed; the log says more' },
  },
  503: {
    name: 'ServiceUnavailable',
    description: 'The database or the inventory could not be asked. Nothing was changed.',
    details: { 'The database is away': 'the database could not answer' },
    headers: ['Retry-After'],
  },
};

const STATUSES = [400, 401, 403, 404, 405, 408, 409, 413, 431, 500, 503] as const satisfies ProblemStatus[];

/** What every operation may answer: these are about the request as such. */
const ALWAYS = [400, 408, 431, 500] as const satisfies ProblemStatus[];

/** The problem answers, as components of the document. */
export const problemAnswers: Answers = Object.fromEntries(
  STATUSES.map((status) => {
    const { name, description, details, headers = [] } = PROBLEMS[status];
    const examples = Object.fromEntries(
      Object.entries(details).map(([summary, detail]) => [summary, JSON.parse(problemBody(status, detail))]),
    );
    return [
      name,
      { description, headers: headersOf(headers), content: content('application/problem+json', problem, examples) },
    ];
  }),
);

/** The problems that an operation may answer with, besides those that every one may. */
export function problems(...statuses: ProblemStatus[]): Answers {
  return Object.fromEntries(
    [...ALWAYS, ...statuses].map((status) => [status, { $ref: `#/components/responses/${PROBLEMS[status].name}` }]),
  );
}

/** The body of a problem, where it stands beside another one. */
export function problemContent(detail: string, status: ProblemStatus = 500): ReturnType<typeof content> {
  const summary = status === 500 ? 'A fault' : 'A problem';
  return content('application/problem+json', problem, { [summary]: JSON.parse(problemBody(status, detail)) });
}
