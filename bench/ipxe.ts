import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, BrokenConnection, type Connection, openConnection } from './connection.ts';
import type { Script, Step } from './ipxe-script.ts';

/** Milliseconds that iPXE waits for an answer that stands still, and for which it keeps a connection that it does not use. */
const [STALL, IDLE] = [120_000, 10_000];
/** Seconds that it waits when `Retry-After` is no number. */
const VAGUE = 5;
const ARCHITECTURE = 'x86_64';
/** `${errno:hexraw}` after a download that failed. */
const DOWNLOAD_FAILED = '1d0c6539';

/** What surrounds a node. */
export type Surroundings = {
  /** The server that scripts come from. */
  readonly url: string;
  /** How many times faster than in a machine room its waits pass. */
  readonly speed: number;
  /** Told before each request for a script. */
  asking(): void;
  /** Told of the answer, or that none came, and how long that took; gives the script that it holds, if it is one. */
  answered(answer: Answer | undefined, milliseconds: number): Script | undefined;
  /** Loads an image in simulated time: whether that went well. */
  fetchImage(uri: string): Promise<boolean>;
};

/**
 * Boots a node as iPXE does it, from the script at a path: it waits and asks again when it is told to by a script or by
 * `Retry-After`, for ever, and gives up where iPXE does. Whether it has booted.
 */
export async function bootNode(path: string, surroundings: Surroundings): Promise<boolean> {
  const { url, speed, asking, answered, fetchImage } = surroundings;
  const settings = new Map([['buildarch', ARCHITECTURE]]);
  let connection: { readonly open: Connection; used: number } | undefined;

  const pause = (seconds: number): Promise<void> => sleep((seconds * 1000) / speed);

  /** On the connection that it has, or on a new one if that is closed, also while it asks. */
  async function ask(target: string): Promise<Answer> {
    const kept = connection;
    if (kept?.open.isFree && performance.now() - kept.used < IDLE) {
      try {
        return await kept.open.get(target);
      } catch (error) {
        if (!(error instanceof BrokenConnection && error.isUnanswered)) throw error;
      }
    }
    kept?.open.close();
    connection = { open: openConnection(url, STALL), used: 0 };
    return await connection.open.get(target);
  }

  /** The script at a target, as soon as the server has one; `undefined` if that download fails. */
  async function download(target: string): Promise<Script | undefined> {
    for (;;) {
      const sent = performance.now();
      asking();
      let answer: Answer | undefined;
      try {
        answer = await ask(target);
      } catch (error) {
        if (!(error instanceof BrokenConnection)) throw error;
      }
      const now = performance.now();
      if (connection !== undefined) connection.used = now;
      const script = answered(answer, now - sent);
      if (answer === undefined || (answer.status >= 200 && answer.status < 300)) return script;
      const after = answer.headers.get('retry-after');
      if (after === undefined) return undefined;
      await pause(/^\d+$/.test(after) ? Number(after) : VAGUE);
    }
  }

  /** Whether the command went well; a script instead of that takes the place of this one. */
  async function run({ command, words }: Step): Promise<boolean | Script> {
    const expanded = words.map((word) => word.replaceAll(/\$\{(\w+)(:\w+)?\}/g, (_, name) => settings.get(name) ?? ''));
    if (command === 'kernel' || command === 'initrd') return await fetchImage(imageOf(expanded));
    if (command === 'sleep') await pause(Number(expanded[0]));
    if (command === 'set') settings.set(expanded[0]?.split(':')[0] ?? '', expanded[1] ?? '');
    if (command === 'inc') settings.set(expanded[0] ?? '', String(Number(settings.get(expanded[0] ?? '') ?? 0) + 1));
    if (command !== 'chain') return true;
    const target = new URL(expanded.at(-1) ?? '');
    return (await download(target.pathname + target.search)) ?? false;
  }

  try {
    let script = await download(path);
    for (let at = 0; script !== undefined; ) {
      const step: Step | undefined = script.steps[at];
      if (step === undefined) return false;
      if (step.command === 'boot') return true;
      const result = await run(step);
      if (typeof result === 'object') [script, at] = [result, 0];
      else if (result) at += 1;
      else {
        settings.set('errno', DOWNLOAD_FAILED);
        at = (step.onFailure === undefined ? undefined : script.labels.get(step.onFailure)) ?? script.steps.length;
      }
    }
    return false;
  } finally {
    connection?.open.close();
  }
}

function imageOf(words: readonly string[]): string {
  return words.find((word, at) => at % 2 === 0 && !word.startsWith('--')) ?? '';
}
