import type { Context, Hono } from 'hono';
import { problem } from './problem.ts';

/** In the order in which `Allow` names them. HEAD works where GET does, by Hono. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type Handler = (c: Context) => Response | Promise<Response>;

/** Where the API is served: by itself, behind the gateway, and as manta asks. */
const BASES = ['/boot/v1', '/apis/bss/boot/v1', '/bss/boot/v1'];

/** The paths of a resource of the API. */
export function apiPaths(path: string): string[] {
  return BASES.map((base) => `${base}${path}`);
}

/** Serves a resource: its methods, 204 for OPTIONS and 405 for all others, both with `Allow`. */
export function resource(app: Hono, path: string, handlers: Partial<Record<Method, Handler>>): void {
  const allow = Object.keys(handlers).join(',');
  for (const [method, handler] of Object.entries(handlers)) app.on(method, path, handler);
  app.options(path, () => new Response(null, { status: 204, headers: { Allow: allow } }));
  app.all(path, (c) => problem(405, `${c.req.method} is not allowed here`, { Allow: allow }));
}
