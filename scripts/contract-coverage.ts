/**
 * `npm run coverage:contract`: fails when something that the tables of test/contract/coverage/ demand has no test. A
 * test claims the rows that it shows by their ids, in brackets at the end of its title:
 * `it('creates nothing when one exists [writing.post-is-all-or-nothing]', …)`. Each row needs a case that runs on both
 * entries, unless it begins with `(Node)`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { claimsOf, compare, rowsOf } from '../test/contract/coverage/claims.ts';

/** The files below a folder whose names end so, with their text. */
function filesIn(folder: string, ending: string): { file: string; text: string }[] {
  const root = fileURLToPath(new URL(`../${folder}/`, import.meta.url));
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .sort()
    .map((file) => ({ file: `${folder}/${file}`, text: readFileSync(`${root}${file}`, 'utf8') }));
}

const rows = filesIn('test/contract/coverage', '.md').flatMap(({ file, text }) => rowsOf(basename(file, '.md'), text));
const claims = filesIn('test', '.ts').flatMap(({ file, text }) => claimsOf(file, text));
const findings = Object.entries(compare(rows, claims)).filter(([, list]) => list.length > 0);

for (const [heading, list] of findings) {
  console.log(`${heading}: ${list.length}\n${list.map((line) => `  ${line}\n`).join('')}`);
}
const files = new Set(claims.map(({ file }) => file)).size;
const wrong = findings.reduce((sum, [, list]) => sum + list.length, 0);
console.log(`${rows.length} ids, ${claims.length} claims of them in ${files} files, ${wrong} findings`);
// Tables that could not be read demand nothing, and must not pass for that.
if (wrong > 0 || rows.length === 0) process.exitCode = 1;
