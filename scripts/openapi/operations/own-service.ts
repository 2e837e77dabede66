import type { Hono } from 'hono';
import { VALUES } from '../../../src/core/own-inventory/values.ts';
import { ownMessage, values } from '../answers/own-inventory.ts';
import { emptyAnswer, jsonAnswer } from '../operation.ts';
import { ownOperation } from '../own-operation.ts';

/** What SMD says of itself, said of the service's own inventory. */
export function ownService(app: Hono): void {
  ownOperation(app, 'get', '/service/ready', {
    operationId: 'getOwnReady',
    summary: 'Whether the inventory answers',
    isPublic: true,
    answers: { 200: jsonAnswer('It does.', ownMessage, { 'All is well': { code: 0, message: 'HSM is healthy' } }) },
  });
  ownOperation(app, 'get', '/service/liveness', {
    operationId: 'getOwnLiveness',
    summary: 'Whether requests are answered',
    isPublic: true,
    answers: { 204: emptyAnswer('They are.') },
  });
  ownOperation(app, 'get', '/service/values', {
    operationId: 'getOwnValues',
    summary: 'The words that members of components may be',
    isPublic: true,
    answers: { 200: jsonAnswer('The words.', values, { 'Some of them': { Class: VALUES.Class } }) },
  });
  ownOperation(app, 'get', '/service/values/:member', {
    operationId: 'getOwnValuesOf',
    summary: 'The words that one member may be',
    isPublic: true,
    parameters: [
      {
        name: 'member',
        in: 'path',
        required: true,
        description: 'The member, in lower case.',
        schema: { type: 'string', enum: Object.keys(VALUES).map((name) => name.toLowerCase()) },
        example: 'class',
      },
    ],
    answers: { 200: jsonAnswer('The words.', values, { 'Classes of hardware': { Class: VALUES.Class } }) },
  });
}
