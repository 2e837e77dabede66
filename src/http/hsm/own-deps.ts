import type { Context } from 'hono';
import type { OwnInventory } from '../../ports/own-inventory.ts';
import type { AppDeps } from '../deps.ts';

/** What the resources of the service's own inventory work with. */
export type OwnDeps = Pick<AppDeps, 'runtime' | 'log'> & { readonly own: OwnInventory };

/** Writes are always logged: by whom they are named, and never by what they say. */
export function logOwnWrite(c: Context, { log }: OwnDeps, names: readonly string[]): void {
  const fields = { method: c.req.method, path: c.req.path, names: names.slice(0, 5).join(' '), count: names.length };
  log.info({ ...fields, requestId: c.get('requestId') }, 'inventory written');
}
