import * as v from 'valibot';
import { ServiceError } from '../../core/errors.ts';
import type { Log } from '../../ports/log.ts';
import type { JoinTokens } from '../../ports/outside.ts';
import { seldomWarning } from '../log/seldom-warning.ts';
import { boundedText } from './bounded-text.ts';

export type SpireOptions = {
  /** `<SPIRE_TOKEN_URL>`, without `/api/token`. */
  readonly url: string;
  /** How long a request may take. */
  readonly timeoutMs: number;
  readonly fetch: typeof fetch;
  readonly log: Log;
};

/** Bytes. */
const MAX_ANSWER = 8192;

/** A token has to be one harmless word of a script. */
const tokenAnswer = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ join_token: v.pipe(v.string(), v.regex(/^[A-Za-z0-9._~+/=-]{1,1024}$/)) }),
);

/** Tokens of the SPIRE token service: one request each, none is kept. */
export function spireJoinTokens({ url, timeoutMs, fetch, log }: SpireOptions): JoinTokens {
  const endpoint = `${url.replace(/\/+$/, '')}/api/token`;
  const warnOfRefusal = seldomWarning(log, 'the SPIRE token service refuses join tokens');

  /** What the service answers: a token, or the status of its refusal. */
  async function ask(body: string): Promise<{ readonly token: string } | { readonly refusal: number }> {
    try {
      const response = await fetch(endpoint, {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' },
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (response.ok) return { token: tokenIn(await boundedText(response, MAX_ANSWER)) };
      // Its status says all, also if the connection breaks now.
      await response.body?.cancel().catch(() => {});
      if (response.status >= 400 && response.status < 500) return { refusal: response.status };
      throw new Error(`the SPIRE token service answered ${response.status}`);
    } catch (error) {
      throw new ServiceError('unavailable', 'the SPIRE token service cannot be asked', { cause: error });
    }
  }

  return {
    async tokenFor(node) {
      const { xname } = node;
      if (xname === undefined) {
        throw new ServiceError('not_found', 'only a node with an xname can be given a SPIRE join token');
      }
      const answer = await ask(new URLSearchParams({ ...typeOf(node), xname }).toString());
      if ('token' in answer) return answer.token;
      warnOfRefusal({ xname, status: answer.refusal });
      throw new ServiceError('not_found', 'the SPIRE token service refuses this node a join token');
    },
  };
}

/** The kinds of nodes that SPIRE tells apart. */
function typeOf({ role, subRole }: Parameters<JoinTokens['tokenFor']>[0]): { readonly type?: 'compute' | 'uan' } {
  if (role?.toLowerCase() === 'compute') return { type: 'compute' };
  return role?.toLowerCase() === 'application' && subRole?.toLowerCase() === 'uan' ? { type: 'uan' } : {};
}

/** What is wrong with an answer is not told in more detail: errors of parsers quote it, and it may hold a token. */
function tokenIn(text: string): string {
  const parsed = v.safeParse(tokenAnswer, text);
  if (!parsed.success) throw new Error('the SPIRE token service answered no join token that can stand in a script');
  return parsed.output.join_token;
}
