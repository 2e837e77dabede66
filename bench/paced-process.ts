import * as v from 'valibot';
import { startReporter } from './reporter.ts';

const counts = v.object({
  /** Each node's own script, with one of the configurations that it may have. */
  right: v.number(),
  wrong: v.number(),
  /** Connections that broke or stood still. */
  broken: v.number(),
  /** Who waited at the end. */
  unanswered: v.number(),
  /** What some got instead of their script. */
  examples: v.array(v.string()),
  /** Right scripts a second. */
  rate: v.number(),
  /** Milliseconds, from the moment at which a request was due. */
  p50: v.number(),
  p99: v.number(),
  longest: v.number(),
  /** How busy the client's own loop was, 0 to 1. */
  client: v.number(),
});

/** What nodes were answered that ask at an even pace. */
export type PacedCounts = v.InferOutput<typeof counts>;

/** Has the nodes of a fleet ask for so many scripts a second, until they are stopped. */
export function startPaced(
  url: string,
  nodes: number,
  rate: number,
  versions: number,
): { stop(): Promise<PacedCounts> } {
  const reporter = startReporter(['bench/paced.ts', url, String(nodes), String(rate), String(versions)]);
  return { stop: async () => v.parse(counts, await reporter.stop()) };
}
