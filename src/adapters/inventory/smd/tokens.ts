import { decodeJwt } from 'jose';
import type { Log } from '../../../ports/log.ts';
import { seldomWarning } from '../../log/seldom-warning.ts';
import type { IssuedToken, TokenSource } from './token-sources.ts';

/** The bearer token for SMD. Nothing here ever throws: while there is no token, the public lists must do. */
export type SmdTokens = {
  /** The token to send; `undefined` when there is none, or none that SMD takes. */
  current(): Promise<string | undefined>;
  /** Another one in place of one that SMD refused; `undefined` when there is no other. */
  renewed(refused: string): Promise<string | undefined>;
  /** Says that SMD refuses new ones too: none is sent for a while. */
  rest(): void;
};

/** No tokens: SMD's lists as anybody gets them. */
export const noTokens: SmdTokens = { current: async () => undefined, renewed: async () => undefined, rest: () => {} };

/** Milliseconds. A source that failed, or whose token is still good, is asked again no sooner. */
const PAUSE = 5000;
/** Milliseconds in which no token is sent to an SMD that takes none. */
const REST = 60_000;

/** Times are of the performance clock: from `renewAt` on another token is asked for, from `endsAt` on this is no good. */
type Held = { readonly token: string; renewAt: number; readonly endsAt: number };

/**
 * Tokens from a source, each used until it is about to end. With `sharing`, those who need one while it is asked for
 * wait for it together; without, each asks for itself.
 */
export function smdTokens(source: TokenSource, sharing: boolean, log: Log): SmdTokens {
  let held: Held | undefined;
  let running: Promise<void> | undefined;
  let pausesUntil = 0;
  let restsUntil = 0;
  const warn = seldomWarning(log, 'no token for SMD is to be had: its public lists must do');

  async function ask(): Promise<void> {
    try {
      const issued = await source();
      // Anything else is no header, and would fail each request that it goes into.
      if (!/^[\x21-\x7e]+$/.test(issued.token)) throw new Error('what was given is no bearer token');
      held = hold(issued);
    } catch (error) {
      pausesUntil = performance.now() + PAUSE;
      warn({ reason: String(error) });
    }
  }

  /** Asks for a token, unless that failed a moment ago. */
  async function fetchToken(): Promise<void> {
    if (performance.now() < pausesUntil) return;
    if (!sharing) return ask();
    running ??= ask().finally(() => {
      running = undefined;
    });
    return running;
  }

  async function current(): Promise<string | undefined> {
    const now = performance.now();
    if (now < restsUntil) return undefined;
    if (held !== undefined && now < held.renewAt) return held.token;
    // Who comes while the next is asked for goes on with this one, as long as it is good.
    if (held !== undefined) held.renewAt = Math.min(now + PAUSE, held.endsAt);
    await fetchToken();
    return held !== undefined && performance.now() < held.endsAt ? held.token : undefined;
  }

  function rest(): void {
    const now = performance.now();
    if (now >= restsUntil) log.warn({}, 'SMD refuses our token: its public lists must do');
    restsUntil = now + REST;
  }

  return {
    current,
    rest,
    async renewed(refused) {
      if (held?.token === refused) {
        held = undefined;
        await fetchToken();
      }
      const token = await current();
      if (token !== refused) return token;
      // There is only this one. SMD may take it again, but hardly the next moment.
      rest();
      return undefined;
    },
  };
}

function hold({ token, expiresIn }: IssuedToken): Held {
  const now = performance.now();
  const life = (expiresIn ?? remainingLife(token)) * 1000;
  // By our clock it ended before it came: then the clocks differ, and only SMD can tell when it is no good.
  if (!(life > 0 && Number.isFinite(life))) {
    return { token, renewAt: Number.POSITIVE_INFINITY, endsAt: Number.POSITIVE_INFINITY };
  }
  const early = Math.min(life * 0.8, Math.max(life - 30_000, life / 2));
  return { token, renewAt: now + Math.max(early, Math.min(PAUSE, life)), endsAt: now + life };
}

/** Seconds until a JWT's `exp`; 0 when it has none, or is no JWT. */
function remainingLife(token: string): number {
  try {
    const { exp } = decodeJwt(token);
    return exp === undefined ? 0 : exp - Date.now() / 1000;
  } catch {
    return 0;
  }
}
