import { expect, it } from 'vitest';
import { edgeDocument } from '../../src/compose/edge-document.ts';
import json from '../../src/http/assets/openapi.json' with { type: 'json' };
import { workerConfig } from '../support/worker-bundle.ts';

it('is asked for once, and again after it could not be had', async () => {
  const answers = [new Response('not found', { status: 404 }), Response.json(json)];
  const asked: string[] = [];
  const document = edgeDocument({
    async fetch(url: string) {
      asked.push(new URL(url).pathname);
      return answers.shift();
    },
  });
  await expect(document()).rejects.toMatchObject({ code: 'unavailable' });
  expect(await document()).toEqual(json);
  expect(await document()).toEqual(json);
  expect(asked).toEqual(['/openapi.json', '/openapi.json']);
});

it('is not to be had without assets', async () => {
  await expect(edgeDocument(undefined)()).rejects.toMatchObject({ code: 'unavailable' });
});

it.each(['neon', 'hyperdrive'] as const)('is no answer of its own: the Worker over %s is asked first', (road) => {
  expect(workerConfig(road).assets).toMatchObject({ binding: 'ASSETS', run_worker_first: true });
});
