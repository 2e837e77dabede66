import * as v from 'valibot';
import { startReporter } from './reporter.ts';

const milliseconds = v.nullable(v.number());

const counts = v.object({
  /** Scripts that wait and ask again. */
  wait: v.number(),
  /** 503 with `Retry-After`. */
  unavailable: v.number(),
  /** Whatever nobody of them is to get. */
  other: v.number(),
  /** Connections that broke. */
  broken: v.number(),
  /** Who waited at the end. */
  unanswered: v.number(),
  /** Of the answers; `null` without any. */
  p99: milliseconds,
  longest: milliseconds,
});

/** What strangers were answered. */
export type StrangerCounts = v.InferOutput<typeof counts>;

/** Nodes that nobody knows, asking until they are stopped. */
export type Strangers = { stop(): Promise<StrangerCounts> };

/** So many of them, up to 65,536, ask the service at `url`, each every so many seconds. */
export function startStrangers(url: string, nodes: number, seconds: number): Strangers {
  const reporter = startReporter(['bench/strangers.ts', url, String(nodes), String(seconds)]);
  return { stop: async () => v.parse(counts, await reporter.stop()) };
}
