import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));

/** What each part of the house may import of the others; its own files it always may. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  core: [],
  ports: ['core'],
  service: ['core', 'ports', 'let-others-go.ts'],
  adapters: ['core', 'ports', 'let-others-go.ts', 'migrations-folder.ts'],
  http: ['core', 'ports', 'service', 'let-others-go.ts', 'version.ts'],
  config: ['core'],
  'config.ts': ['config'],
  compose: ['core', 'ports', 'adapters', 'http', 'config.ts', 'config'],
  node: ['core', 'ports', 'adapters', 'http', 'config.ts', 'compose'],
  'node.ts': ['service', 'adapters', 'compose', 'config.ts', 'node', 'version.ts'],
  worker: ['core', 'adapters', 'compose', 'config.ts', 'http'],
  'worker.ts': ['compose', 'worker'],
  'worker-hyperdrive.ts': ['compose', 'worker'],
  cli: ['adapters', 'compose', 'config.ts', 'node.ts'],
  'let-others-go.ts': ['core'],
  'version.ts': [],
  'migrations-folder.ts': [],
};

/** Packages that only some parts may know; what is not named here may be used anywhere but in core, which may
 * have only a pure library for addresses. */
const ONLY_IN: Record<string, readonly string[]> = {
  '^node:': ['adapters/store', 'adapters/tracing', 'migrations-folder.ts', 'node', 'node.ts', 'cli'],
  '^hono': ['http', 'node', 'worker', 'compose'],
  '^drizzle-orm|^@neondatabase|^@electric-sql|^pg$': ['adapters', 'node'],
  '^prom-client$': ['adapters/metrics'],
  '^@opentelemetry/': ['adapters/tracing'],
  '^(?!ipaddr\\.js$)[^.]': [
    'ports',
    'service',
    'adapters',
    'http',
    'config',
    'config.ts',
    'compose',
    'node',
    'node.ts',
    'worker',
    'cli',
    'migrations-folder.ts',
  ],
};

type Import = { file: string; line: number; target: string };

const imports: Import[] = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
  .flatMap((file) =>
    readFileSync(join(SRC, file), 'utf8')
      .split('\n')
      .flatMap((text, at) => {
        const target = /(?:from|import|import\()\s*'([^']+)'/.exec(text)?.[1];
        return target === undefined ? [] : [{ file, line: at + 1, target }];
      }),
  );

const partOf = (file: string): string => file.split('/')[0] ?? file;

it('sees the imports', () => {
  expect(imports.length).toBeGreaterThan(100);
});

it('lets every import run along the arrows', () => {
  const wrong = imports
    .filter(({ target }) => target.startsWith('.'))
    .map((one) => ({ ...one, to: partOf(relative(SRC, join(SRC, dirname(one.file), one.target))) }))
    .filter(({ file, to }) => to !== partOf(file) && !MAY_IMPORT[partOf(file)]?.includes(to));
  expect(wrong.map(({ file, line, target }) => `${file}:${line} imports ${target}`)).toEqual([]);
});

it('keeps runtimes and libraries where they belong', () => {
  const wrong = imports.filter(({ file, target }) =>
    Object.entries(ONLY_IN).some(
      ([pattern, places]) =>
        new RegExp(pattern).test(target) && !places.some((place) => file === place || file.startsWith(`${place}/`)),
    ),
  );
  expect(wrong.map(({ file, line, target }) => `${file}:${line} imports ${target}`)).toEqual([]);
});

it('has no barrels and no files without a subject', () => {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' });
  expect(files.filter((file) => /(^|\/)(index|utils|helpers|common|types)\.ts$/.test(file))).toEqual([]);
});
