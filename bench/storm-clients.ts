/**
 * The nodes of a storm, as a process of its own: `node bench/storm-clients.ts <plan>`, as runClients starts it. They are
 * switched on cabinet after cabinet, and each boots as iPXE does it, on a connection of its own. Writes what happened, as JSON.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from './connection.ts';
import { bootNode } from './ipxe.ts';
import type { Script } from './ipxe-script.ts';
import { makeNodes, scriptPath } from './nodes.ts';
import { judgeScript, laterConfiguration } from './right-script.ts';
import { sleepUntil } from './sleep-until.ts';
import { type KINDS, parsePlan, type StormOutcome } from './storm-process.ts';

/** Nodes of a cabinet, by which the xnames count too. */
const CABINET = 256;
/** Seconds from power to the first request, by DHCP, and for an image: each time somewhere between the two. */
const [DHCP, IMAGE] = [
  [1, 3],
  [1, 4],
] as const;
/** Images of which one cannot be loaded. */
const FAILING = 200;
/** Of the wrong scripts, so many are told. */
const TOLD = 10;

const plan = parsePlan(process.argv[2] ?? '');
const nodes = makeNodes(plan.nodes);
/** The beginning on this process's own clock. */
const zero = plan.begin - performance.timeOrigin;
const outcome: StormOutcome = {
  ...{ answers: [], served: [], booted: 0, lost: 0, wrong: [], stale: 0, writes: [], client: 0 },
};
/** The newest configuration that somebody has got, or that a write was acknowledged for: who asks from now on gets no older one. */
let newest = 0;

function since(moment = performance.now()): number {
  return moment - zero;
}

function between([least, most]: readonly [number, number]): number {
  return least + Math.random() * (most - least);
}

/** Milliseconds after the beginning: a cabinet's nodes come anywhere in its time, and the cabinets one after the other. */
function powerOn(at: number): number {
  const first = at - (at % CABINET);
  const size = Math.min(CABINET, plan.nodes - first);
  return ((first + Math.random() * size) / plan.nodes) * plan.ramp * 1000;
}

async function live(at: number): Promise<void> {
  const node = nodes[at];
  if (node === undefined) return;
  let isServed = false;
  /** What had to be known when the request went out that is waited for. */
  let least = newest;

  function note(answer: Answer | undefined, milliseconds: number): Script | undefined {
    const told = (kind: (typeof KINDS)[number]): void => void outcome.answers.push({ at: since(), kind, milliseconds });
    if (answer === undefined) return void told('other');
    const { status, headers, body } = answer;
    if (status !== 200) return void told(status === 503 && headers.has('retry-after') ? '503' : 'other');
    const verdict = node && judgeScript(body, node, at, plan.writes.length);
    if (verdict === undefined || verdict.kind === 'wrong') {
      if (outcome.wrong.length < TOLD) outcome.wrong.push(`${node?.xname}: ${verdict?.reason}`);
      return void told('wrong script');
    }
    if (verdict.kind === 'boot') {
      if (verdict.version < least) outcome.stale += 1;
      newest = Math.max(newest, verdict.version);
      if (!isServed) outcome.served.push(since());
      isServed = true;
    }
    told(verdict.kind === 'wait' ? 'wait script' : headers.has('x-bss-age') ? 'old script' : 'script');
    return verdict.script;
  }

  await sleepUntil(zero + powerOn(at) + (between(DHCP) * 1000) / plan.speed);
  const hasBooted = await bootNode(scriptPath(node), {
    url: plan.url,
    speed: plan.speed,
    asking: () => {
      least = newest;
    },
    answered: note,
    async fetchImage() {
      await sleep((between(IMAGE) * 1000) / plan.speed);
      return Math.random() * FAILING >= 1;
    },
  });
  if (hasBooted) outcome.booted += 1;
  else outcome.lost += 1;
}

/** Gives all nodes another configuration. */
async function write(version: number, seconds: number): Promise<void> {
  const body = JSON.stringify({ macs: nodes.map(({ mac }) => mac), ...laterConfiguration(version) });
  await sleepUntil(zero + seconds * 1000);
  const sent = since();
  try {
    const answer = await fetch(`${plan.url}/boot/v1/bootparameters`, { method: 'PUT', body });
    if (answer.ok) newest = Math.max(newest, version);
    outcome.writes.push({ sent, answered: since(), outcome: String(answer.status) });
    await answer.arrayBuffer();
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    outcome.writes.push({ sent, answered: since(), outcome: String(cause) });
  }
}

/** Notes how busy this process is, second by second. */
function watchOwnLoop(): void {
  let before = performance.eventLoopUtilization();
  setInterval(() => {
    const now = performance.eventLoopUtilization();
    outcome.client = Math.max(outcome.client, performance.eventLoopUtilization(now, before).utilization);
    before = now;
  }, 1000).unref();
}

// The first request by fetch loads what it is made of, which would hold up the nodes.
await fetch(`${plan.url}/health`).catch(() => {});
await sleepUntil(zero);
watchOwnLoop();
const all = Promise.all([...nodes.keys()].map(live));
const writing = Promise.all(plan.writes.map((seconds, at) => write(at + 1, seconds)));
await Promise.race([Promise.all([all, writing]), sleep(plan.patience * 1000)]);
process.stdout.write(JSON.stringify(outcome), () => process.exit(0));
