import type { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import type { OpenAPIV3_1 } from 'openapi-types';
import type * as v from 'valibot';
import { NID_PATTERN } from '../../src/core/identifiers/nid.ts';
import { LABEL_PATTERN } from '../../src/core/own-inventory/groups.ts';
import {
  ADDRESS as ADDRESS_PATTERN,
  MAC as MAC_PATTERN,
  XNAME as XNAME_PATTERN,
} from '../../src/http/hsm/identifier-schema.ts';
import type { ProblemStatus } from '../../src/http/problem.ts';
import { link, ownMessage } from './answers/own-inventory.ts';
import { MAC, XNAME } from './examples.ts';
import { type Answers, emptyAnswer, jsonAnswer, type Operation } from './operation.ts';
import { problems } from './problems.ts';

const BASE = '/hsm/v2';

type Described = {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: OpenAPIV3_1.ParameterObject[];
  readonly requestBody?: NonNullable<Operation['requestBody']>;
  /** The answer of success. */
  readonly answers: Answers;
  /** Problems besides those that every operation here may have. */
  readonly problems?: readonly ProblemStatus[];
  /** Whether it is answered without a token, wherever tokens are asked for. */
  readonly isPublic?: boolean;
};

/** Describes an operation of the service's own inventory. All may be 404: beside an SMD none of them is there. */
export function ownOperation(
  app: Hono,
  method: 'get' | 'post' | 'put' | 'patch' | 'delete',
  path: string,
  { answers, problems: more = [], isPublic = false, ...described }: Described,
): void {
  const tokens: ProblemStatus[] = isPublic ? [] : [401, 403];
  const body: ProblemStatus[] = described.requestBody === undefined ? [] : [413];
  app[method](
    `${BASE}${path}`,
    describeRoute({
      tags: ['Own inventory'],
      ...(isPublic ? {} : { security: [{}, { bearer: [] }] }),
      ...described,
      responses: { ...answers, ...problems(...tokens, 404, ...more, ...body, 503) },
    }),
  );
}

/** The answer to a DELETE. */
export const deletedAnswer: Answers = {
  200: jsonAnswer('It is gone.', ownMessage, { 'One is gone': { code: 0, message: 'deleted 1 entry' } }),
};

export const noContentAnswer: Answers = { 204: emptyAnswer('It is done.') };

/** The answer to a POST that makes one thing. */
export function createdAnswer(path: string): Answers {
  return { 201: jsonAnswer('It has been added.', link, { 'Where it is': { URI: `${BASE}${path}` } }, ['Location']) };
}

/** The answer to a POST that makes some of a list. */
export function createdInAnswer(links: v.GenericSchema, path: string): Answers {
  return {
    201: jsonAnswer('They have been added.', links, { 'Where it is': [{ URI: `${BASE}${path}` }] }, ['Location']),
  };
}

function pathParameter(
  name: string,
  pattern: RegExp,
  description: string,
  example: string,
): OpenAPIV3_1.ParameterObject {
  return {
    name,
    in: 'path',
    required: true,
    description,
    schema: { type: 'string', pattern: pattern.source },
    example,
  };
}

export const xnameInPath = pathParameter('xname', XNAME_PATTERN, 'The xname of a component, in any case.', XNAME);
export const bmcInPath = pathParameter(
  'xname',
  XNAME_PATTERN,
  'The xname of a controller, in any case.',
  'x1000c0s0b0',
);
export const labelInPath = pathParameter('label', LABEL_PATTERN, 'The label of a group, in any case.', 'compute');
export const interfaceInPath = pathParameter(
  'id',
  MAC_PATTERN,
  'The MAC address, without colons or with.',
  MAC.replaceAll(':', ''),
);
export const addressInPath = pathParameter('address', ADDRESS_PATTERN, 'An IP address.', '10.0.0.1');
export const nidInPath = pathParameter('nid', NID_PATTERN, 'A numeric id, in decimal digits.', '1');

/** A parameter of the query that may be repeated. */
export function repeated(name: string, description: string, example: string): OpenAPIV3_1.ParameterObject {
  return {
    name,
    in: 'query',
    description,
    style: 'form',
    explode: true,
    schema: { type: 'array', items: { type: 'string' } },
    example: [example],
  };
}

/** The filters of lists of components. */
export const componentFilters: OpenAPIV3_1.ParameterObject[] = [
  repeated('id', 'Xnames. What begins with `!` is left out, here and in the others, but for groups.', XNAME),
  repeated('nid', 'Numeric ids, in decimal digits.', '1'),
  repeated('type', 'Types of components.', 'Node'),
  repeated('state', 'States.', 'On'),
  repeated('flag', 'Flags.', 'OK'),
  repeated('enabled', '`true` or `false`.', 'true'),
  repeated('softwarestatus', 'States of the software.', 'AdminStatus'),
  repeated('role', 'Roles.', 'Compute'),
  repeated('subrole', 'Sub-roles.', 'Worker'),
  repeated('subtype', 'Subtypes.', 'None'),
  repeated('arch', 'Architectures.', 'X86'),
  repeated('class', 'Classes of hardware.', 'River'),
  repeated('group', 'Labels of groups; `NULL` for those in none.', 'compute'),
  repeated('partition', 'Partitions, of which there are none: only `NULL` finds anything.', 'NULL'),
];

/** Those that are of use for their groups. The others work there, too. */
export const membershipFilters = componentFilters.filter(({ name }) => ['id', 'type', 'group'].includes(name));
