import type { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import type * as v from 'valibot';
import { VERSION } from '../../../src/version.ts';
import { plainText } from '../answers/plain.ts';
import * as answers from '../answers/status.ts';
import { answer, content, jsonAnswer } from '../operation.ts';
import { problemContent, problems } from '../problems.ts';

const TAGS = ['Status'];
const FAULT = 'the request failed; the log says more';

const storage = (status: string): object => ({ 'bss-storage-backend': { name: 'postgres', status } });

/** Whether the service and its parts are well. None of these wants a token. */
export function status(app: Hono): void {
  app.get(
    '/boot/v1/service/status',
    describeRoute({
      tags: TAGS,
      operationId: 'getStatus',
      summary: 'That the service runs',
      description: 'Needs neither the database nor the inventory.',
      responses: {
        200: jsonAnswer('It runs.', answers.status, { 'It runs': { 'bss-status': 'running' } }),
        ...problems(),
      },
    }),
  );
  app.get(
    '/boot/v1/service/version',
    describeRoute({
      tags: TAGS,
      operationId: 'getVersion',
      summary: 'Which version of the service runs',
      responses: {
        200: jsonAnswer('The version.', answers.versionStatus, { 'The version': { 'bss-version': VERSION } }),
        ...problems(),
      },
    }),
  );
  app.get(
    '/health',
    describeRoute({
      tags: TAGS,
      operationId: 'getHealth',
      summary: 'That the service runs, as users of boot-service ask',
      responses: {
        200: jsonAnswer('It runs.', answers.health, {
          'It runs': { status: 'ok', service: 'bss-edge', version: VERSION },
        }),
        ...problems(),
      },
    }),
  );
  app.get(
    '/ready',
    describeRoute({
      tags: TAGS,
      operationId: 'getReadiness',
      summary: 'Whether a node that is known would get its script now',
      description:
        'For load balancers. What is in memory counts (Node), also while the database or SMD is away. The inventory is that of the store where there is no other.',
      responses: {
        ...problems(),
        200: jsonAnswer('It would.', answers.readiness.ok, {
          'It would': { ready: true, store: { ready: true, age: 0 }, inventory: { ready: true, age: 4 } },
        }),
        503: answer(
          'It would not, for this reason; or, as a problem, the service is not set up yet.',
          {
            ...content('application/json', answers.readiness.failed, {
              'Nothing is known yet': {
                ready: false,
                store: { ready: true, age: 0 },
                inventory: { ready: false, reason: 'the inventory (SMD) cannot be asked' },
              },
            }),
            ...problemContent('the service is not set up yet: its log says why', 503),
          },
          ['Retry-After'],
        ),
      },
    }),
  );
  app.get(
    '/metrics',
    describeRoute({
      tags: TAGS,
      operationId: 'getMetrics',
      summary: 'What is measured of the service, for Prometheus',
      description: 'In its text format. Workers measure nothing.',
      responses: {
        ...problems(404),
        200: answer(
          'All metrics.',
          content('text/plain', plainText, {
            'A part of it':
              '# HELP bss_ready Whether a part can serve: 1 or 0.\n# TYPE bss_ready gauge\nbss_ready{part="store"} 1\n',
          }),
        ),
      },
    }),
  );
  part(app, '/boot/v1/service/hsm', {
    operationId: 'getInventoryStatus',
    summary: 'Whether the inventory answers',
    description: 'Connected, too, when the service is its own inventory.',
    schemas: answers.inventoryStatus,
    ok: { 'bss-status-hsm': 'connected' },
    failed: { 'bss-status-hsm': 'error' },
  });
  part(app, '/boot/v1/service/storage/status', {
    operationId: 'getStorageStatus',
    summary: 'Whether the database answers',
    schemas: answers.storageStatus,
    ok: storage('connected'),
    failed: storage('error'),
  });
  part(app, '/boot/v1/service/etcd', {
    operationId: 'getEtcdStatus',
    summary: 'Whether the database answers, under the name that older clients ask for',
    schemas: answers.etcdStatus,
    ok: { 'bss-status-etcd': 'connected' },
    failed: { 'bss-status-etcd': 'error' },
  });
  part(app, '/boot/v1/service/status/all', {
    operationId: 'getAllStatus',
    summary: 'Whether the service and all its parts are well',
    schemas: answers.allStatus,
    ok: { 'bss-status': 'running', 'bss-status-hsm': 'connected', ...storage('connected') },
    failed: { 'bss-status': 'running', 'bss-status-hsm': 'connected', ...storage('error') },
  });
}

type Part = {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly schemas: { readonly ok: v.GenericSchema; readonly failed: v.GenericSchema };
  readonly ok: object;
  readonly failed: object;
};

/** The status of a part: 200 or 500, each with a body of its own. */
function part(app: Hono, path: string, { schemas, ok, failed, ...words }: Part): void {
  app.get(
    path,
    describeRoute({
      tags: TAGS,
      ...words,
      responses: {
        ...problems(),
        200: jsonAnswer('All is well.', schemas.ok, { 'All is well': ok }),
        500: answer('A part does not answer; or, as a problem, a fault of the program.', {
          ...content('application/json', schemas.failed, { 'A part does not answer': failed }),
          ...problemContent(FAULT),
        }),
      },
    }),
  );
}
