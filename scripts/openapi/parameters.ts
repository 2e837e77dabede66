import type { OpenAPIV3, OpenAPIV3_1 } from 'openapi-types';
import { MAC_PATTERN } from '../../src/core/identifiers/mac.ts';
import { MAX_NID, NID_PATTERN } from '../../src/core/identifiers/nid.ts';
import { MAC, XNAME } from './examples.ts';

/** A parameter of the query that may be any text. */
export function textParameter(name: string, description: string, example: string): OpenAPIV3_1.ParameterObject {
  return { name, in: 'query', description, schema: { type: 'string' }, example };
}

/** The MAC of the node that asks: the first of a list counts. */
export const macOfNode: OpenAPIV3_1.ParameterObject = {
  name: 'mac',
  in: 'query',
  description:
    'The MAC address of the node, in any case. It is looked at first. Of a list, joined by commas, the first counts.',
  schema: { type: 'string', pattern: `${inner(MAC_PATTERN, '^', '')}(,|$)` },
  example: MAC,
};

/** The filters that name nodes: each may be repeated, and each may be a list joined by commas. */
export const nodeFilters: OpenAPIV3_1.ParameterObject[] = [
  {
    ...filter('name', 'Xnames. A name that nobody can have finds nothing.', { type: 'string' }),
    example: [XNAME],
  },
  { ...filter('mac', 'MAC addresses. What is none finds nothing.', { type: 'string' }), example: [MAC] },
  {
    ...filter('nid', `Numeric ids, in decimal digits, 0 to ${MAX_NID}. Any other text is refused.`, {
      type: 'string',
      pattern: listPattern(NID_PATTERN),
    }),
    example: ['1'],
  },
];

function filter(name: string, description: string, items: OpenAPIV3.NonArraySchemaObject): OpenAPIV3_1.ParameterObject {
  return {
    name,
    in: 'query',
    description: `${description} May be repeated, and may be a list joined by commas.`,
    style: 'form',
    explode: true,
    schema: { type: 'array', items },
  };
}

/** A pattern of one thing as that of a list of it. */
function listPattern(pattern: RegExp): string {
  const one = inner(pattern, '', '');
  return `^${one}(,${one})*$`;
}

/** A pattern without its anchors, and with others. */
function inner(pattern: RegExp, before: string, behind: string): string {
  return `${before}${pattern.source.replace(/^\^/, '').replace(/\$$/, '')}${behind}`;
}
