import type { AddressKey, Component, NodeKey } from '../../core/component.ts';
import { ServiceError } from '../../core/errors.ts';
import { nameOf } from './names.ts';

/** What an inventory said of a node, and as of when, in milliseconds of Unix time. */
export type Heard = { readonly component: Component; readonly at: number };

/** Look-ups of the last moments, for those who ask for the same name: nobody has to wait for another one's promise. */
export type Attempts = {
  /** What one that was begun after `after` has just found. */
  recent(key: NodeKey | AddressKey, after: number): Heard | undefined;
  /**
   * Waits for one that was begun after `after` and is under way, or else makes one. Throws what it throws, and
   * `unavailable` when it never ends: that of a Worker's request that was given up goes with it.
   */
  share(key: NodeKey | AddressKey, after: number, ask: () => Promise<Heard | undefined>): Promise<Heard | undefined>;
  /** Has nobody wait for those that have begun, nor take what they found. */
  forget(): void;
};

type Attempt = {
  readonly at: number;
  state: 'under way' | 'over' | 'failed';
  heard?: Heard | undefined;
  error?: unknown;
};

/** Milliseconds between two looks at what became of another one's look-up. */
const GLANCE = 10;

/** What was found is taken for so many milliseconds; a look-up that takes longer than `patienceMs` never ends. */
export function createAttempts(freshMs: number, patienceMs: number): Attempts {
  const attempts = new Map<string, Attempt>();

  function after(key: NodeKey | AddressKey, at: number): Attempt | undefined {
    const attempt = attempts.get(nameOf(key));
    return attempt !== undefined && attempt.at > at ? attempt : undefined;
  }

  async function outcome(name: string, attempt: Attempt): Promise<Heard | undefined> {
    while (attempt.state === 'under way') {
      if (Date.now() - attempt.at > patienceMs) {
        drop(name, attempt);
        throw new ServiceError('unavailable', 'another look-up of the same node has not ended');
      }
      await new Promise((resolve) => setTimeout(resolve, GLANCE));
    }
    if (attempt.state === 'failed') throw attempt.error;
    return attempt.heard;
  }

  function drop(name: string, attempt: Attempt): void {
    if (attempts.get(name) === attempt) attempts.delete(name);
  }

  async function make(name: string, ask: () => Promise<Heard | undefined>): Promise<Heard | undefined> {
    const attempt: Attempt = { at: Date.now(), state: 'under way' };
    for (const [old, { at }] of attempts) {
      if (attempt.at - at < Math.max(freshMs, patienceMs)) break;
      attempts.delete(old);
    }
    // Taken out first, so that it goes to the end of the line.
    attempts.delete(name);
    attempts.set(name, attempt);
    try {
      attempt.heard = await ask();
      attempt.state = 'over';
      // A node that was just added must be found the next time.
      if (attempt.heard === undefined) drop(name, attempt);
      return attempt.heard;
    } catch (error) {
      attempt.error = error;
      attempt.state = 'failed';
      drop(name, attempt);
      throw error;
    }
  }

  return {
    recent(key, at) {
      const heard = after(key, at)?.heard;
      return heard !== undefined && heard.at > at && Date.now() - heard.at < freshMs ? heard : undefined;
    },
    async share(key, at, ask) {
      const name = nameOf(key);
      const attempt = after(key, at);
      return attempt?.state === 'under way' ? outcome(name, attempt) : make(name, ask);
    },
    forget: () => attempts.clear(),
  };
}
