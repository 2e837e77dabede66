import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { type Answer, send } from '../support/http-client.ts';
import type { NodeProcess } from '../support/node-process.ts';

/** A write that was acknowledged: the version that it gave to a node, when, and by which replica. */
export type Written = { readonly version: number; readonly at: number; readonly by: number };

/** What a replica answered of a node, and when it was asked. */
export type Seen = {
  readonly replica: number;
  readonly at: number;
  readonly status: number;
  /** `undefined` where the answer tells of no configuration. */
  readonly version: number | undefined;
  /** Milliseconds that the answer itself says it may be old. */
  readonly age: number;
};

/** The kernel that stands for a version. */
export const kernelOf = (version: number): string => `http://files/v${version}.`;

/** The version that a script boots, or that a record has. */
export function versionIn(text: string): number | undefined {
  const version = /http:\/\/files\/v(\d+)\./.exec(text)?.[1];
  return version === undefined ? undefined : Number(version);
}

/** Where a node's script and its record are asked for. */
export const scriptOf = (mac: string): string => `/boot/v1/bootscript?mac=${mac}`;
export const recordOf = (mac: string): string => `/boot/v1/bootparameters?mac=${mac}`;

/** Asks every replica for a node's script and its record, again and again, until it is stopped; answers all that it saw. */
export function watch(replicas: readonly NodeProcess[], mac: string): { stop(): Promise<Seen[]> } {
  const seen: Seen[] = [];
  let isOver = false;
  async function ask(replica: number, origin: string, path: string): Promise<void> {
    while (!isOver) {
      const at = performance.now();
      const answer = await send(origin, 'GET', path);
      seen.push({ replica, at, ...read(answer) });
      await sleep(5);
    }
  }
  const asking = replicas.flatMap(({ origin }, replica) =>
    [scriptOf(mac), recordOf(mac)].map((path) => ask(replica, origin, path)),
  );
  async function stop(): Promise<Seen[]> {
    isOver = true;
    await Promise.all(asking);
    return seen;
  }
  onTestFinished(async () => void (await stop()));
  return { stop };
}

function read({ status, text, headers }: Answer): Pick<Seen, 'status' | 'version' | 'age'> {
  const told = headers['x-bss-age'];
  // Whole seconds, rounded down.
  const age = told === undefined ? 0 : (Number(told) + 1) * 1000;
  return { status, version: versionIn(text), age };
}

/** Milliseconds that an answer was behind what had been acknowledged when it was asked for; 0 for one that was not. */
export function behind(seen: Seen, writes: readonly Written[]): number {
  const missed = writes.filter(({ version }) => version > (seen.version ?? 0)).map(({ at }) => at);
  return Math.max(0, seen.at - Math.min(seen.at, ...missed) - seen.age);
}

/** The same for what the replica that was asked had acknowledged itself. */
export function behindItself(seen: Seen, writes: readonly Written[]): number {
  return behind(
    seen,
    writes.filter(({ by }) => by === seen.replica),
  );
}
