import type { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import * as v from 'valibot';
import { stateChangeSchema } from '../../../src/http/resources/state-changes.ts';
import { component } from '../answers/component.ts';
import { access } from '../answers/plain.ts';
import * as examples from '../examples.ts';
import { named } from '../json-form.ts';
import { emptyAnswer, jsonAnswer, jsonBody } from '../operation.ts';
import { nodeFilters, textParameter } from '../parameters.ts';
import { problems } from '../problems.ts';

const PATH = '/boot/v1/hosts';

const stateChange = named(
  'StateChange',
  stateChangeSchema,
  "What SMD's notifier sends. `State`, `Role`, `Enabled` and the like may be there and are not looked at.",
);

/** Which nodes there are, and what they have asked for. */
export function inventory(app: Hono): void {
  app.get(
    PATH,
    describeRoute({
      tags: ['Inventory'],
      operationId: 'getHosts',
      summary: 'The nodes of the inventory, all or some',
      description: 'With filters: what any of them finds. `name` may also be a host name that the inventory knows.',
      parameters: nodeFilters,
      responses: {
        200: jsonAnswer('The nodes.', v.array(component), { 'A compute node': [examples.compute] }, ['X-BSS-Age']),
        ...problems(404, 503),
      },
    }),
  );
  app.post(
    PATH,
    describeRoute({
      tags: ['Inventory'],
      operationId: 'postHosts',
      summary: 'Look at the inventory again',
      description: 'Its source is read anew before the answer comes: from then on what it says now counts.',
      responses: {
        204: emptyAnswer('It has been looked at again.', ['Cache-Control']),
        ...problems(503),
      },
    }),
  );
  app.post(
    '/boot/v1/scn',
    describeRoute({
      tags: ['Inventory'],
      operationId: 'postStateChange',
      summary: 'Tell that nodes have changed',
      description: 'The inventory is looked at again as a whole, whatever has changed.',
      requestBody: jsonBody('The notification.', stateChange, {
        'A node has come up': { Components: [examples.XNAME], State: 'On' },
      }),
      responses: {
        200: emptyAnswer('It has been looked at again.'),
        ...problems(413, 503),
      },
    }),
  );
  app.get(
    '/boot/v1/endpoint-history',
    describeRoute({
      tags: ['Inventory'],
      operationId: 'getEndpointHistory',
      summary: 'When nodes last asked for their script or user-data',
      parameters: [
        textParameter('name', 'Only this node. Compared exactly.', examples.XNAME),
        textParameter('endpoint', '`bootscript` or `user-data`; anything else finds nothing.', 'bootscript'),
      ],
      responses: {
        200: jsonAnswer('One entry for each node and endpoint.', v.array(access), {
          'A node that has booted': [
            { name: examples.XNAME, endpoint: 'bootscript', last_epoch: 1790000000 },
            { name: examples.XNAME, endpoint: 'user-data', last_epoch: 1790000042 },
          ],
        }),
        ...problems(503),
      },
    }),
  );
}
