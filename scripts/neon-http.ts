/**
 * Writes what the Worker uses of Neon's driver to .wrangler/neon-http.js; wrangler runs this before it bundles, and then
 * takes that file for the package (wrangler.toml).
 *
 * The package is one file, bundled and minified for every runtime: beside the function for HTTP it makes a client for
 * WebSockets when it is imported, out of Node's modules written anew. No bundler can know that making it has no effect, so
 * nobody could leave it out. It is 20 KB of the Worker, gzipped.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const source = readFileSync(fileURLToPath(import.meta.resolve('@neondatabase/serverless')), 'utf8');

/** The first group of what matches. The names in the file are another version's tomorrow, its shape hardly. */
function find(what: string, pattern: RegExp): string {
  const found = pattern.exec(source)?.[1];
  if (found === undefined) throw new Error(`@neondatabase/serverless has another shape: there is no ${what}`);
  return found;
}

// Its modules stand one after the other, each after what it needs; the last function of that for HTTP is this.
const http = find('end of what is for HTTP', /^(.*\w+\(\w+,\s*"getAuthToken"\);)/s);

// Modules are functions wrapped by these two, to be run when they are first needed. Wrapping has no effect by itself.
const wrappers = [
  find('wrapper of CommonJS modules', /\b(\w+)=\(\w+,\w+\)=>\(\)=>\{try\{/),
  find('wrapper of ES modules', /\b(\w+)=\(\w+,\w+,\w+\)=>\(\)=>\{if\(/),
];
const marked = http.replaceAll(
  new RegExp(`=(?=(${wrappers.join('|')})\\((\\w+|\\([\\w,]*\\))=>)`, 'g'),
  '=/* @__PURE__ */',
);

const exported = [
  `${find('neon', /\b(\w+) as neon\b/)} as neon`,
  `${find('neonConfig', /\b(\w+) as neonConfig\b/)} as neonConfig`,
  'types',
];
const parsers = find('module of parsers', /\b(\w+)=\w+\((\w+)=>\{\w+\(\);var [^;]*;\s*\2\.getTypeParser=/);

// Others may be bundling meanwhile: they see the whole file, old or new.
const file = fileURLToPath(new URL('../.wrangler/neon-http.js', import.meta.url));
mkdirSync(fileURLToPath(new URL('../.wrangler', import.meta.url)), { recursive: true });
writeFileSync(`${file}.${process.pid}`, `${marked}\nconst types=${parsers}();\nexport{${exported}};\n`);
renameSync(`${file}.${process.pid}`, file);
