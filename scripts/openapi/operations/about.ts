import type { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { VERSION } from '../../../src/version.ts';
import { openApiDocument, plainText, serviceInfo } from '../answers/plain.ts';
import { answer, content, jsonAnswer } from '../operation.ts';
import { problems } from '../problems.ts';

const TAGS = ['About'];

const info = {
  service: 'bss-edge',
  version: VERSION,
  links: { bootscript: '/boot/v1/bootscript', health: '/health', docs: '/docs' },
};
const page = '<!doctype html>\n<html lang="en">…</html>';

/** What the service says of itself. */
export function about(app: Hono): void {
  app.get(
    '/',
    describeRoute({
      tags: TAGS,
      operationId: 'getRoot',
      summary: 'What this is, and where its parts are',
      description: 'A page for those who accept `text/html`, JSON for all others. `/boot/v1` answers the same.',
      responses: {
        200: answer('Name, version and links.', {
          ...content('application/json', serviceInfo, { 'The service': info }),
          ...content('text/html', plainText, { 'A page': page }),
        }),
        ...problems(),
      },
    }),
  );
  for (const method of ['post', 'put', 'patch', 'delete'] as const) {
    app[method](
      '/',
      describeRoute({
        tags: TAGS,
        operationId: `${method}Root`,
        summary: `What this is, to a ${method.toUpperCase()} too`,
        description: 'A body is not looked at, and nothing is changed.',
        responses: {
          200: jsonAnswer('Name, version and links.', serviceInfo, { 'The service': info }),
          ...problems(),
        },
      }),
    );
  }
  app.get(
    '/openapi.json',
    describeRoute({
      tags: TAGS,
      operationId: 'getOpenapi',
      summary: 'This document',
      responses: {
        200: jsonAnswer('The document, OpenAPI 3.1.', openApiDocument, {
          'Its beginning': { openapi: '3.1.0', info: { title: 'bss-edge', version: VERSION }, paths: {} },
        }),
        ...problems(),
      },
    }),
  );
  app.get(
    '/docs',
    describeRoute({
      tags: TAGS,
      operationId: 'getDocs',
      summary: 'This document as a page to read',
      description: 'It needs no script and nothing from elsewhere.',
      responses: {
        200: answer('The page.', content('text/html', plainText, { 'A page': page }), ['Content-Security-Policy']),
        ...problems(),
      },
    }),
  );
}
