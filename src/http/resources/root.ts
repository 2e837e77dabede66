import { html } from 'hono/html';
import { VERSION } from '../../version.ts';
import { json } from '../json.ts';
import type { Handler } from '../resource.ts';

const LINKS = {
  bootscript: '/boot/v1/bootscript',
  bootparameters: '/boot/v1/bootparameters',
  hosts: '/boot/v1/hosts',
  'endpoint-history': '/boot/v1/endpoint-history',
  status: '/boot/v1/service/status',
  version: '/boot/v1/service/version',
  health: '/health',
  openapi: '/openapi.json',
  docs: '/docs',
} as const;

/** What this is and where its parts are: JSON, or a page for a browser. */
export const root: Handler = (c) => {
  const wantsPage = c.req.method === 'GET' && (c.req.header('accept') ?? '').includes('text/html');
  return wantsPage ? c.html(page()) : json({ service: 'bss-edge', version: VERSION, links: LINKS });
};

function page() {
  const items = Object.entries(LINKS).map(([name, path]) => html`<li><a href="${path}">${name}</a></li>`);
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>bss-edge</title></head>
<body><h1>bss-edge ${VERSION}</h1><p>A Boot Script Service.</p><ul>${items}</ul></body>
</html>`;
}
