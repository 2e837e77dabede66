import { expect, it } from 'vitest';
import { makeDocument } from '../../scripts/openapi/document.ts';
import { depsFromSettings } from '../../src/compose/app-from-settings.ts';
import { readSettings } from '../../src/config.ts';
import { isJsonObject } from '../../src/core/json.ts';
import { createApi } from '../../src/http/app.ts';
import json from '../../src/http/assets/openapi.json' with { type: 'json' };
import { packagedDocument } from '../../src/node/document.ts';
import { nodeRuntime } from '../../src/node/server.ts';
import { BrokenOwnInventory, BrokenStore } from '../support/broken.ts';
import { documentedPath } from '../support/openapi-check.ts';
import { at, bodyValue, misfit, type Pointer, resolve } from '../support/openapi-document.ts';
import { silentLog } from '../support/silent-log.ts';

/** The places of the document whose value holds something under `key`. */
function placesWith(key: string, pointer: Pointer = []): Pointer[] {
  const value = at(pointer);
  const isContainer = isJsonObject(value) || Array.isArray(value);
  const below = isContainer ? Object.keys(value).flatMap((name) => placesWith(key, [...pointer, name])) : [];
  return isJsonObject(value) && Object.hasOwn(value, key) ? [pointer, ...below] : below;
}

const keys = (pointer: Pointer): string[] => Object.keys(at(pointer) ?? {});

const operations: Pointer[] = keys(['paths']).flatMap((path) =>
  keys(['paths', path]).map((method) => ['paths', path, method]),
);

/** All bodies, of requests and answers. */
const bodies: Pointer[] = placesWith('content').flatMap((place) =>
  keys([...place, 'content']).map((type) => [...place, 'content', type]),
);

it('is what `npm run openapi` makes', async () => {
  expect(json).toEqual(await makeDocument());
});

it('has the paths and methods that the service has, and no others', () => {
  const api = createApi(
    depsFromSettings(readSettings({ BSS_JWKS_URL: 'http://keys.example/' }).settings, {
      store: BrokenStore,
      inventory: undefined,
      own: BrokenOwnInventory,
      history: { note: () => {}, list: async () => [] },
      log: silentLog,
      scriptLog: () => {},
      runtime: nodeRuntime,
      document: packagedDocument,
      sharing: true,
    }),
  );
  const served = api.routes
    .filter(({ method }) => method !== 'ALL' && method !== 'OPTIONS')
    .map(({ method, path }) => `${method.toLowerCase()} ${documentedPath(path)}`);
  const documented = operations.map(([, path, method]) => `${method} ${path}`);
  expect(served.length).toBeGreaterThan(60);
  expect([...new Set(served)].sort()).toEqual(documented.sort());
});

it('refers only to what is there, and has nothing that is referred to by nobody', () => {
  const references = placesWith('$ref');
  expect(references.length).toBeGreaterThan(100);
  expect(references.filter((place) => at(resolve(place)) === undefined)).toEqual([]);
  const used = new Set(references.map((place) => resolve(place).join('/')));
  const unused = ['schemas', 'headers', 'responses']
    .flatMap((kind) => keys(['components', kind]).map((name) => `components/${kind}/${name}`))
    .filter((place) => !used.has(place));
  // The answer to a method for which there is no operation.
  expect(unused).toEqual(['components/responses/MethodNotAllowed']);
});

it('says of every operation what it is, under a name of its own and a known tag', () => {
  const ids = operations.map((place) => at([...place, 'operationId']));
  expect(new Set(ids).size).toBe(operations.length);
  const tags = json.tags.map(({ name }) => name);
  for (const place of operations) {
    expect([place, at([...place, 'summary'])]).toEqual([place, expect.stringMatching(/^[A-Z].{5,}[^.]$/)]);
    expect(tags).toContain(at([...place, 'tags', 0]));
  }
});

it('gives every operation an answer of success, and the problems that it may have', () => {
  for (const place of operations) {
    const statuses = keys([...place, 'responses']);
    expect([place, statuses.filter((status) => status.startsWith('2')).length]).toEqual([place, 1]);
    expect(statuses).toEqual(expect.arrayContaining(['400', '408', '431', '500']));
    if (at([...place, 'requestBody']) !== undefined) {
      expect(at([...place, 'requestBody', 'required'])).toBe(true);
      expect(statuses).toContain('413');
    }
    if (at([...place, 'security']) !== undefined) expect(statuses).toEqual(expect.arrayContaining(['401', '403']));
    for (const status of statuses) {
      const answer = resolve([...place, 'responses', status]);
      expect([...answer, keys([...answer, 'headers'])[0]]).toEqual([...answer, 'X-Request-Id']);
      if (status < '400') continue;
      const problem = [...answer, 'content', 'application/problem+json', 'schema'];
      expect([...answer, resolve(problem)]).toEqual([...answer, ['components', 'schemas', 'Problem']]);
    }
  }
});

it('shows every body by an example, and every example fits', () => {
  expect(bodies.length).toBeGreaterThan(40);
  for (const body of bodies) {
    const examples = keys([...body, 'examples']);
    expect([body, examples.length > 0]).toEqual([body, true]);
    for (const example of examples) {
      const value = at([...body, 'examples', example, 'value']);
      const type = String(body.at(-1));
      // What is not JSON is shown as it goes over the wire, but a form.
      const parsed = typeof value === 'string' && !type.includes('json') ? bodyValue(type, value) : value;
      expect([body, example, misfit([...body, 'schema'], parsed)]).toEqual([body, example, undefined]);
    }
  }
});

it('shows every parameter and header by an example that fits', () => {
  const places = placesWith('example');
  expect(places.length).toBeGreaterThan(20);
  expect(places).toHaveLength(placesWith('schema').filter((place) => !place.includes('content')).length);
  for (const place of places) {
    expect([place, misfit([...place, 'schema'], at([...place, 'example']))]).toEqual([place, undefined]);
  }
});

it('allows members that it does not name in requests, and none in answers', () => {
  for (const name of ['BootRecordRequest', 'BootRecordSelector', 'PhoneHomeReport', 'StateChange']) {
    expect(misfit(['components', 'schemas', name], { unheardOf: 1 })).toBeUndefined();
  }
  for (const name of ['BootRecord', 'DumpedRecord', 'Component', 'Access', 'Bootable', 'Problem', 'ServiceInfo']) {
    expect([name, at(['components', 'schemas', name, 'additionalProperties'])]).toEqual([name, false]);
  }
  for (const place of placesWith('anyOf', ['components', 'schemas']).filter(([, , name]) =>
    name?.toString().includes('Status'),
  )) {
    expect([place, at([...place, 'anyOf', 0, 'additionalProperties'])]).toEqual([place, false]);
  }
});
