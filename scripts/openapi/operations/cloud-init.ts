import type { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { phoneHomeSchema } from '../../../src/http/phone-home-request.ts';
import { metaData, userData } from '../answers/plain.ts';
import { bootRecord } from '../answers/record.ts';
import * as examples from '../examples.ts';
import { named } from '../json-form.ts';
import { answer, content, jsonAnswer } from '../operation.ts';
import { textParameter } from '../parameters.ts';
import { problems } from '../problems.ts';

const report = named(
  'PhoneHomeReport',
  phoneHomeSchema,
  'What a node reports. At least one of the members is needed; others are ignored.',
);

/** What a node's cloud-init asks for and reports. It is known by the address that it asks from. */
export function cloudInit(app: Hono): void {
  app.get(
    '/meta-data',
    describeRoute({
      tags: ['cloud-init'],
      operationId: 'getMetaData',
      summary: 'The meta-data of the node that asks',
      description: `Merged from what is stored for its role, its groups and itself, the most specific last. At an address
that nobody has in the inventory: what is stored for the tag \`Default\`.`,
      parameters: [textParameter('key', 'Where in the meta-data to look: names joined by dots.', 'Global.site')],
      responses: {
        200: jsonAnswer(
          'The meta-data, or with `key` what stands there.',
          metaData,
          { 'The whole': examples.metaData, 'Asked with key=Global.site': 'north' },
          ['X-BSS-Age'],
        ),
        ...problems(404, 503),
      },
    }),
  );
  app.get(
    '/user-data',
    describeRoute({
      tags: ['cloud-init'],
      operationId: 'getUserData',
      summary: 'The user-data of the node that asks',
      description: 'Merged as its meta-data is.',
      responses: {
        200: answer(
          'The user-data, as YAML that cloud-init reads.',
          content('text/yaml', userData, { 'A package to install': examples.userData }),
          ['X-BSS-Age'],
        ),
        ...problems(503),
      },
    }),
  );
  app.post(
    '/phone-home',
    describeRoute({
      tags: ['cloud-init'],
      operationId: 'postPhoneHome',
      summary: 'Report that the node that asks is up',
      description: 'Kept with the node, in place of what it reported before. cloud-init sends a form.',
      requestBody: {
        description: 'The report. A form may also be sent as `multipart/form-data`.',
        required: true,
        content: {
          ...content('application/x-www-form-urlencoded', report, { 'A report': examples.report }),
          ...content('application/json', report, { 'A report': examples.report }),
        },
      },
      responses: {
        200: jsonAnswer('The record of the node.', bootRecord, { 'A node': examples.reported }, ['X-BSS-Age']),
        ...problems(404, 413, 503),
      },
    }),
  );
}
