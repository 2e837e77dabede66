import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { WORKER_ROADS, workerBundle } from '../support/worker-bundle.ts';

/** Bytes. An isolate has to read all of its Worker before its first answer. */
const LIMIT = 150_000;

it.each(WORKER_ROADS)('is small to upload and to start, over %s', async (road) => {
  const { code, inputs } = await workerBundle(road);
  const size = gzipSync(code, { level: 9 }).length;
  expect(size, `of ${code.length} bytes before gzip, most from ${largest(inputs)}`).toBeLessThan(LIMIT);
});

it.each([
  ['neon', 'pg'],
  ['hyperdrive', '@neondatabase/serverless'],
] as const)('holds no driver but its own, and no document: over %s nothing of %s', async (road, other) => {
  const { inputs } = await workerBundle(road);
  const origins = Object.keys(inputs).map(originOf);
  expect(origins).toContain('hono');
  expect(origins).not.toContain(other);
  expect(origins).not.toContain('src/http/assets/openapi.json');
});

/** The packages and files that most of a bundle comes from, with their bytes. */
function largest(inputs: Readonly<Record<string, number>>): string {
  const sums = new Map<string, number>();
  for (const [path, bytes] of Object.entries(inputs)) {
    sums.set(originOf(path), (sums.get(originOf(path)) ?? 0) + bytes);
  }
  const sorted = [...sums].sort(([, a], [, b]) => b - a).slice(0, 15);
  return sorted.map(([origin, bytes]) => `${origin} (${bytes})`).join(', ');
}

/** The package of a file, or the file itself when it is ours. */
function originOf(path: string): string {
  return /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? path;
}
