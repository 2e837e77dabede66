import { expect, it } from 'vitest';
import type { Answer } from '../support/http-client.ts';
import { checkAnswer } from '../support/openapi-check.ts';

const JSON_TYPE = { 'content-type': 'application/json; charset=UTF-8' };
const PROBLEM_TYPE = { 'content-type': 'application/problem+json' };

function answer(status: number, headers: Record<string, string>, body: unknown): Answer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers: { 'x-request-id': 'abc-1', ...headers }, text, json: () => JSON.parse(text) as unknown };
}

function problem(status: number, more: object = {}): object {
  return { type: 'about:blank', title: 'Words', status, detail: 'why', ...more };
}

const status = { 'bss-status': 'running' };

it('lets pass what the document describes, under every path that it is served at', () => {
  for (const prefix of ['', '/apis/bss', '/bss']) {
    checkAnswer('GET', `${prefix}/boot/v1/service/status/?a=1`, answer(200, JSON_TYPE, status));
  }
  checkAnswer('GET', '/bootscript?mac=', answer(400, PROBLEM_TYPE, problem(400)));
  checkAnswer('HEAD', '/boot/v1/service/status', answer(200, JSON_TYPE, ''));
  checkAnswer('OPTIONS', '/boot/v1/hosts', answer(204, { allow: 'GET,POST' }, ''));
  checkAnswer('GET', '/nothing', answer(404, PROBLEM_TYPE, problem(404)));
  checkAnswer('PUT', '/boot/v1/hosts', answer(405, { allow: 'GET,POST', ...PROBLEM_TYPE }, problem(405)));
  checkAnswer('GET', '/user-data', answer(200, { 'content-type': 'text/yaml' }, '#cloud-config\na: 1\n'));
});

it.each([
  ['a status', 'GET', '/health', answer(503, { ...PROBLEM_TYPE, 'retry-after': '7' }, problem(503)), 'this status'],
  ['a success where there is nothing', 'GET', '/nothing', answer(200, JSON_TYPE, {}), 'this status'],
  ['a method', 'PUT', '/health', answer(200, JSON_TYPE, {}), 'this status'],
  ['a media type', 'GET', '/health', answer(200, { 'content-type': 'text/plain' }, 'ok'), 'the media type'],
  ['no media type', 'GET', '/health', answer(200, {}, 'ok'), 'the media type ""'],
  ['a missing member', 'GET', '/boot/v1/service/status', answer(200, JSON_TYPE, {}), "required property 'bss-status'"],
  ['a member', 'GET', '/boot/v1/service/status', answer(200, JSON_TYPE, { ...status, a: 1 }), 'additional properties'],
  [
    'a member of a problem',
    'GET',
    '/nothing',
    answer(404, PROBLEM_TYPE, problem(404, { a: 1 })),
    'additional properties',
  ],
  ['a body', 'DELETE', '/boot/v1/bootparameters', answer(200, JSON_TYPE, '{}'), 'it has no body'],
  [
    'no request id',
    'GET',
    '/boot/v1/service/status',
    answer(200, { ...JSON_TYPE, 'x-request-id': '' }, status),
    'X-Request-Id',
  ],
  ['no Retry-After', 'GET', '/boot/v1/hosts', answer(503, PROBLEM_TYPE, problem(503)), 'Retry-After is missing'],
  [
    'another Retry-After',
    'GET',
    '/boot/v1/hosts',
    answer(503, { ...PROBLEM_TYPE, 'retry-after': 'soon' }, problem(503)),
    'Retry-After: ',
  ],
  [
    'a header',
    'GET',
    '/boot/v1/hosts',
    answer(200, { ...JSON_TYPE, 'bss-referral-token': 'x' }, []),
    'BSS-Referral-Token is not described',
  ],
  ['another Allow', 'OPTIONS', '/boot/v1/hosts', answer(204, { allow: 'GET' }, ''), 'allows GET,POST'],
  [
    'a script that is none',
    'GET',
    '/bootscript',
    answer(200, { 'content-type': 'text/plain; charset=UTF-8' }, 'echo'),
    'pattern',
  ],
])('refuses %s that the document does not describe', (_, method, target, given, reason) => {
  expect(() => checkAnswer(method, target, given)).toThrow(reason);
});
