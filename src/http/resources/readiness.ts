import type { Readiness } from '../../ports/readiness.ts';
import { readinessOfParts } from '../../service/readiness.ts';
import type { AppDeps } from '../deps.ts';
import { json } from '../json.ts';
import { retryAfter } from '../problem.ts';
import type { Handler } from '../resource.ts';

/** For load balancers: 200 while a node that is known would get its script, be it from memory; else 503. */
export function getReadiness(deps: AppDeps): Handler {
  return async function readiness() {
    const { store, inventory } = await readinessOfParts(deps);
    const ready = store.isReady && inventory.isReady;
    const body = { ready, store: partOf(store), inventory: partOf(inventory) };
    return ready ? json(body) : json(body, 503, { 'Retry-After': String(retryAfter()) });
  };
}

function partOf(part: Readiness): object {
  return part.isReady ? { ready: true, age: part.age } : { ready: false, reason: part.reason };
}
