/**
 * `npm run openapi`: writes the document of the API, src/http/assets/openapi.json, from scripts/openapi/. It is committed
 * so that neither the service nor the Worker's bundle holds what makes it; a test fails when it is out of date.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { makeDocument } from './openapi/document.ts';

const file = fileURLToPath(new URL('../src/http/assets/openapi.json', import.meta.url));
writeFileSync(file, `${JSON.stringify(await makeDocument(), null, 2)}\n`);

const biome = fileURLToPath(new URL('../node_modules/@biomejs/biome/bin/biome', import.meta.url));
execFileSync(process.execPath, [biome, 'format', '--write', file], { stdio: 'inherit' });
