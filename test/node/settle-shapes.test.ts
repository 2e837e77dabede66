import { expect, it } from 'vitest';
import { printedBy } from './program.ts';

const MODULE = new URL('../../src/node/settle-shapes.ts', import.meta.url).href;

/** Says of each request, its response and its socket whether V8 has made hash tables of them; the first are collected as they come. */
const PROGRAM = `
import { createServer, get } from 'node:http';
import { settleShapes } from '${MODULE}';
const isFast = new Function('object', 'return %HasFastProperties(object)');
const seen = [];
const isSettled = ({ socket }) => isFast(socket) && isFast(socket._readableState) && isFast(socket._writableState);
const server = createServer((request, response) => {
  response.writeHead(200, { 'X-Host': request.headers.host });
  response.end('seen');
  response.on('finish', () => seen.push(isFast(request) && isFast(response) && isSettled(request)));
});
settleShapes(server);
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address();
for (let at = 0; at < 20; at++) {
  await new Promise((resolve) => get({ agent: false, host: '127.0.0.1', port }, (answer) => answer.resume().on('end', resolve)));
  await new Promise((resolve) => setTimeout(resolve, 1));
  globalThis.gc();
}
console.log(JSON.stringify(seen));
process.exit(0);
`;

it('keeps requests, responses and sockets from being hash tables, whenever V8 collects the first of them', async () => {
  expect(await printedBy(PROGRAM, '--expose-gc', '--allow-natives-syntax')).toEqual(Array(20).fill(true));
});
