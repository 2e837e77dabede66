import type { OpenAPIV3_1 } from 'openapi-types';

/** The headers of answers, as components of the document. */
export const headers = {
  'X-Request-Id': {
    description: 'The id of the request: the one that it came with, or a new one. The log has it too.',
    required: true,
    schema: { type: 'string', pattern: '^[A-Za-z0-9_=-]{1,255}$' },
    example: '0b8f6f52-52a5-4a0c-9b6e-0a2f3f1f7f0d',
  },
  'BSS-Referral-Token': {
    description: 'A token made anew by each POST and PUT, which goes into the scripts. Records of images have none.',
    schema: { type: 'string', pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' },
    example: '6f1c1f0e-6a55-4a2f-9d0c-3f0d2c1b7a11',
  },
  'X-BSS-Age': {
    description: 'How old, in seconds, what is known of the node is: there when the inventory cannot be asked.',
    schema: { type: 'number', minimum: 0 },
    example: 42,
  },
  'Retry-After': {
    description: 'In so many seconds the request may be sent again.',
    required: true,
    schema: { type: 'integer', minimum: 1 },
    example: 7,
  },
  'WWW-Authenticate': {
    description: 'That a bearer token is wanted.',
    required: true,
    schema: { type: 'string', pattern: '^Bearer ' },
    example: 'Bearer realm="bss-edge"',
  },
  Allow: {
    description: 'The methods that there are.',
    required: true,
    schema: { type: 'string', pattern: '^[A-Z]+(,[A-Z]+)*$' },
    example: 'GET,POST',
  },
  Location: {
    description: 'Where it is, or the list that it is in.',
    required: true,
    schema: { type: 'string', pattern: '^/' },
    example: '/hsm/v2/Inventory/EthernetInterfaces/020000000001',
  },
  'Cache-Control': {
    description: 'That the answer is not to be kept.',
    required: true,
    schema: { type: 'string', enum: ['no-cache'] },
    example: 'no-cache',
  },
  'Content-Security-Policy': {
    description: 'That the page needs nothing but its own style.',
    required: true,
    schema: { type: 'string' },
    example: "default-src 'none'; style-src 'sha256-…'",
  },
} satisfies Record<string, OpenAPIV3_1.HeaderObject>;

export type HeaderName = keyof typeof headers;

/** The headers of an answer, by name; every answer has an `X-Request-Id`. */
export function headersOf(names: readonly HeaderName[]): Record<string, OpenAPIV3_1.ReferenceObject> {
  const all: HeaderName[] = ['X-Request-Id', ...names];
  return Object.fromEntries(all.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}
