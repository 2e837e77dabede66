import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import * as v from 'valibot';

/** What a node was answered. An old script is right, and comes from what is known while the database or SMD is away. */
export const KINDS = ['script', 'old script', 'wait script', '503', 'other', 'wrong script'] as const;

/** How a storm goes. */
const plan = v.object({
  url: v.string(),
  nodes: v.number(),
  /** When the first node is switched on, in milliseconds since 1970. */
  begin: v.number(),
  /** Seconds in which all are switched on. */
  ramp: v.number(),
  /** Seconds after the beginning at which the storm ends, whoever has booted. */
  patience: v.number(),
  /** How many times faster than in a machine room waits pass. */
  speed: v.number(),
  /** Seconds after the beginning at which all nodes are given another configuration, in one request each time. */
  writes: v.array(v.number()),
});

/** Times are milliseconds after the beginning. */
const outcome = v.object({
  answers: v.array(v.object({ at: v.number(), kind: v.picklist(KINDS), milliseconds: v.number() })),
  /** When each node had its script; those that have none are missing. */
  served: v.array(v.number()),
  booted: v.number(),
  /** Nodes whose iPXE gave up. */
  lost: v.number(),
  /** What some of the wrong scripts held, and of which node. */
  wrong: v.array(v.string()),
  /** Scripts with a configuration that was older than one that somebody had got before they were asked for. */
  stale: v.number(),
  /** With the status, or why no answer came. */
  writes: v.array(v.object({ sent: v.number(), answered: v.number(), outcome: v.string() })),
  /** How busy the clients' own loop was, 0 to 1, in its busiest second. */
  client: v.number(),
});

export type StormPlan = v.InferOutput<typeof plan>;
export type StormOutcome = v.InferOutput<typeof outcome>;

export function parsePlan(json: string): StormPlan {
  return v.parse(plan, JSON.parse(json));
}

/** Has all nodes of a fleet boot, in a process of their own. */
export async function runClients(wanted: StormPlan): Promise<StormOutcome> {
  const cwd = new URL('..', import.meta.url);
  const args = ['bench/storm-clients.ts', JSON.stringify(wanted)];
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  const killNow = (): boolean => child.kill('SIGKILL');
  process.once('exit', killNow);
  child.once('exit', () => process.off('exit', killNow));
  return v.parse(outcome, JSON.parse(await text(child.stdout)));
}
