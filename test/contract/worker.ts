import type { ExecutionContext } from 'hono';
import type { EdgeDatabase } from '../../src/compose/edge-database.ts';
import { edgeHyperdrive } from '../../src/compose/edge-hyperdrive.ts';
import { edgeNeon } from '../../src/compose/edge-neon.ts';
import { readSettings } from '../../src/config.ts';
import { ServiceError } from '../../src/core/errors.ts';
import { type Fault, type Kept, keptOver } from './kept.ts';
import { fromSharedJson, toSharedJson } from './shared-json.ts';

/** What a request's body says: which method is to be called, and with what. */
export type Call = {
  readonly part: keyof Kept;
  readonly method: string;
  readonly args: readonly unknown[];
  readonly fault?: Fault | undefined;
};

/** What the answer's says. */
export type Outcome =
  | { readonly value: unknown }
  | { readonly error: { readonly code?: ServiceError['code']; readonly message: string } };

let database: EdgeDatabase | undefined;
let kept: Kept | undefined;

/** A Worker that does nothing but what it is told to with its database; made as the service's, once for all requests. */
export default {
  async fetch(request: Request, env: Readonly<Record<string, unknown>>, context: ExecutionContext): Promise<Response> {
    database ??= openDatabase(env);
    kept ??= keptOver(database.driver);
    const call: Call = fromSharedJson(await request.text());
    const over = call.fault === undefined ? kept : keptOver(database.driver, call.fault);
    const scope = database.openScope();
    const outcome = await scope.run(() => outcomeOf(over, call));
    context.waitUntil(scope.close());
    return new Response(toSharedJson(outcome));
  },
};

function openDatabase(env: Readonly<Record<string, unknown>>): EdgeDatabase {
  const { settings } = readSettings(env);
  return settings.BSS_STORE === 'neon' ? edgeNeon(settings, env) : edgeHyperdrive(settings, env);
}

async function outcomeOf(over: Kept, { part, method, args }: Call): Promise<Outcome> {
  try {
    const target = over[part];
    const called: unknown = Reflect.get(target, method);
    if (typeof called !== 'function') throw new Error(`there is no ${part}.${method}`);
    return { value: await Reflect.apply(called, target, args) };
  } catch (error) {
    return { error: { ...(error instanceof ServiceError && { code: error.code }), message: String(error) } };
  }
}
