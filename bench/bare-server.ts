/**
 * What the service is compared with: Hono on @hono/node-server, one route, one ready answer.
 * `node bench/bare-server.ts <port> <answer>`; the answer is a JSON file: {"text":…,"headers":{…}}.
 */
import { readFileSync } from 'node:fs';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';

const [port, answer = ''] = process.argv.slice(2);
const { text, headers }: { text: string; headers: Record<string, string> } = JSON.parse(readFileSync(answer, 'utf8'));
const app = new Hono();
app.get('/boot/v1/bootscript', () => new Response(text, { headers }));
serve({
  fetch: app.fetch,
  hostname: '127.0.0.1',
  port: Number(port),

  serverOptions: { keepAliveTimeout: 65_000 },
});
