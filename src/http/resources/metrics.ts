import type { AppDeps } from '../deps.ts';
import { problem } from '../problem.ts';
import type { Handler } from '../resource.ts';

/** What is measured, for Prometheus, which sends no token. */
export function getMetrics({ metrics }: AppDeps): Handler {
  return async function measured() {
    if (metrics === undefined) return problem(404, 'nothing is measured here');
    const { text, type } = await metrics.read();
    return new Response(text, { headers: { 'Content-Type': type } });
  };
}
