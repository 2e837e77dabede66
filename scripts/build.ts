/**
 * `npm run build`: the Node program as JavaScript in few files, in `dist`. With all that is imported in one file, and what is
 * never used left out, it takes half the memory and half the time to start.
 */
import { rm } from 'node:fs/promises';
import { build } from 'esbuild';

const outdir = 'dist';

await rm(outdir, { recursive: true, force: true });
await build({
  entryPoints: { main: 'src/cli/main.ts', thread: 'src/node/reading/thread.ts' },
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.18',
  sourcemap: true,
  // They bring files of their own, or may be missing.
  external: ['@electric-sql/pglite', 'fs-native-extensions', 'pg-native'],
  // Some packages are CommonJS, and ask for Node's own modules as it does.
  banner: {
    js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);",
  },
});
