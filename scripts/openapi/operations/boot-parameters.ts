import type { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import * as v from 'valibot';
import { recordSchema, selectorSchema } from '../../../src/http/record-schema.ts';
import { dump } from '../answers/plain.ts';
import { bootRecord } from '../answers/record.ts';
import * as examples from '../examples.ts';
import { named } from '../json-form.ts';
import { emptyAnswer, jsonAnswer, jsonBody, type Operation } from '../operation.ts';
import { nodeFilters } from '../parameters.ts';
import { problems } from '../problems.ts';

const PATH = '/boot/v1/bootparameters';

const recordRequest = named(
  'BootRecordRequest',
  recordSchema,
  'Whom it is about, and what they boot. Members that are not known are ignored; empty texts count as absent.',
);
const selector = named(
  'BootRecordSelector',
  selectorSchema,
  'Whose records are meant. With identifiers, these alone decide; without, what is booted does.',
);

/** Some deployments ask for a token, others do not. */
const about: Pick<Operation, 'tags' | 'security'> = { tags: ['Boot parameters'], security: [{}, { bearer: [] }] };

/** What nodes boot. */
export function bootParameters(app: Hono): void {
  app.get(
    PATH,
    describeRoute({
      ...about,
      operationId: 'getBootparameters',
      summary: 'The records of all nodes, or of some',
      description: `Nodes with the same configuration are shown in one record. A filtered answer holds only the
identifiers that were asked for. In the dialect \`csm\` each node has a record of its own.

The same may be asked by a body in JSON, with \`hosts\`, \`macs\` and \`nids\` as lists, and \`kernel\` or \`initrd\` for the
parameters of an image; many tools cannot send a body with GET, so none is described here.`,
      parameters: nodeFilters,
      responses: {
        200: jsonAnswer(
          'The records, in a stable order. Without a filter and without records, an empty list.',
          v.array(bootRecord),
          {
            'Two nodes that boot the same': [examples.records.nodes],
            'Nothing is stored': [],
          },
          ['X-BSS-Age'],
        ),
        ...problems(401, 403, 404, 413, 503),
      },
    }),
  );
  app.post(
    PATH,
    describeRoute({
      ...about,
      operationId: 'postBootparameters',
      summary: 'Create records',
      description: `Refused as a whole when any of the nodes or tags has a record already, under whatever identifier.
Of several identifiers of one node the xname is kept, else the MAC address, else the numeric id.

Without identifiers, \`kernel\` and \`params\` (or \`initrd\` and \`params\`) are parameters that go with that image, for
every node that boots it.`,
      requestBody: jsonBody('The record.', recordRequest, {
        'Two nodes': examples.requests.nodes,
        'All nodes of a role': examples.requests.role,
        'Cloud-init for all nodes': examples.requests.cloudInit,
        'Parameters that go with a kernel': examples.requests.image,
      }),
      responses: {
        201: jsonAnswer('The record as it is stored.', bootRecord, { 'Two nodes': examples.records.nodes }, [
          'BSS-Referral-Token',
          'X-BSS-Age',
        ]),
        ...problems(401, 403, 413, 503),
      },
    }),
  );
  app.put(
    PATH,
    describeRoute({
      ...about,
      operationId: 'putBootparameters',
      summary: 'Set the whole configuration of nodes',
      description: `Nodes that have no record get one. What the body leaves out is cleared, except for \`phone-home\` and
\`priority\`. What GET answers is taken as it is.`,
      requestBody: jsonBody('The record.', recordRequest, {
        'Two nodes': examples.requests.nodes,
        'All nodes of a role': examples.requests.role,
      }),
      responses: {
        200: jsonAnswer('The record as it is stored.', bootRecord, { 'A role': examples.records.role }, [
          'BSS-Referral-Token',
          'X-BSS-Age',
        ]),
        ...problems(401, 403, 413, 503),
      },
    }),
  );
  app.patch(
    PATH,
    describeRoute({
      ...about,
      operationId: 'patchBootparameters',
      summary: 'Change parts of records',
      description: `Only what the body names is changed; \`null\` clears. Meta-data and user-data are merged as a JSON merge-patch
(RFC 7396) says. When any of the nodes has no record, nothing is changed.`,
      requestBody: jsonBody('Whose records, and what of them changes.', recordRequest, {
        'Other parameters for a node': examples.requests.change,
        'More user-data for a role': examples.requests.mergeUserData,
      }),
      responses: {
        200: jsonAnswer('The record as it is stored.', bootRecord, { 'A node': examples.records.changed }, [
          'X-BSS-Age',
        ]),
        ...problems(401, 403, 404, 413, 503),
      },
    }),
  );
  app.delete(
    PATH,
    describeRoute({
      ...about,
      operationId: 'deleteBootparameters',
      summary: 'Remove records',
      description: `By identifiers, the records of those nodes; refused as a whole when any of them has none. By \`kernel\`,
\`initrd\` or \`params\` alone, every record that boots all that is named.`,
      requestBody: jsonBody('Whose records.', selector, {
        'A node': { hosts: [examples.XNAME] },
        'All that boot a kernel': { kernel: examples.requests.nodes.kernel },
      }),
      responses: {
        200: emptyAnswer('They are removed.'),
        ...problems(401, 403, 413, 503),
      },
    }),
  );
  app.get(
    '/boot/v1/dumpstate',
    describeRoute({
      tags: ['Boot parameters'],
      operationId: 'getDumpstate',
      summary: 'All nodes of the inventory, and all records',
      description: "The records come without cloud-init's data.",
      responses: {
        200: jsonAnswer('All that is known.', dump, {
          'One node': { Components: [examples.compute], Params: [examples.records.nodes] },
        }),
        ...problems(503),
      },
    }),
  );
}
